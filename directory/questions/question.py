"""The question: one frozen value that the API, the search form, exports and benchmarks all build.

Whatever builds it has already parsed and checked its parts (directory/api/parameters.py does so for URLs); here are
only typed values. `search.answer(question)` is the one function that answers it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self
from urllib.parse import urlencode

from django.contrib.gis.measure import D

from directory.questions.opening import At, Now, On, Opening
from geo.gazetteer import Place
from geo.grid import bbox_text
from geo.points import MAX_RADIUS_KM, Bbox, Circle, Position

# A month, 1 to 12, or the month of asking.
Season = int
THIS_MONTH = 0
DEFAULT_RADIUS = D(km=10)
ANY_RADIUS = D(km=MAX_RADIUS_KM)  # of those who come: it is their areas that tell
DEFAULT_LIMIT = 20
# Where a question holds the codes of each dimension of the vocabulary.
FIELDS = {"activity": "activities", "product": "products", "label": "labels", "service": "services"}


class Sort(StrEnum):
    """Orders of an answer. Every one of them ends with the id, so that the same question has the same answer."""

    DISTANCE = "distance"
    RELEVANCE = "relevance"
    NAME = "name"
    UPDATED = "updated"


@dataclass(frozen=True, slots=True)
class Question:
    """Which points of sale, in which order, which page.

    Codes within one field are alternatives; different fields must all hold. `place` is what was typed and how it was
    understood: its position is already in `centre` (or, for a département, its code in `departements`). `text` are
    words of the name or description; `season` is the month in which one of the products asked for (any product, where
    none is) must be in its season. `comes` asks for those only who deliver, or come, to the centre.
    """

    activities: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    centre: Position | None = None
    radius: D | None = None
    bbox: Bbox | None = None
    communes: tuple[str, ...] = ()
    epcis: tuple[str, ...] = ()
    departements: tuple[str, ...] = ()
    place: Place | None = None
    place_text: str = ""
    text: str = ""
    opening: Opening | None = None
    season: Season | None = None
    comes: bool = False
    sort: Sort | None = None
    limit: int = DEFAULT_LIMIT
    offset: int = 0

    def __post_init__(self) -> None:
        if (self.centre is None) != (self.radius is None):
            raise ValueError("a centre and a radius go together")
        if self.comes and self.centre is None:
            raise ValueError("who comes to a centre needs one")
        if self.sort is Sort.DISTANCE and self.centre is None:
            raise ValueError("sort by distance needs a centre")
        if self.sort is Sort.RELEVANCE and not self.text:
            raise ValueError("sort by relevance needs a text")

    @property
    def circle(self) -> Circle | None:
        return None if self.centre is None or self.radius is None else Circle(self.centre, self.radius)

    @property
    def usual_radius(self) -> D:
        """What the radius is where none is asked."""
        return ANY_RADIUS if self.comes else DEFAULT_RADIUS

    @property
    def order(self) -> Sort:
        """The order asked for, or the default: by distance from a centre, else by relevance of a text, else by name."""
        if self.sort is not None:
            return self.sort
        if self.centre is not None:
            return Sort.DISTANCE
        return Sort.RELEVANCE if self.text else Sort.NAME

    def page(self, offset: int) -> Self:
        """The same question, another page of its answer."""
        return replace(self, offset=offset)

    def without_page(self) -> Self:
        """The same question from its first result, with the default number of results."""
        return replace(self, limit=DEFAULT_LIMIT, offset=0)

    def parameters(self) -> list[tuple[str, str]]:
        """The question as URL parameters, in one canonical order; defaults are left out."""
        pairs: list[tuple[str, str]] = [
            (name, ",".join(codes))
            for name, codes in (
                *((dimension, getattr(self, field)) for dimension, field in FIELDS.items()),
                ("commune", self.communes),
                ("epci", self.epcis),
                ("departement", self._asked_departements()),
            )
            if codes
        ]
        pairs += self._where()
        if self.text:
            pairs.append(("text", self.text))
        pairs += self._when()
        if self.sort is not None:
            pairs.append(("sort", self.sort.value))
        if self.limit != DEFAULT_LIMIT:
            pairs.append(("limit", str(self.limit)))
        if self.offset:
            pairs.append(("offset", str(self.offset)))
        return pairs

    def query_string(self) -> str:
        return urlencode(self.parameters(), safe=",")

    def _asked_departements(self) -> tuple[str, ...]:
        """Those asked by code: one that `place` named is said by `place`."""
        if self.place is not None and self.place.kind == "departement":
            return tuple(code for code in self.departements if code != self.place.code)
        return self.departements

    def _when(self) -> list[tuple[str, str]]:
        pairs: list[tuple[str, str]] = []
        match self.opening:
            case Now():
                pairs.append(("open", "now"))
            case At(moment):
                pairs.append(("open_at", moment.isoformat(timespec="minutes")))
            case On(weekday, part):
                pairs.append(("open_on", str(weekday)))
                pairs += [("open_part", part)] if part else []
        if self.season is not None:
            pairs.append(("season", "now" if self.season == THIS_MONTH else str(self.season)))
        return pairs

    def _where(self) -> list[tuple[str, str]]:
        pairs: list[tuple[str, str]] = []
        if self.place_text:
            pairs.append(("place", self.place_text))
        elif self.centre is not None:
            pairs += [("lat", f"{self.centre.lat:.6f}"), ("lon", f"{self.centre.lon:.6f}")]
        if self.radius is not None and self.radius != self.usual_radius:
            pairs.append(("radius_km", f"{self.radius.km:g}"))
        if self.comes:
            pairs.append(("comes", "1"))
        if self.bbox is not None:
            pairs.append(("bbox", bbox_text(self.bbox)))
        return pairs
