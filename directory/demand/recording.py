"""Counts an empty answer as unmet demand, beside it: never slowly, and never in place of it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest
from django.utils.timezone import localdate
from psycopg.errors import ReadOnlySqlTransaction

from directory import search
from directory.questions import DEFAULT_RADIUS, Question
from directory.search import Answer
from directory.visitors import client_address, is_robot, tally
from directory.vocabulary import vocabulary
from geo.gazetteer import gazetteer
from geo.models import Commune

logger = logging.getLogger(__name__)
# A person names a few things in a few places; a program that asks for all of them demands nothing.
MOST_TERMS, MOST_COMMUNES = 3, 3
# From one address, of all it looks for: a household's shopping, not a crawl.
MOST_A_WEEK = 40
TIMEOUT_MS = 250  # of each statement

ADD = """
INSERT INTO directory_unmetdemand AS kept (week, commune_id, term_id, times)
SELECT %s, commune, term, 1
FROM unnest(%s::text[], %s::int[]) AS asked(commune, term)
ORDER BY commune, term
ON CONFLICT (week, commune_id, term_id) DO UPDATE SET times = kept.times + 1
"""


def record(answer: Answer, request: HttpRequest) -> None:
    """Count what was asked in vain, once a week for an address. Whatever fails, the answer stands."""
    if answer.total or answer.question.offset or request.method != "GET" or is_robot(request):
        return
    try:
        with _in_short():
            _record(answer.question, client_address(request), answer.now)
    except Exception as error:
        if not isinstance(error.__cause__, ReadOnlySqlTransaction):  # a replica counts nothing
            logger.warning("An unmet demand was not counted: %s", type(error).__name__)


def _record(question: Question, address: str, now: datetime) -> None:
    terms = _terms(question)
    lacking = [commune for commune in _communes(question) if terms and _is_for_want_of_sellers(question, commune, now)]
    pairs = [(commune, term) for commune in lacking for term in terms]
    week = monday(localdate(now))
    new = [
        pair for pair in pairs if tally.count(week, address, *pair) == 1 and tally.count(week, address) <= MOST_A_WEEK
    ]
    if new:
        with connection.cursor() as cursor:
            cursor.execute(ADD, [week, *map(list, zip(*new, strict=True))])


def monday(day: date) -> date:
    """Of its week."""
    return day - timedelta(days=day.weekday())


@contextmanager
def _in_short() -> Iterator[None]:
    """A transaction whose statements are cancelled early; one that stands around it has its own limit back."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = {TIMEOUT_MS}")
        yield
        cursor.execute("SET LOCAL statement_timeout TO DEFAULT")


def _terms(question: Question) -> list[int]:
    """The products asked for; the activities where no product is: "farms that sell cheese" lacks cheese."""
    codes = question.products or question.activities
    return [vocabulary().by_code[code].id for code in codes] if len(codes) <= MOST_TERMS else []


def _communes(question: Question) -> list[str]:
    """Those asked for, or the one that holds the centre. A view of the map or a whole département is no commune."""
    if question.bbox is not None:
        return []
    if question.communes:
        return list(question.communes) if len(question.communes) <= MOST_COMMUNES else []
    place = question.place
    if place is not None and place.kind == "commune":
        entry = gazetteer().commune(place.code)
        return [entry.code] if entry else []
    if question.centre is None:
        return []
    return list(Commune.objects.containing(question.centre).values_list("pk", flat=True)[:1])


def _is_for_want_of_sellers(question: Question, commune: str, now: datetime) -> bool:
    """Whether nobody around has it at all: at any hour, in any season, with or without a label, next door too."""
    asked = question.without_page()
    return not any(search.count(wider, now) for wider in _wider(asked, commune) if wider != asked)


def _wider(question: Question, commune: str) -> list[Question]:
    """The thing alone: in the usual circle where a smaller one was asked; where communes were, in this one, all of it,
    and in the usual circle around its centre.
    """
    changes: dict[str, Any] = {
        "text": "", "season": None, "comes": False, "labels": (), "services": (), "opening": None, "sort": None,
        "epcis": (), "departements": (),
    }  # fmt: skip
    if question.products:
        changes["activities"] = ()
    bare = replace(question, **changes)
    if question.radius is not None and not question.communes:
        return [replace(bare, radius=max(question.radius, DEFAULT_RADIUS))]
    inside = replace(bare, communes=(commune,), centre=None, radius=None, place=None, place_text="")
    entry = gazetteer().commune(commune)
    if entry is None:
        return [inside]
    return [inside, replace(inside, communes=(), centre=entry.position, radius=DEFAULT_RADIUS)]
