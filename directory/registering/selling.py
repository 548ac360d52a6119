"""What a merchant says that it does and sells, in the vocabulary's words as far as it has them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from directory.importing.wording import KIND_OF_ROOT
from directory.models import PointOfSale, Term
from directory.questions.lexicon import BY_STEM, lexicon
from directory.questions.words import norms_of
from directory.vocabulary import vocabulary

MOST_LINES, LONGEST_LINE = 40, 200
MOST_PROPOSED = 6
_BETWEEN = re.compile(r"[,;\n]+")


@dataclass(frozen=True, slots=True)
class Line:
    """A product in the merchant's words; `code` is empty where the vocabulary lacks it."""

    said: str
    code: str = ""


def read_lines(text: str) -> list[Line]:
    """The products named between commas or on lines, each once, in their order.

    A word is understood as the search understands it, so that what is offered here is found there; never by a
    likeness: what is published under a code that was guessed would be a mistake of ours.
    """
    lines: dict[str, Line] = {}
    for part in _BETWEEN.split(text):
        said = " ".join(part.split())[:LONGEST_LINE]
        norms = norms_of(said)
        if not norms:
            continue
        meaning = lexicon().find(norms)
        known = meaning is not None and meaning.dimension == "product" and meaning.sure >= BY_STEM
        line = Line(said, meaning.code if meaning is not None and known else "")
        lines.setdefault(line.code or " ".join(norms), line)
    return list(lines.values())[:MOST_LINES]


def activities_of(naf: str) -> list[str]:
    """The activity codes that a NAF code may stand for, to be proposed; several where the code is wide."""
    if not naf:
        return []
    found = Term.objects.filter(dimension="activity", naf_codes__contains=[naf]).order_by("rank")
    return list(found.values_list("code", flat=True)[:MOST_PROPOSED])


def kind_of(activities: list[str]) -> str:
    """What sort of place the first activity is mostly carried on in."""
    known = vocabulary()
    term = known.find("activity", activities[0]) if activities else None
    if term is None:
        return ""
    return str(KIND_OF_ROOT.get(known.by_id[term.path[-1]].code, PointOfSale.Kind.SHOP))


def without_ancestors(codes: list[str]) -> list[str]:
    """The codes without those that another of them implies."""
    known = vocabulary()
    terms = [term for code in dict.fromkeys(codes) if (term := known.by_code.get(code)) is not None]
    implied = {ancestor for term in terms for ancestor in term.path[1:]}
    return [term.code for term in terms if term.id not in implied]
