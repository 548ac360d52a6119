"""What a merchant does, in the vocabulary's words: proposed by the register's code, and what that implies."""

from __future__ import annotations

from directory.importing.wording import KIND_OF_ROOT
from directory.models import PointOfSale, Term
from directory.vocabulary import vocabulary

MOST_PROPOSED = 6


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
