"""Whether a question that a suggestion becomes is read as meaning what the suggestion shows."""

from __future__ import annotations

from functools import lru_cache

from django.utils import timezone

from directory.questions.interpretation import Interpretation, interpret
from directory.questions.words import LONGEST_QUESTION
from directory.vocabulary import Vocabulary, vocabulary
from geo.folding import fold
from geo.gazetteer import Gazetteer, gazetteer


def means(q: str, kind: str, code: str, before: str) -> bool:
    """Whether the question names the thing, and no word of it is left over but those that stood there `before`."""
    if len(q) > LONGEST_QUESTION:
        return False
    read = _read(q, vocabulary(), gazetteer())
    if kind in ("commune", "departement", "postcode"):
        named = read.place is not None and (kind == "postcode" or read.place.code == code)
    else:
        fields = (read.activities, read.products, read.labels, read.services)
        named = any(code in codes for codes in fields)
    return named and set(fold(read.text).split()) <= set(fold(before).split())


@lru_cache(maxsize=2048)
def _read(q: str, terms: Vocabulary, places: Gazetteer) -> Interpretation:
    """The same few beginnings are typed again and again; terms and places are part of what an answer depends on."""
    return interpret(q, timezone.now())
