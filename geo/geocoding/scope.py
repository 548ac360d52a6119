"""Where an address says that it is: the communes that a candidate may be in, and what to ask for there."""

from __future__ import annotations

from dataclasses import dataclass, replace

from geo.commune_match import CommuneEntry, clean_postcode, is_outside
from geo.gazetteer import Gazetteer
from geo.geocoding.errors import NotFound, OutsideRegion
from geo.geocoding.parsing import Candidate
from geo.geocoding.providers import Query
from geo.geocoding.wording import MAX_LENGTH, is_askable, printable, street_text

MAX_NAME = 100  # Commune.name


@dataclass(frozen=True, slots=True)
class Address:
    """An address as given: `text` is the street, or all of it on one line; the rest what else is known (or "")."""

    text: str
    postcode: str = ""
    commune_code: str = ""
    commune_name: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """What to look for (`street`, perhaps empty) and where: in one of `communes`, or in the région when empty.

    `match_score` says how well the commune was named; `name` and `postcode` are as given.
    """

    street: str
    communes: tuple[CommuneEntry, ...]
    match_score: float = 0.0
    name: str = ""
    postcode: str = ""

    @property
    def commune(self) -> CommuneEntry | None:
        """The commune, when it is known which."""
        return self.communes[0] if len(self.communes) == 1 else None

    def queries(self) -> list[Query]:
        """What to ask, one after the other until something is found.

        With a filter by commune the street alone is asked for: its score then tells a right street from a wrong one,
        where the town's name would fit in both (measured, see `geo.geocoding.policy`).
        """
        town = " ".join(part for part in (self.postcode, self.name) if part)
        whole = f"{self.street[: MAX_LENGTH - len(town) - 1]} {town}".strip()
        if not self.street:
            asked = []
        elif self.commune is not None:
            asked = [Query(self.street, citycode=self.commune.code)]
            if self.commune.former_codes:
                # A self-hosted index may be older than the merger and know the street under the former code.
                asked.append(Query(" ".join((self.street, self.commune.name))))
        elif self.communes and self.postcode:
            asked = [Query(self.street, postcode=self.postcode)]
        else:
            asked = [Query(whole)]
        return [query for query in asked if is_askable(query.text)]

    def entry_of(self, places: Gazetteer, candidate: Candidate) -> CommuneEntry | None:
        """The commune of today in which a candidate is, when the scope allows it."""
        if candidate.citycode:
            entry = places.commune(candidate.citycode)
        else:
            entry = places.resolve_commune(candidate.city, candidate.postcode).entry
        return entry if entry is not None and (not self.communes or entry in self.communes) else None


def scope_of(places: Gazetteer, address: Address) -> Scope:
    """Reads an address. Raises OutsideRegion, or NotFound for a code that no commune ever had."""
    postcode = clean_postcode(address.postcode)
    if address.commune_code:
        communes = (_by_code(places, address.commune_code),)
        return Scope(_street(places, address.text, communes), communes, 1.0, postcode=postcode)
    if address.commune_name.strip() or postcode:
        return _by_name(places, address, postcode)
    street, match = places.split_address(address.text)
    if match.outside:
        raise OutsideRegion(f"{address.text}: the postcode is not one of the région's")
    if match.status == "found" and match.entry is not None:
        return Scope(street_text(street), (match.entry,), match.score)
    return Scope(street_text(address.text), ())


def _by_code(places: Gazetteer, code: str) -> CommuneEntry:
    code = code.strip().upper()
    if entry := places.commune(code):
        return entry
    departement = code[:3] if code.startswith("97") else code[:2]
    if departement in places.departements:
        raise NotFound(f"{code}: no commune has this INSEE code")
    raise OutsideRegion(f"{code}: this commune is not in the région")


def _by_name(places: Gazetteer, address: Address, postcode: str) -> Scope:
    name = printable(address.commune_name)[:MAX_NAME]
    match = places.resolve_commune(name, address.postcode)
    if match.outside:
        raise OutsideRegion(f"{address.postcode} {name}: this postcode is not one of the région's")
    communes = (match.entry,) if match.entry is not None else match.entries
    scope = Scope(_street(places, address.text, communes), communes, match.score, name, postcode)
    if not scope.communes and postcode and not name and not is_outside(places, postcode):
        return replace(scope, postcode="")  # a CEDEX: no filter by it would find anything
    return scope


def _street(places: Gazetteer, text: str, communes: tuple[CommuneEntry, ...]) -> str:
    """The street of a text that may end with the postcode and town already given beside it."""
    street, match = places.split_address(text)
    return street_text(street if match.entry is not None and match.entry in communes else text)
