"""A place typed by a person -> commune, postcode, département. In memory, a copy for each process, never the network.

`gazetteer().find("st amand montrond")` takes tens of microseconds; `find_place` looks into the cached addresses too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Literal

from geo.commune_match import CommuneEntry, CommuneMatch, departement_of, match_commune, split_address
from geo.folding import place_key, without_article
from geo.models import Commune, Departement, Epci
from geo.place_index import EXACT, HEAD, PREFIX, Fits, NameIndex
from geo.place_text import TypedPlace, read_place, split_departement
from geo.points import Position
from geo.revisions import refreshed

__all__ = ["CommuneEntry", "CommuneMatch", "Gazetteer", "Place", "find_place", "gazetteer"]

Kind = Literal["commune", "postcode", "departement", "address"]
_LookUp = Callable[[NameIndex, Sequence[str]], Fits]

# What a postcode or département that says otherwise takes off a name. An exact name elsewhere (0.75) stays above a
# typo here (0.6), but not above a beginning here (0.85): "Saint-Denis 41" is Saint-Denis-sur-Loire.
NEIGHBOUR_PENALTY = 0.1  # the postcode is another's of the same département: CEDEX, delivery office, slip of the hand
ELSEWHERE_PENALTY = 0.25
# A known postcode beside words that name nothing: the place is about right, the words are not explained.
POSTCODE_ALONE = 0.5
# The commune of an address whose street is not known here: right, but short of what was asked.
IN_ADDRESS = 0.55
# Below this the words do not fit: a two-letter typo somewhere else than the text says.
MIN_SCORE = 0.35
# From this on the words name the place and nothing else needs be looked up.
CONFIDENT = HEAD
# With a hint, the wanted one may be far down among namesakes: "Saint-Martin 18" is one of sixty.
NAMESAKES = 500

_KIND_ORDER = {"departement": 0, "commune": 1, "postcode": 2, "address": 3}


@dataclass(frozen=True, slots=True)
class Place:
    """A place that fits what was typed. `code` is empty for an address, `position` None for a département.

    `name` is for display: "Vendôme", "41100 Vendôme", "Loir-et-Cher", an address's label. `score` is how well the
    words fit, from 0 to 1 (the constants of `geo.place_index`).
    """

    kind: Kind
    code: str
    name: str
    position: Position | None
    departement: str
    score: float


class Gazetteer:
    """Communes, départements and postcodes by what people call them. Immutable, so threads share it."""

    def __init__(
        self,
        communes: Iterable[CommuneEntry],
        departements: Mapping[str, str],
        epcis: Mapping[str, str] | None = None,
    ):
        # The most populous first: an entry's number is its rank wherever two fit as well.
        self.entries = tuple(sorted(communes, key=lambda entry: (-entry.population, entry.code)))
        self.departements: Mapping[str, str] = MappingProxyType(dict(departements))
        self.epcis: Mapping[str, str] = MappingProxyType(dict(epcis or {}))
        self._rank = {entry.code: i for i, entry in enumerate(self.entries)}
        self._former: dict[str, int] = {}
        self._postcodes: dict[str, list[CommuneEntry]] = {}
        for i, entry in enumerate(self.entries):
            for code in entry.former_codes:
                self._former.setdefault(code, i)
            for postcode in entry.postcodes:
                self._postcodes.setdefault(postcode, []).append(entry)
        self._sorted_postcodes = sorted(self._postcodes)
        current = ((i, entry.name, False) for i, entry in enumerate(self.entries))
        former = ((i, name, True) for i, entry in enumerate(self.entries) for name in entry.former_names)
        self.names = NameIndex([*current, *former])
        self._departement_codes = sorted(self.departements)
        numbered = enumerate(self._departement_codes)
        self._departement_names = NameIndex((i, self.departements[code], False) for i, code in numbered)
        self.departement_keys: dict[str, str] = {place_key(name): code for code, name in self.departements.items()}

    def commune(self, code: str) -> CommuneEntry | None:
        """The commune with that INSEE code, or into which the one that had it was merged."""
        i = self._rank.get(code, self._former.get(code))
        return None if i is None else self.entries[i]

    def rank(self, code: str) -> int:
        """The place of a current commune among all by population, from 0: its number in `entries` and `names`."""
        return self._rank[code]

    def with_postcode(self, postcode: str) -> Sequence[CommuneEntry]:
        """The communes of a postcode, the most populous first."""
        return self._postcodes.get(postcode, ())

    def resolve_commune(self, name: str, postcode: str = "") -> CommuneMatch:
        """The commune meant by a name and a postcode from a file or form, which may contradict each other."""
        return match_commune(self, name, postcode)

    def split_address(self, text: str) -> tuple[str, CommuneMatch]:
        """The street of an address on one line, and the commune that ends it: "12 rue du Change 41100 Vendôme"."""
        return split_address(self, text)

    def find(self, text: str, limit: int = 10, *, typos: bool = True) -> list[Place]:
        """Places that fit the text, best first; [] when nothing does. The same text gives the same answer."""
        typed = read_place(text)
        found = self._by_name(typed, limit, typos) if typed.words else self._by_code(typed)
        best: dict[tuple[str, str], Place] = {}
        for place in found:
            key = (place.kind, place.code)
            if key not in best or place.score > best[key].score:
                best[key] = place
        return sorted(best.values(), key=self._preference)[: max(limit, 0)]

    def _preference(self, place: Place) -> tuple[float, int, int, str]:
        return -place.score, _KIND_ORDER[place.kind], self._rank.get(place.code, 0), place.code

    def _by_code(self, typed: TypedPlace) -> list[Place]:
        if typed.postcode_beginning:
            beginning = typed.postcode_beginning
            return [self._postcode(code, PREFIX) for code in self._sorted_postcodes if code.startswith(beginning)]
        if typed.postcode in self._postcodes:
            return [self._postcode(typed.postcode, EXACT)]
        # An unknown one is not read as an INSEE code: 28404 is Vernouillet's, and a CEDEX of Nogent-le-Rotrou.
        return [self._departement(typed.departement, EXACT)] if typed.departement in self.departements else []

    def _by_name(self, typed: TypedPlace, limit: int, typos: bool) -> list[Place]:
        readings = [(typed.words, ""), (typed.name, "")] if typed.name != typed.words else [(typed.words, "")]
        before, code = split_departement(typed.name, self.departement_keys)
        if before:
            readings.append((before, code))
        pool = NAMESAKES if typed.postcode or typed.departement or code else limit
        look_ups: list[_LookUp] = [NameIndex.named, partial(NameIndex.beginning, limit=max(pool, 1))]
        found: list[Place] = []
        for words, said in readings:
            for look_up in look_ups:
                found += self._places(look_up, words, typed, said)
        if not found and typos:
            for words, said in readings:
                found += self._places(NameIndex.similar, words, typed, said)
        if typed.postcode in self._postcodes:
            found.append(self._postcode(typed.postcode, POSTCODE_ALONE))
        return [place for place in found if place.score >= MIN_SCORE]

    def _places(self, look_up: _LookUp, words: tuple[str, ...], typed: TypedPlace, said: str) -> list[Place]:
        """Places that one look-up finds for the words; `said` is a département named in the text."""
        found: list[Place] = []
        departement = said or typed.departement
        if typed.only != "departement":
            for i, score in look_up(self.names, words).items():
                entry = self.entries[i]
                found.append(self._commune(entry, score - _penalty(entry, typed.postcode, departement)))
        if typed.only != "commune" and not typed.postcode and not said:
            for i, score in look_up(self._departement_names, without_article(words)).items():
                code = self._departement_codes[i]
                if departement in ("", code):
                    found.append(self._departement(code, score))
        return found

    def _commune(self, entry: CommuneEntry, score: float) -> Place:
        return Place("commune", entry.code, entry.name, entry.position, entry.departement, round(max(score, 0.0), 2))

    def _postcode(self, code: str, score: float) -> Place:
        main = self._postcodes[code][0]
        return Place("postcode", code, f"{code} {main.name}", main.position, main.departement, score)

    def _departement(self, code: str, score: float) -> Place:
        return Place("departement", code, self.departements[code], None, code, round(score, 2))


def _penalty(entry: CommuneEntry, postcode: str, departement: str) -> float:
    """What a postcode or département typed beside the name takes off it."""
    if postcode and postcode not in entry.postcodes:
        return NEIGHBOUR_PENALTY if entry.departement == departement_of(postcode) else ELSEWHERE_PENALTY
    return ELSEWHERE_PENALTY if departement not in ("", entry.departement) else 0.0


@refreshed("communes")
def gazetteer() -> Gazetteer:
    """The process's copy, rebuilt after the communes were loaded again."""
    entries = [
        CommuneEntry(
            code=commune.code,
            name=commune.name,
            departement=commune.departement_id,
            epci=commune.epci_id,
            postcodes=tuple(commune.postcodes),
            population=commune.population,
            position=Position.from_geos(commune.centre),
            former_codes=tuple(commune.former_codes),
            former_names=tuple(commune.former_names),
        )
        for commune in Commune.objects.defer("contour").order_by("code")
    ]
    return Gazetteer(
        entries,
        dict(Departement.objects.order_by("code").values_list("code", "name")),
        dict(Epci.objects.order_by("siren").values_list("siren", "name")),
    )


def find_place(text: str) -> list[Place]:
    """Places for what a person typed: the gazetteer, then addresses geocoded before. Never calls the network.

    An address that is not known gives the commune that it names, with a score below CONFIDENT.
    """
    # geo.geocoding needs the gazetteer, so it cannot be imported before it.
    from geo.geocoding.policy import known_places

    places = gazetteer().find(text)
    if places and places[0].score >= CONFIDENT:
        return places
    _, match = gazetteer().split_address(text)
    if (entry := match.entry) and not any(place.code == entry.code for place in places):
        places.append(Place("commune", entry.code, entry.name, entry.position, entry.departement, IN_ADDRESS))
    return sorted([*known_places(text), *places], key=lambda place: -place.score)
