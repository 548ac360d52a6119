"""The commune meant by a name and a postcode, as files and forms give them: both, one, misspelt, contradicting."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from rapidfuzz.distance import OSA

from geo.folding import place_key
from geo.place_index import HEAD, LOOSE, Fits
from geo.place_text import MAX_LENGTH, read_place, split_departement
from geo.points import Position

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer

# What is taken off a name that fits when the postcode says otherwise: another of the same département (CEDEX, the
# delivery office of a neighbour), another département of the région (a slip of the hand).
SAME_DEPARTEMENT = 0.1
OTHER_DEPARTEMENT = 0.25
# A postcode has seven communes (the median; 30 at most), so among them a name may be further off than among all.
# Below 0.7 the right half of two names of one postcode begins to look like the other ("Saint-Aubin", "Saint-Albin").
SIMILAR_IN_POSTCODE = 0.7
# A commune of the postcode to whose whole name something was added: "Saint-Loup-sur-Cher" for Saint-Loup, which is
# nearer in letters to Saint-Julien-sur-Cher (0.76), of the same postcode.
LENGTHENED = 0.8
# A postcode of one commune, and no name to contradict it.
POSTCODE_ONLY = 0.5
# Départements run from 01 to 95, then 971 on; army and special deliveries are not places.
_POSTCODE = re.compile(r"(?<![0-9])[0-9]{5}(?![0-9])")
_SEPARATOR = re.compile(r"[,;\n]")
_SPREADSHEET_NUMBER = re.compile(r"([0-9]{4,5})(?:\.0+)?")


@dataclass(frozen=True, slots=True)
class CommuneEntry:
    """A commune as the gazetteer holds it. `epci` is a SIREN or None, `position` the centre."""

    code: str
    name: str
    departement: str
    epci: str | None
    postcodes: tuple[str, ...]
    population: int
    position: Position
    former_codes: tuple[str, ...] = ()
    former_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CommuneMatch:
    """`found` has `entry` and `score`; `ambiguous` has `entries` to choose from; `unknown` may have suggestions there.

    `postcode_agrees` and `name_agrees` say which of the two fits what was found; a postcode not given agrees with
    nothing. `outside` is set when the postcode is of a département outside the région.
    """

    status: Literal["found", "ambiguous", "unknown"]
    entry: CommuneEntry | None = None
    score: float = 0.0
    entries: tuple[CommuneEntry, ...] = ()
    name_agrees: bool = False
    postcode_agrees: bool = False
    outside: bool = False


def clean_postcode(text: str) -> str:
    """Five digits, or an empty string. Spreadsheets lose the first zero and add a fraction ("1000.0")."""
    digits = re.sub(r"\s", "", text[:20])
    if found := _SPREADSHEET_NUMBER.fullmatch(digits):
        return found[1].zfill(5)
    found = _POSTCODE.search(digits)
    return found[0] if found else ""


def match_commune(places: Gazetteer, name: str, postcode: str = "") -> CommuneMatch:
    """See `Gazetteer.resolve_commune`.

    In this order: a name that has this postcode; a beginning that has it ("Beaulieu", 37600: Beaulieu-lès-Loches); a
    name alone, which wins over an odd postcode when it is the only one of that name (in the département); a misspelt
    name with that postcode; a beginning, then a misspelling, alone. A postcode of another région is no slip of the
    hand: 187 of the 1,754 names are borne elsewhere in France too, so nothing is found then.
    """
    typed = read_place(name)
    given = postcode.strip().upper() if postcode.strip().upper() in places.departements else ""
    postcode = clean_postcode(postcode) or typed.postcode
    if not typed.words:
        return _by_postcode(places, postcode)
    words, departement = typed.words, typed.departement or given
    named = places.names.named(words)
    if not named and (parts := split_departement(words, places.departement_keys))[0]:
        words, departement = parts
        named = places.names.named(words)
    heads = {i: score for i, score in places.names.beginning(words, 500).items() if score >= HEAD - 0.05}
    chooser = _Chooser(places, postcode, departement)
    if chooser.outside:
        return CommuneMatch("unknown", entries=chooser.entries(named or heads), outside=True)
    return (
        chooser.agreeing(named)
        or chooser.agreeing(heads)
        or chooser.alone(named)
        or chooser.misspelt(words)
        or chooser.alone(heads)
        or chooser.alone(places.names.similar(words))
        or CommuneMatch("ambiguous" if chooser.holders else "unknown", entries=tuple(chooser.holders))
    )


def _by_postcode(places: Gazetteer, postcode: str) -> CommuneMatch:
    holders = tuple(places.with_postcode(postcode))
    if len(holders) == 1:
        return CommuneMatch("found", holders[0], POSTCODE_ONLY, postcode_agrees=True)
    outside = is_outside(places, postcode)
    return CommuneMatch("ambiguous" if holders else "unknown", entries=holders, outside=outside)


def is_outside(places: Gazetteer, postcode: str) -> bool:
    """Whether the postcode is of a French département outside the région (a few communes there share ours)."""
    if not postcode or places.with_postcode(postcode):
        return False
    return "01" <= postcode[:2] <= "98" and postcode[:2] != "96" and departement_of(postcode) not in places.departements


def departement_of(postcode: str) -> str:
    """The département's code in a postcode (Corsica keeps "20" there)."""
    return postcode[:3] if postcode[:2] in ("97", "98") else postcode[:2]


class _Chooser:
    """One name and postcode being matched: each method gives a match, or None when it has nothing to say."""

    def __init__(self, places: Gazetteer, postcode: str, departement: str):
        self.places, self.postcode = places, postcode
        self.departement = departement or departement_of(postcode)
        self.holders = places.with_postcode(postcode)
        self.outside = is_outside(places, postcode)

    def entries(self, fits: Iterable[int]) -> tuple[CommuneEntry, ...]:
        return tuple(self.places.entries[i] for i in sorted(fits))

    def agreeing(self, fits: Fits) -> CommuneMatch | None:
        """The name that has the postcode, when one does."""
        return self._best({i: score for i, score in fits.items() if self.postcode in self.places.entries[i].postcodes})

    def alone(self, fits: Fits) -> CommuneMatch | None:
        """The best name whatever the postcode, its département deciding between several."""
        if not fits:
            return None
        here = {i: s for i, s in fits.items() if self.places.entries[i].departement == self.departement}
        # Only a full name is believed against its postcode's département.
        if not here and self.departement in self.places.departements and max(fits.values()) < LOOSE:
            return None
        return self._best(here or fits)

    def misspelt(self, words: tuple[str, ...]) -> CommuneMatch | None:
        """The commune of the postcode whose name is nearest to the words."""
        key = " ".join(words)
        fits: Fits = {}
        for entry in self.holders:
            names = (entry.name, *entry.former_names)
            nearest = max(_likeness(key, place_key(name)) for name in names)
            if nearest >= SIMILAR_IN_POSTCODE:
                fits[self.places.rank(entry.code)] = round(nearest, 2)
        return self._best(fits)

    def _best(self, fits: Fits) -> CommuneMatch | None:
        if not fits:
            return None
        top = max(fits.values())
        best = self.entries(i for i, score in fits.items() if score == top)
        if len(best) > 1:
            return CommuneMatch("ambiguous", entries=best, name_agrees=True)
        agrees = self.postcode in best[0].postcodes
        odd = 0.0
        if self.postcode and not agrees:
            odd = SAME_DEPARTEMENT if best[0].departement == departement_of(self.postcode) else OTHER_DEPARTEMENT
        return CommuneMatch("found", best[0], round(top - odd, 2), name_agrees=True, postcode_agrees=agrees)


def _likeness(typed: str, name: str) -> float:
    return max(OSA.normalized_similarity(typed, name), LENGTHENED if typed.startswith(f"{name} ") else 0.0)


def split_address(places: Gazetteer, text: str) -> tuple[str, CommuneMatch]:
    """See `Gazetteer.split_address`. A name counts alone, beside a postcode, or after a comma or line break.

    Elsewhere it would be a street's: "12 rue de Vendôme" is not in Vendôme.
    """
    text = text[: 2 * MAX_LENGTH]
    if postcodes := list(_POSTCODE.finditer(text)):
        return _split_at(places, text, postcodes[-1])
    whole = match_commune(places, text)
    if whole.status == "found" and whole.score >= LOOSE:
        return "", whole
    street, separator, name = _cut_last(text)
    if separator:
        match = match_commune(places, name)
        if match.status == "found" and match.score >= LOOSE:
            return street, match
    return text, CommuneMatch("unknown")


def _split_at(places: Gazetteer, text: str, postcode: re.Match[str]) -> tuple[str, CommuneMatch]:
    """Around the last postcode: the name comes after it, or just before it ("Vendôme 41100")."""
    before, after = text[: postcode.start()], _SEPARATOR.split(text[postcode.end() :])[0]
    street, _, name = _cut_last(before)
    best = match_commune(places, after, postcode[0])
    if after.strip() and best.status == "found" and best.name_agrees:
        return before, best
    if name.strip():
        match = match_commune(places, name, postcode[0])
        if match.status == "found" and match.name_agrees:
            return street, match
    return before, best


def _cut_last(text: str) -> tuple[str, str, str]:
    """The text before the last comma or line break, that, and what follows; ("", "", text) when there is none."""
    trimmed = text.strip(" ,;\n")
    cuts = list(_SEPARATOR.finditer(trimmed))
    return (trimmed[: cuts[-1].start()], cuts[-1][0], trimmed[cuts[-1].end() :]) if cuts else ("", "", trimmed)
