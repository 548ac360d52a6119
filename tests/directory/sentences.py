"""A question and its numbers beside the sentence that they must give: what the tests of the summary share.

In the expected sentences `~` stands for a no-break space and `_` for a narrow one.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.gis.measure import D

from directory.questions import Question
from directory.search import Answer, Hit
from directory.summary import summary
from directory.vocabulary_loading import FILES
from geo.gazetteer import Place
from geo.points import Bbox, Position

HERE = Position(1.065812, 47.793104)
VENDOME = Place("commune", "41269", "Vendôme", HERE, "41", 1.0)
VIEW = Bbox(0.9, 47.7, 1.2, 47.9)

# The fields of a question by dimension of the vocabulary.
PARAMETERS = {"activity": "activities", "product": "products", "label": "labels", "service": "services"}


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a file of the vocabulary."""
    with (Path(settings.VOCABULARY_DIR) / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


CODES = {dimension: [row["code"] for row in rows(name)] for dimension, name in FILES.items()}


def place(name: str, kind: Any = "commune", code: str = "") -> Place:
    return Place(kind, code, name, HERE, "41", 1.0)


def near(where: Place | None = VENDOME, radius: D | None = None, **fields: Any) -> Question:
    """A question around a place; 10 km around Vendôme unless said."""
    return Question(centre=HERE, radius=radius or D(km=10), place=where, **fields)


def answer(question: Question, total: int, nearest: float | None = None, precision: str = "housenumber") -> Answer:
    """An answer whose first hit is `nearest` metres away, in Vendôme."""
    card = json.dumps({"commune": {"code": "41269", "name": "Vendôme"}, "pin": {"precision": precision}})
    hits = [Hit(number, HERE.lon, HERE.lat, nearest, card) for number in range(1, min(total, 2) + 1)]
    return Answer(question, total, hits)


@dataclass(frozen=True)
class Case:
    question: Question
    total: int
    fr: str
    en: str
    nearest: float | None = None
    precision: str = "housenumber"

    def check(self) -> None:
        given = answer(self.question, self.total, self.nearest, self.precision)
        assert summary(given, "fr") == self.fr.replace("~", "\u00a0").replace("_", "\u202f")
        assert summary(given, "en") == self.en.replace("~", "\u00a0")


def ids(cases: list[Case]) -> list[str]:
    return [case.en for case in cases]
