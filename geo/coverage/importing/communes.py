"""The commune that a line is about: of the région, outside it, or none at all."""

from __future__ import annotations

import re

from django.conf import settings

from geo.commune_match import departement_of
from geo.coverage.importing.errors import ImportFailure, Refused
from geo.gazetteer import CommuneEntry, Gazetteer, gazetteer

_CODE = re.compile(r"(?:[0-9]{2}|2[AB])[0-9]{3}|[0-9]{4}")
LEGIBLE = 20


def known_ground() -> Gazetteer:
    """The communes that lines are about. Raises ImportFailure where there are none yet."""
    ground = gazetteer()
    if not ground.entries:
        raise ImportFailure("The communes are not loaded: run `manage.py load_communes` first.")
    return ground


def find(ground: Gazetteer, code: str, name: str = "", departement: str = "") -> CommuneEntry | None:
    """The commune of today with that INSEE code, or into which the one that had it merged; None outside the région.

    A code that a spreadsheet took for a number, and robbed of its zero, is told apart by its département. Raises
    Refused.
    """
    if not _CODE.fullmatch(code):
        raise Refused("bad_code", f"{legible(code)!r} is no INSEE code of a commune, such as 41018")
    of, of_region = departement_of(code.zfill(5)), settings.REGION["departements"]
    if of not in of_region and departement.zfill(2) not in of_region:
        return None
    if departement and departement.zfill(2) != of:
        raise Refused("bad_departement", f"{code} is no code of the département {legible(departement)!r}")
    if len(code) == 4:
        raise Refused("lost_zero", f"{code} lost its leading zero: keep the column of codes as text")
    entry = ground.commune(code)
    if entry is None:
        raise Refused("unknown_commune", f"no commune of the région has, or had, the code {code}{_named(ground, name)}")
    return entry


def meant(code: str) -> str:
    """The code that one which cannot be taken stands for, most likely: "41 018", "41018.0", "1001"."""
    return code.replace(" ", "").removesuffix(".0").zfill(5)


def former(code: str, entry: CommuneEntry) -> tuple[str, str]:
    """What a report notes, as code and message, of a line under a code that its commune has no more."""
    return (
        ("", "")
        if code == entry.code
        else ("former_commune", f"part of {entry.code} ({entry.name}), and counted there")
    )


def legible(text: str) -> str:
    """As much of a cell as a message shows."""
    return "".join(char for char in text[:LEGIBLE] if char.isprintable())


def _named(ground: Gazetteer, name: str) -> str:
    match = ground.resolve_commune(name.replace("\\'", "'")) if name else None
    return f"; {match.entry.name} is {match.entry.code}" if match and match.entry else ""
