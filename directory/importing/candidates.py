"""What a row becomes: a candidate to be compared with the database, or a refusal."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import NamedTuple, TypedDict

import orjson

from geo.commune_match import CommuneEntry
from geo.folding import fold
from geo.points import Position


class Note(NamedTuple):
    """Something to know about a row that was taken all the same."""

    code: str
    message: str


class Fields(TypedDict):
    """What a source says of a point of sale, in the form in which the database holds it (`SourceRecord.fields`).

    `pin` is [lon, lat] where the source's point was believed, else None; `doubtful` where somebody should look at it;
    `holds` are the reviews that keep the entry from being published.
    """

    siret: str
    name: str
    kind: str
    street: str
    postcode: str
    commune: str
    activities: list[str]
    products: list[str]
    phone: str
    email: str
    website: str
    opening_hours: str
    pin: list[float] | None
    pin_precision: str
    doubtful: bool
    holds: list[str]


@dataclass(frozen=True, slots=True)
class Placed:
    """A pin that is not the source's: a geocoder's, or the commune's centre."""

    position: Position
    precision: str
    source: str
    score: float | None = None
    label: str = ""


@dataclass(slots=True)
class Candidate:
    """A row that passed. `given_point` is the source's point, believed or not; `placed` the pin when it was not."""

    line: int
    external_id: str
    fields: Fields
    commune: CommuneEntry
    given_point: Position | None = None
    placed: Placed | None = None
    notes: list[Note] = field(default_factory=list)
    row_hash: str = ""
    # Whether the source itself gave the id: two of its ids are then two things to it.
    own_id: bool = True
    _folded_name: str = ""

    @property
    def folded_name(self) -> str:
        """The name folded, once."""
        if not self._folded_name:
            self._folded_name = fold(self.fields["name"])
        return self._folded_name

    @property
    def position(self) -> Position:
        """Where the pin would be."""
        if self.given_point is not None and self.fields["pin"] is not None:
            return self.given_point
        return self.placed.position if self.placed is not None else self.commune.position

    @property
    def at_commune(self) -> bool:
        """Whether the position is only the commune's centre."""
        return self.fields["pin"] is None and self.placed is None

    @property
    def commune_shown(self) -> str:
        return f"{self.commune.name} ({self.commune.code})"

    @property
    def siren(self) -> str:
        return self.fields["siret"][:9]

    def sign(self) -> None:
        """Set the hash by which an unchanged row is known."""
        point = None if self.given_point is None else [self.given_point.lon, self.given_point.lat]
        self.row_hash = hashlib.sha256(orjson.dumps([self.fields, point], option=orjson.OPT_SORT_KEYS)).hexdigest()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that is not taken, and why. `external_id` where it could be read."""

    line: int
    code: str
    message: str
    external_id: str = ""
    name: str = ""
