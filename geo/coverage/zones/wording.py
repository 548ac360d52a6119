"""What départements write in the fields of a zone -> its class of downlink, its label, when works are planned."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from geo.coverage.importing.communes import legible
from geo.coverage.importing.errors import Refused, UnreadableFile
from geo.coverage.importing.reading import parse_day
from geo.coverage.rule import SPEEDS
from geo.folding import fold

# By what they tell, the names of fields, folded; the first that a file has is taken.
NAMES = {
    "class": ("classe", "class", "classe debit", "class debit", "classe de debit", "debit", "speed"),
    "label": ("libelle", "label", "nom zone", "nom", "name", "zone"),
    "planned": (
        "date prevue", "date prevision", "date previsionnelle", "prevu le", "planned", "planned on", "date travaux",
        "date de travaux", "echeance",
    ),
}  # fmt: skip
SHAPEFILE_NAME = 10  # characters of a field's name in a Shapefile: the rest is cut off
LABEL_LENGTH = 200
KNOWN = f"Known are {', '.join(SPEEDS)} and numbers of Mbit/s"
_RATE = re.compile(r"([0-9]{1,6}(?:[.,][0-9]{1,3})?)(?: ?([MG])(?:BITS?|B)(?:/S|PS)?)?", re.ASCII)
_STAMP = re.compile(r"([0-9-]{10})[T ][0-9:.+Z-]+")
_PERIOD = re.compile(r"(?:([ST])([1-4])[ -]?)?(20[0-9]{2})|(20[0-9]{2})[ -]?([ST])([1-4])")
_MONTHS = {"S": 6, "T": 3}


@dataclass(frozen=True, slots=True)
class Fields:
    """Which field tells what; None for what no field tells."""

    klass: str
    label: str | None
    planned: str | None


def fields_of(name: str, fields: Sequence[str], given: Mapping[str, str | None]) -> Fields:
    """The fields that are given, else those of the usual names. Raises UnreadableFile."""
    listed = ", ".join(map(legible, fields)) or "none"
    for what, field in given.items():
        if field is not None and field not in fields:
            raise UnreadableFile(f"{name}: there is no field {field!r} (--{what}-field). Fields: {listed}.")
    klass, label, planned = (given.get(what) or _usual(fields, names) for what, names in NAMES.items())
    if klass is None:
        raise UnreadableFile(f"{name}: which field tells the class must be said with --class-field. Fields: {listed}.")
    return Fields(klass, label, planned)


def _usual(fields: Sequence[str], names: Iterable[str]) -> str | None:
    folded = {fold(field): field for field in reversed(fields)}
    cut = {key: field for key, field in folded.items() if len(field) == SHAPEFILE_NAME}
    for wanted in names:
        if found := folded.get(wanted) or cut.get(wanted[:SHAPEFILE_NAME].strip()):
            return found
    return None


def classes(mappings: Iterable[str]) -> Callable[[str], str]:
    """How the values of the class's field are read, by mappings "VALEUR=BHD8" first. Raises UnreadableFile for these.

    The function raises Refused for a value that is not known: "bon débit" is 8 Mbit/s to some and 30 to others.
    """
    given = {}
    for mapping in mappings:
        value, _, speed = mapping.rpartition("=")
        if not value.strip() or speed.strip().upper() not in SPEEDS:
            raise UnreadableFile(f"--class {mapping!r}: VALUE=CLASS is expected, with one of {', '.join(SPEEDS)}.")
        given[fold(value)] = speed.strip().upper()

    def read(value: str) -> str:
        if not value:
            raise Refused("no_class", f"its class is empty. {KNOWN}")
        found = given.get(fold(value)) or (value.upper() if value.upper() in SPEEDS else _by_number(value))
        if found is None:
            raise Refused(
                "unknown_class", f'{legible(value)!r} is no class. {KNOWN}; for others: --class "{legible(value)}=BHD8"'
            )
        return found

    return read


def _by_number(value: str) -> str | None:
    """The class in which a downlink of so many Mbit/s lies."""
    match = _RATE.fullmatch(value.upper())
    if match is None:
        return None
    mbit = float(match[1].replace(",", ".")) * (1000 if match[2] == "G" else 1)
    return [speed for speed, start in SPEEDS.items() if start <= mbit][-1]


def label_of(value: str) -> str:
    clean = "".join(char for char in value if char.isprintable())
    return clean if len(clean) <= LABEL_LENGTH else f"{clean[: LABEL_LENGTH - 1]}…"


def planned_of(value: str) -> date | None:
    """The day for which works are planned; of a year, semester (S1) or quarter (T4), the last: never too soon.

    Raises Refused.
    """
    if not value:
        return None
    stamp = _STAMP.fullmatch(value)
    if day := parse_day(stamp[1] if stamp else value):
        return day
    if match := _PERIOD.fullmatch(value.upper()):
        kind, part, year = match[1] or match[5], int(match[2] or match[6] or 0), int(match[3] or match[4])
        month = _MONTHS[kind] * part if kind else 12
        if month <= 12:
            return date(year, month, monthrange(year, month)[1])
    raise Refused("bad_date", f"{legible(value)!r} is no date such as 2027-06-30, 30/06/2027, T2 2027 or 2027")
