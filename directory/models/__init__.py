"""Who sells what, where. One file per idea; import from here."""

from directory.models.chamber import AssistedEntry, ChamberAgent, ChamberUpload, Withdrawal
from directory.models.cluster import ClusterCell, ClusterChange
from directory.models.demand import UnmetDemand
from directory.models.feed import Feed, FeedRun
from directory.models.gap import CaseEvent, ConnectionReport, ExportLog, GapCase, Official, Remedy
from directory.models.merchant import Consent, Merchant, MerchantLabel, web_address
from directory.models.platform import Platform, SoldOn
from directory.models.point_of_sale import Offer, PointOfSale
from directory.models.schedule import Schedule
from directory.models.search_detail import NameWord, SearchDetail
from directory.models.search_entry import SearchEntry
from directory.models.selection import Selection
from directory.models.source import Source, SourceRecord
from directory.models.vocabulary import Activity, Label, Product, Service, Term

__all__ = [
    "Activity",
    "AssistedEntry",
    "CaseEvent",
    "ChamberAgent",
    "ChamberUpload",
    "ClusterCell",
    "ClusterChange",
    "ConnectionReport",
    "Consent",
    "ExportLog",
    "Feed",
    "FeedRun",
    "GapCase",
    "Label",
    "Merchant",
    "MerchantLabel",
    "NameWord",
    "Offer",
    "Official",
    "Platform",
    "PointOfSale",
    "Product",
    "Remedy",
    "Schedule",
    "SearchDetail",
    "SearchEntry",
    "Selection",
    "Service",
    "SoldOn",
    "Source",
    "SourceRecord",
    "Term",
    "UnmetDemand",
    "Withdrawal",
    "web_address",
]
