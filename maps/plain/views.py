"""The plain pages' addresses: each page has one, to which any other spelling of it leads."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from directory import search
from directory.api.parameters import LAST_OFFSET
from directory.facets import Facets, facets
from directory.questions.question import DEFAULT_LIMIT
from directory.search import Answer
from directory.vocabulary import vocabulary
from geo.coverage.verdict import of_commune
from geo.coverage.wording import sentence
from geo.gazetteer import gazetteer
from maps import wording
from maps.chips import Link, search_href
from maps.linked_data import breadcrumb, json_ld
from maps.plain import around, subjects
from maps.plain.around import Section
from maps.plain.subjects import Subject
from maps.results import exports, page_context
from maps.views import page
from maps.ways_on import ways_on

LAST_PAGE = LAST_OFFSET // DEFAULT_LIMIT + 1
MOST_LIKE = 5


@page
def commune(request: HttpRequest, address: str) -> HttpResponse:
    """At "<code>-<name>"; the code of a commune that was merged leads to the one that it is part of."""
    code, _dash, name = address.partition("-")
    entry = gazetteer().commune(code)
    if entry is None:
        return nowhere(request, _("Aucune commune de la région n'a ce code."), _communes_like(name or code))
    subject = subjects.commune(entry)

    def sections(answer: Answer, counts: Facets | None) -> list[Section]:
        offered = around.offered(subject.question, counts, "activity", "product")
        return [*offered, around.platforms(subject.question), around.neighbours(entry)]

    known = of_commune(entry.code)
    broadband = Link(sentence(known), f"?departement={entry.departement}") if known.edition else None
    return shown(request, subject, sections, lambda now: around.nearest_elsewhere(entry, now), broadband)


@page
def departement(request: HttpRequest, code: str) -> HttpResponse:
    departements = gazetteer().departements
    if code not in departements:
        known = [Link(name, subjects.departement_path(code)) for code, name in departements.items()]
        return nowhere(request, _("Aucun département de la région n'a ce code."), known)
    subject = subjects.departement(code)

    def sections(answer: Answer, counts: Facets | None) -> list[Section]:
        offered = around.offered(subject.question, counts, "activity", "product")
        return [around.largest_towns(code), around.platforms(subject.question), *offered]

    return shown(request, subject, sections)


@page
def activity(request: HttpRequest, code: str) -> HttpResponse:
    return term(request, "activity", code)


@page
def product(request: HttpRequest, code: str) -> HttpResponse:
    return term(request, "product", code)


def term(request: HttpRequest, dimension: str, code: str) -> HttpResponse:
    entry = vocabulary().find(dimension, code)
    if entry is None:
        nearest = vocabulary().find(dimension, vocabulary().nearest_code(dimension, code) or "")
        like = [Link(nearest.label(wording.language()), subjects.term_path(nearest))] if nearest else []
        return nowhere(request, _("« {text} » est inconnu.").format(text=code[:60]), like)
    subject = subjects.term(entry)
    other = "product" if dimension == "activity" else "activity"

    def sections(answer: Answer, counts: Facets | None) -> list[Section]:
        return [
            around.narrower(entry, counts),
            around.by_departement(subject.question, answer.total),
            *around.offered(subject.question, counts, other),
        ]

    return shown(request, subject, sections)


# --- What they share -------------------------------------------------------------------------------------------------
def shown(
    request: HttpRequest,
    subject: Subject,
    sections: Callable[[Answer, Facets | None], list[Section]],
    elsewhere: Callable[[datetime], Answer | None] = lambda now: None,
    coverage: Link | None = None,
) -> HttpResponse:
    """A page of the subject's list; the first also says what there is and leads to what lies around it.

    `coverage` is what is known of broadband there, and what asks the page of coverage about the places around.
    """
    number = page_number(request)
    if request.path != subject.path or (number == 1 and "page" in request.GET):
        return HttpResponsePermanentRedirect(subject.path)
    now = timezone.now()
    answer = search.answer(subject.question.page((number - 1) * DEFAULT_LIMIT), now) if number else None
    if answer is None or (number > 1 and not answer.hits):
        return nowhere(request, _("La liste n'a pas cette page."), [Link(subject.heading, subject.path)])
    context = page_context(answer, now) | paged(subject, answer, number) | said(request, subject, answer)
    if number == 1:
        counts = facets(subject.question, now) if answer.total else None
        context |= {"sections": around.filled(sections(answer, counts)), "coverage": coverage}
    if not answer.total:
        context |= {"ways_on": ways_on(subject.question, now)} | near(elsewhere(now), now)
    return render(request, "maps/plain.html", context)


def page_number(request: HttpRequest) -> int:
    """0 for one that cannot be: not a number, or farther than lists go."""
    text = request.GET.get("page", "1")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    return number if number <= LAST_PAGE else 0


def paged(subject: Subject, answer: Answer, number: int) -> dict[str, Any]:
    """The pages before and after, at the subject's address."""
    before = subject.path if number == 2 else f"{subject.path}?page={number - 1}"
    return {
        "previous": before if number > 1 else "",
        "next": f"{subject.path}?page={number + 1}" if answer.next and number < LAST_PAGE else "",
        "canonical_query": f"page={number}" if number > 1 else "",
    }


def said(request: HttpRequest, subject: Subject, answer: Answer) -> dict[str, Any]:
    steps = [*subject.above, Link(subject.name, subject.path)]
    absolute = [(step.text, request.build_absolute_uri(step.href)) for step in steps]
    return {
        "subject": subject,
        "total": answer.total,
        "breadcrumb_data": json_ld(breadcrumb(absolute)),
        "map_href": search_href(subject.question),
        "exports": exports(subject.question),
        "sections": [],
        "coverage": None,
        "ways_on": [],
        "near": None,
    }


def near(answer: Answer | None, now: datetime) -> dict[str, Any]:
    """What is nearest to a place that has nothing."""
    if answer is None:
        return {}
    found = page_context(answer, now)
    return {"near": found | {"href": search_href(answer.question.without_page())}, "shows_demo": found["shows_demo"]}


def nowhere(request: HttpRequest, reason: str, like: Iterable[Link]) -> HttpResponse:
    """Not found, and what may have been meant."""
    context = {"title": _("Introuvable"), "reason": reason, "ways_on": list(like)}
    return render(request, "maps/nowhere.html", context, status=404)


def _communes_like(text: str) -> list[Link]:
    found = gazetteer().find(text.replace("-", " ")[:60], MOST_LIKE)
    entries = [gazetteer().commune(place.code) for place in found if place.kind == "commune"]
    return [Link(entry.name, subjects.commune_path(entry)) for entry in entries if entry]
