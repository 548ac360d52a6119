"""Plain words, understood with what the catalogue holds: whose name they are, which address, what nobody says.

`interpret` knows the language, the vocabulary and the places. What it is not sure of is settled here, with a few probes
of an index; a question that is certain costs none.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from directory.questions.common_words import listed
from directory.questions.interpretation import Interpretation, interpret
from directory.questions.question import FIELDS
from directory.text import known_name_words, names_somebody, said_words
from geo.folding import fold
from geo.geocoding.policy import known_places

# Longer ones are sentences.
LONGEST_NAME = 80


def understand(q: str, now: datetime) -> Interpretation:
    """What a question means here and now. Raises django.db.OperationalError when the database is away."""
    found = interpret(q, now)
    if _may_be_a_name(found) and names_somebody(q):
        return Interpretation(q, text=" ".join(q.split()), certain=False)
    if found.guessed and (known := known_name_words(found.guessed)):
        found = interpret(q, now, frozenset(known))
    if found.text and any(getattr(found, field) for field in FIELDS.values()):
        found = _without_idle_words(found)
    return _at_the_address(found) if found.street else found


def _may_be_a_name(found: Interpretation) -> bool:
    """Whether something was left over, guessed or passed over: "Ferme de la Borde", "Café de la Gare"."""
    passed_over = any(fold(word) not in listed("function") for word in found.ignored)
    return len(found.q) <= LONGEST_NAME and (passed_over or not found.certain)


def _without_idle_words(found: Interpretation) -> Interpretation:
    """Left-over words that nobody in the catalogue says would empty the answer: they are passed over."""
    words = found.text.split()
    said = said_words({part for word in words for part in fold(word).split()})
    kept = [word for word in words if said & set(fold(word).split())]
    dropped = tuple(word for word in words if word not in kept)
    if not dropped:
        return found
    passed_over = (*found.passed_over, " ".join(dropped))
    return replace(found, text=" ".join(kept), ignored=(*found.ignored, *dropped), passed_over=passed_over)


def _at_the_address(found: Interpretation) -> Interpretation:
    """Around an address that was geocoded before, rather than around its commune."""
    if found.place is None or found.place.kind != "commune":
        return found
    text = f"{found.street}, {found.place.name}"
    known = known_places(text)
    return replace(found, place=known[0], place_text=text) if known else found
