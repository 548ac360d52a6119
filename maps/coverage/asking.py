"""What the page of coverage is asked: a level, an indicator, an edition, a part of the région, an order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from directory.api.coverage.overlay import mapped
from directory.api.coverage.views import read_edition
from directory.api.errors import ParameterError
from directory.api.reader import Reader
from geo.coverage.figures import LEVELS, EditionEntry
from geo.coverage.steps import MAPPED
from geo.gazetteer import gazetteer

LAST_PAGE = 1_000
SHARE = "share"  # of the indicator that is shown
# Columns that the table is ordered by, and whether the largest come first where one is chosen.
SORTS = {"name": False, "premises": True, **dict.fromkeys(MAPPED, False), SHARE: False, "points_of_sale": True}
KNOWN = dict.fromkeys(
    ("level", "indicator", "edition", "departement", "epci", "sort", "page", "place", "lat", "lon", "code")
)
LONGEST_PLACE = 200


@dataclass(frozen=True)
class Asked:
    """`sort` is one of SORTS, after "-" for the largest first."""

    edition: EditionEntry
    indicator: str
    level: str
    departement: str = ""
    epci: str = ""
    sort: str = SHARE
    page: int = 1

    @property
    def within(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The départements and the EPCI that are looked at; none is all."""
        return (self.departement,) if self.departement else (), (self.epci,) if self.epci else ()


def default_level(departement: str, epci: str) -> str:
    return "commune" if departement or epci else "epci"


def read(query: QueryDict) -> tuple[Asked | None, dict[str, ParameterError]]:
    """What is asked, None where no edition is held; and what could not be understood of it, by parameter."""
    reader = Reader(query, KNOWN)
    ground = gazetteer()
    reader.forgive_empty()
    departement = _one(reader, "departement", ground.departements)
    epci = _one(reader, "epci", ground.epcis)
    level = reader.one_of("level", tuple(LEVELS)) or default_level(departement, epci)
    edition = read_edition(reader)
    indicator = reader.one_of("indicator", MAPPED) or mapped(edition)[0]
    text = reader.text("sort") or SHARE
    if text.removeprefix("-") not in SORTS:
        reader.one_of("sort", tuple(SORTS))
        text = SHARE
    page = reader.whole("page", 1, LAST_PAGE, 1)
    asked = Asked(edition, indicator, level, departement, epci, text, page) if edition else None
    return asked, reader.errors


def _one(reader: Reader, name: str, known: Any) -> str:
    codes = reader.codes(name, lambda code: (code if code in known else None, None))
    return codes[0] if codes else ""
