"""Reads the files of questions, and compares what was understood with what was expected."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from directory.questions import Now, On
from directory.questions.interpretation import Interpretation, interpret

FOLDER = Path(__file__).parent
# A Friday at eleven: what "demain" and "ce soir" are counted from.
NOW = datetime(2026, 11, 27, 11, tzinfo=ZoneInfo("Europe/Paris"))
LISTS = ("activities", "products", "labels", "services")
Row = dict[str, Any]


def questions(name: str) -> list[Row]:
    return [json.loads(line) for line in (FOLDER / name).read_text("utf-8").splitlines() if line.strip()]


def understood(q: str) -> Row:
    """An interpretation in the form of the files."""
    return as_row(interpret(q, NOW))


def as_row(found: Interpretation) -> Row:
    place = found.place
    where: Row | None = None if place is None else {"kind": place.kind, "code": place.code}
    if place is not None and where is not None and place.kind == "commune":
        where["name"] = place.name
    opening: Row | None = None
    match found.opening:
        case Now():
            opening = {"now": True}
        case On(weekday, part):
            opening = {"weekday": weekday, "part": part}
    return {
        **{name: sorted(getattr(found, name)) for name in LISTS},
        "place": {"kind": "here"} if found.here else where,
        "radius_km": found.radius_km,
        "open": opening,
    }


def is_expected(row: Row) -> bool:
    got = understood(row["q"])
    return any(got == _sorted(reading) for reading in [row["expect"], *row.get("also", [])])


def _sorted(reading: Row) -> Row:
    return reading | {name: sorted(reading[name]) for name in LISTS}
