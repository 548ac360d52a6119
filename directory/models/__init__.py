"""Who sells what, where. One file per idea; import from here."""

from directory.models.chamber import AssistedEntry, ChamberAgent, ChamberUpload, Withdrawal
from directory.models.claim import Claim, Letter, LetterBatch, Report
from directory.models.cluster import ClusterCell, ClusterChange
from directory.models.demand import UnmetDemand
from directory.models.feed import Feed, FeedRun
from directory.models.gap import CaseEvent, ConnectionReport, ExportLog, GapCase, Official, Remedy
from directory.models.merchant import Consent, Merchant, MerchantLabel, web_address
from directory.models.moderation import Duplicate, Gathered, Merge, OwnerNotice, TermProposal
from directory.models.owner import Deletion, SignInCode
from directory.models.photo import Photo
from directory.models.pin_request import PinRequest
from directory.models.platform import Platform, SoldOn
from directory.models.point_of_sale import Offer, PointOfSale
from directory.models.registration import Registration
from directory.models.schedule import Schedule
from directory.models.search_detail import NameWord, SearchDetail
from directory.models.search_entry import SearchEntry
from directory.models.selection import Selection
from directory.models.service_area import ServiceArea
from directory.models.source import Source, SourceRecord
from directory.models.vocabulary import Activity, Label, Product, Service, Term

__all__ = [
    "Activity",
    "AssistedEntry",
    "CaseEvent",
    "ChamberAgent",
    "ChamberUpload",
    "Claim",
    "ClusterCell",
    "ClusterChange",
    "ConnectionReport",
    "Consent",
    "Deletion",
    "Duplicate",
    "ExportLog",
    "Feed",
    "FeedRun",
    "GapCase",
    "Gathered",
    "Label",
    "Letter",
    "LetterBatch",
    "Merchant",
    "MerchantLabel",
    "Merge",
    "NameWord",
    "Offer",
    "Official",
    "OwnerNotice",
    "Photo",
    "PinRequest",
    "Platform",
    "PointOfSale",
    "Product",
    "Registration",
    "Remedy",
    "Report",
    "Schedule",
    "SearchDetail",
    "SearchEntry",
    "Selection",
    "Service",
    "ServiceArea",
    "SignInCode",
    "SoldOn",
    "Source",
    "SourceRecord",
    "Term",
    "TermProposal",
    "UnmetDemand",
    "Withdrawal",
    "web_address",
]
