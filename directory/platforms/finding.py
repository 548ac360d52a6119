"""Which platforms serve a place and sell what is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

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
    rows = selling(where, question.products).order_by("reach_km2", "name", "pk")
    found = tuple(rows.defer("territory", "sold")[: MOST + 1])
    return Nearby(found[:few], min(len(found), MOST))


def serving_question(question: Question) -> PlatformQuerySet | None:
    """Those that serve where the question looks; None where it looks nowhere."""
    if question.centre is not None:
        return Platform.objects.shown().serving(question.centre)
    where = Q()
    for codes, serves in (
        (question.communes, in_commune),
        (question.epcis, in_epci),
        (question.departements, in_departement),
    ):
        if codes:
            where &= serves(codes)
    if not where:
        return None
    return Platform.objects.shown().filter(pk__in=Platform.objects.filter(where).values("pk"))


def selling(platforms: PlatformQuerySet, products: Sequence[str]) -> PlatformQuerySet:
    """Of these, those that sell one of the products; all of them where none is asked for."""
    words = vocabulary()
    terms = [words.by_code[code].id for code in products if code in words.by_code]
    return platforms.selling(terms) if products else platforms


def in_commune(codes: Sequence[str]) -> Q:
    return (
        Q(communes__in=codes)
        | Q(epcis__in=Commune.objects.filter(pk__in=codes).values("epci"))
        | Q(departements__in=Commune.objects.filter(pk__in=codes).values("departement"))
    )


def in_epci(codes: Sequence[str]) -> Q:
    members = Commune.objects.filter(epci__in=codes)
    return Q(epcis__in=codes) | Q(communes__in=members.values("pk")) | Q(departements__in=members.values("departement"))


def in_departement(codes: Sequence[str]) -> Q:
    members = Commune.objects.filter(departement__in=codes)
    return Q(departements__in=codes) | Q(communes__in=members.values("pk")) | Q(epcis__in=members.values("epci"))
