"""Which commune a row is in, and how far its point lies from it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.conf import settings
from rapidfuzz import fuzz, process

from directory.importing.candidates import Candidate, Note
from directory.importing.errors import Refused
from directory.importing.mapping import PointFormat
from geo.commune_match import OTHER_DEPARTEMENT, CommuneEntry, CommuneMatch, clean_postcode
from geo.folding import place_key
from geo.gazetteer import Gazetteer
from geo.outside import ACCEPTED_M, metres_outside
from geo.place_index import EXACT, HEAD, LOOSE
from geo.points import Bbox, GeoValueError, Position, parse_number

# Metres outside the commune's contour: beyond geo.outside.ACCEPTED_M the point is worth a look; beyond this, either the
# point or the commune is wrong.
DOUBTFUL_M = 2_000
# How well a name must fit when no postcode backs it: its first words ("Cloyes") will do, a misspelling is left to a
# person. Against a postcode that says otherwise, the name itself.
SURE = HEAD
SURE_AGAINST_POSTCODE = EXACT - OTHER_DEPARTEMENT
# Around the région, in degrees: how far a point may be and still be meant to be here (for the hint about swapped axes).
MARGIN = 0.5

INSEE_CODE = re.compile(r"(?:0[1-9]|[1-8][0-9]|9[0-578]|2[AB])[0-9]{3}")


class CommuneFinder:
    """Communes by what rows say; each distinct saying is resolved once."""

    def __init__(self, places: Gazetteer):
        self.places = places
        self._known: dict[tuple[str, str, str], tuple[CommuneEntry, str, tuple[Note, ...]] | Refused] = {}

    def find(self, name: str, postcode: str, insee: str) -> tuple[CommuneEntry, str, tuple[Note, ...]]:
        """The commune, the postcode to keep, and notes. Raises Refused."""
        key = (name, postcode, insee)
        if key not in self._known:
            try:
                self._known[key] = self._find(*key)
            except Refused as refused:
                self._known[key] = refused
        found = self._known[key]
        if isinstance(found, Refused):
            raise Refused(found.code, str(found))
        return found

    def _find(self, name: str, postcode: str, insee: str) -> tuple[CommuneEntry, str, tuple[Note, ...]]:
        notes: list[Note] = []
        clean = clean_postcode(postcode)
        if postcode and clean != postcode.strip():
            notes.append(Note("postcode_cleaned", f"postcode {postcode!r} read as {clean or 'none'}"))
        if insee:
            entry = self._by_code(insee)
            if entry.code != insee.strip().upper().zfill(5):
                notes.append(Note("former_commune", f"{insee} is now {entry.name} ({entry.code})"))
        else:
            match = self.places.resolve_commune(name, clean)
            entry = self._entry(match, name, clean)
            if name and match.score < LOOSE and match.name_agrees and match.postcode_agrees is bool(clean):
                notes.append(Note("commune_read_as", f"commune {name!r} read as {entry.name}"))
        if clean and clean not in entry.postcodes:
            of = ", ".join(entry.postcodes)
            notes.append(Note("postcode_mismatch", f"{clean} is no postcode of {entry.name} ({of})"))
            clean = entry.postcodes[0] if len(entry.postcodes) == 1 else ""
        elif not clean and len(entry.postcodes) == 1:
            clean = entry.postcodes[0]
        return entry, clean, tuple(notes)

    def _by_code(self, insee: str) -> CommuneEntry:
        code = insee.strip().upper().zfill(5)
        entry = self.places.commune(code)
        if entry is not None:
            return entry
        departement = code[:3] if code.startswith("97") else code[:2]
        if INSEE_CODE.fullmatch(code) and departement not in self.places.departements:
            raise Refused("outside_region", f"the INSEE code {code} is not of the région")
        raise Refused("unknown_commune", f"no commune of the région has or had the INSEE code {code}")

    def _entry(self, match: CommuneMatch, name: str, postcode: str) -> CommuneEntry:
        entry = match.entry if match.status == "found" else None
        floor = SURE_AGAINST_POSTCODE if postcode else SURE
        if entry is not None and (match.postcode_agrees or match.score >= floor):
            return entry
        said = " ".join(part for part in (postcode, name) if part)
        if not said:
            raise Refused("no_commune", "neither commune nor postcode nor INSEE code")
        if match.outside:
            raise Refused("outside_region", f"{said} is not in the région")
        if match.status == "ambiguous" and (match.name_agrees or not name):
            choice = ", ".join(f"{entry.name} ({entry.code})" for entry in match.entries[:6])
            raise Refused("ambiguous_commune", f"{said} may be {choice}: give the INSEE code")
        near = entry or self._nearest(name)
        raise Refused("unknown_commune", f"no commune is called {said}; the nearest name is {near.name} ({near.code})")

    def _nearest(self, name: str) -> CommuneEntry:
        keys = [place_key(entry.name) for entry in self.places.entries]
        found = process.extractOne(place_key(name), keys, scorer=fuzz.ratio)
        return self.places.entries[found[2]]


def region_box() -> Bbox:
    """The région and its surroundings: where the points of a file are meant to be."""
    west, south, east, north = settings.REGION["bbox"]
    return Bbox(west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN)


def read_point(lat_lon: str, lat: str, lon: str, form: PointFormat, region: Bbox) -> Position | None:
    """The point of a row, or None when it gives none. Raises Refused `bad_point` or `swapped_point`."""
    if not (lat or lon) and lat_lon:
        parts = [part.strip() for part in lat_lon.split(form.separator)]
        if len(parts) != 2:
            raise Refused(
                "bad_point", f"two numbers with {form.separator!r} between them are expected, not {lat_lon!r}"
            )
        lat, lon = parts if form.latitude_first else reversed(parts)
    if not lat and not lon:
        return None
    try:
        point = Position(parse_number(_number(lon), -180, 180, "lon"), parse_number(_number(lat), -180, 180, "lat"))
    except GeoValueError as error:
        raise Refused("bad_point", str(error)) from error
    if not region.contains(point) and region.contains(Position(point.lat, point.lon)):
        raise Refused("swapped_point", "latitude and longitude look swapped: see [point] order in the mapping")
    if not -90 <= point.lat <= 90:
        raise Refused("bad_point", "lat: from -90 to 90 is expected.")
    return point


def _number(text: str) -> str:
    """French spreadsheets write 47,79."""
    return text.replace(",", ".") if text.count(",") == 1 and "." not in text else text


def settle_pins(candidates: Sequence[Candidate]) -> None:
    """Believe, doubt or put aside the points given, by their distance from the commune's contour. One query."""
    pointed = [candidate for candidate in candidates if candidate.given_point is not None]
    gaps = metres_outside((candidate.commune.code, candidate.given_point) for candidate in pointed)  # type: ignore[misc]
    for candidate, gap in zip(pointed, gaps, strict=True):
        fields = candidate.fields
        if gap <= DOUBTFUL_M:
            fields["pin"] = [candidate.given_point.lon, candidate.given_point.lat]  # type: ignore[union-attr]
        else:
            fields["pin_precision"] = ""
        if gap > ACCEPTED_M:
            fields["doubtful"] = True
            kept = "kept" if gap <= DOUBTFUL_M else "the commune's centre is used"
            candidate.notes.append(
                Note("doubtful_pin", f"the point lies {_metres(gap)} outside {candidate.commune.name}: {kept}")
            )


def _metres(gap: float) -> str:
    return f"{gap:.0f} m" if gap < 1000 else f"{gap / 1000:.1f} km"
