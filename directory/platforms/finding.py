"""Which platforms serve a place and sell what is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from directory.models import Platform
from directory.models.platform import PlatformQuerySet
from directory.questions import Question
from directory.vocabulary import vocabulary
from geo.models import Commune

MOST = 50  # of platforms that one place has: beyond, they are not counted
FEW = 3  # beside an answer: the merchants are what was asked for


@dataclass(frozen=True)
class Nearby:
    """Platforms for a question, the most local first. `total` counts those that are not shown too."""

    platforms: tuple[Platform, ...]
    total: int


def also_near(question: Question, few: int = FEW) -> Nearby:
    """Platforms whose territory covers where the question looks, and that sell one of the products it asks for.

    Where: its centre; without one, the communes, EPCI or départements it names. A question about no place has none.
    """
    where = serving_question(question)
    if where is None:
        return Nearby((), 0)
    found = tuple(selling(where, question.products).told().order_by("reach_km2", "name", "pk")[: MOST + 1])
    return Nearby(found[:few], min(len(found), MOST))


def serving_question(question: Question) -> PlatformQuerySet | None:
    """Those that serve where the question looks; None where it looks nowhere."""
    if question.centre is not None:
        return Platform.objects.shown().serving(question.centre)
    if not (question.communes or question.epcis or question.departements):
        return None
    return within(Platform.objects.shown(), question.communes, question.epcis, question.departements)


def selling(platforms: PlatformQuerySet, products: Sequence[str]) -> PlatformQuerySet:
    """Of these, those that sell one of the products; all of them where none is asked for."""
    words = vocabulary()
    terms = [words.by_code[code].id for code in products if code in words.by_code]
    return platforms.selling(terms) if products else platforms


def sold_of(platform: Platform, products: Sequence[str]) -> list[int]:
    """What of these a platform of `told()` sells: each, or what it names below it; all that it names where none is
    asked for. Ids, in the order of the vocabulary."""
    words = vocabulary()
    named = [words.by_id[id_] for id_ in platform.product_ids if id_ in words.by_id]
    asked = [words.by_code[code] for code in products if code in words.by_code]
    if not asked:
        return [term.id for term in named]
    named_ids, asked_ids = {term.id for term in named}, {term.id for term in asked}
    whole = [term for term in asked if not named_ids.isdisjoint(term.path)]
    below = [term for term in named if not asked_ids.isdisjoint(term.path)]
    return list(dict.fromkeys(term.id for term in (*whole, *below)))


def within(
    platforms: PlatformQuerySet, communes: Sequence[str], epcis: Sequence[str], departements: Sequence[str]
) -> PlatformQuerySet:
    """Of these, those that serve one of the communes, one of the EPCI, one of the départements: a part will do."""
    if communes:
        own = Commune.objects.filter(pk__in=communes)
        platforms = _naming(platforms, communes, own.values("epci"), own.values("departement"))
    if epcis:
        members = Commune.objects.filter(epci__in=epcis)
        platforms = _naming(platforms, members.values("pk"), epcis, members.values("departement"))
    if departements:
        members = Commune.objects.filter(departement__in=departements)
        platforms = _naming(platforms, members.values("pk"), members.values("epci"), departements)
    return platforms


def _naming(platforms: PlatformQuerySet, communes: Any, epcis: Any, departements: Any) -> PlatformQuerySet:
    """Those that name one of these: codes, or queries of them. A union is read along indexes, which an OR is not."""
    named = Platform.communes.through.objects.filter(commune__in=communes).values("platform")
    others = (
        Platform.epcis.through.objects.filter(epci__in=epcis).values("platform"),
        Platform.departements.through.objects.filter(departement__in=departements).values("platform"),
    )
    return platforms.filter(pk__in=named.union(*others))
