"""The ground, and what its broadband is. One file per idea; import from here."""

from geo.models.coverage import CommuneFigures, CopperClosure, CoverageFile, Edition, Zone, ZoneFile
from geo.models.ground import CachedAddress, Commune, Departement, Epci, ProviderPace, Revision

__all__ = [
    "CachedAddress",
    "Commune",
    "CommuneFigures",
    "CopperClosure",
    "CoverageFile",
    "Departement",
    "Edition",
    "Epci",
    "ProviderPace",
    "Revision",
    "Zone",
    "ZoneFile",
]
