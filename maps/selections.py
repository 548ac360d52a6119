"""Selections: a question saved for everybody, as cards on the home page and at an address of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.core.cache import cache
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from directory import search
from directory.api.errors import InvalidParameters
from directory.models import Selection
from directory.questions import Question
from maps.chips import search_href
from maps.elsewhere import shareable
from maps.forms import asked, read
from maps.results import exports, page_context
from maps.wording import language

MOST_CARDS = 3
KEPT_S = 60


class NoQuestionError(ValueError):
    """What was pasted asks nothing that can be saved; the message says why."""


# --- The saved question ----------------------------------------------------------------------------------------------
def saved(text: str, now: datetime | None = None) -> Question:
    """The question of a pasted address, of its parameters alone, or of plain words, as it may be shown to everybody.

    Raises NoQuestionError, or InvalidParameters with every mistake.
    """
    now = now or timezone.now()
    is_address = "?" in text or "://" in text
    try:
        query = urlsplit(text).query if is_address else text
    except ValueError as error:
        raise NoQuestionError(_("Cette adresse est mal formée : recopiez-la depuis un navigateur.")) from error
    found = read(asked(QueryDict(query if is_address or "=" in query else urlencode({"q": query})), now), now)
    if found.needs_position:
        raise NoQuestionError(_("« Autour de moi » est un autre lieu pour chacun : dites une commune."))
    question = shareable(found.question.without_page())
    if replace(question, sort=None) == Question():
        raise NoQuestionError(_("Cette adresse ne demande rien : ni produit, ni métier, ni lieu, ni jour."))
    return question


def question_of(selection: Selection, now: datetime) -> Question | None:
    """None where what it asked is gone since: a commune that was merged away, a product that was renamed."""
    try:
        return saved(selection.question, now)
    except (InvalidParameters, NoQuestionError):
        return None


# --- Cards -----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Card:
    title: str
    href: str
    until: str
    demo: bool


def cards(today: date) -> list[Card]:
    """Those of that day, the ones that end first; looked up afresh every minute."""
    key = f"maps.selections.{language()}.{today}"
    return cache.get_or_set(key, lambda: [card(one) for one in Selection.objects.on(today)[:MOST_CARDS]], KEPT_S) or []


def card(selection: Selection) -> Card:
    until = _("jusqu'au {day}").format(day=date_format(selection.ends_on, "j F"))
    return Card(selection.title, path(selection), until, selection.demo)


def path(selection: Selection) -> str:
    return reverse("maps:selection", args=[selection.slug])


def answer_of(selection: Selection, now: datetime) -> dict[str, Any]:
    """The first page of what answers it at the moment; nothing where it can no longer be asked."""
    question = question_of(selection, now)
    if question is None:
        return {"rows": [], "sentence": "", "shows_demo": selection.demo}
    found = page_context(search.answer(question, now), now)
    found["shows_demo"] |= selection.demo
    return found | {"exports": exports(question), "map_href": search_href(question)}


def dates(selection: Selection, today: date) -> str:
    first, last = date_format(selection.starts_on), date_format(selection.ends_on)
    if today > selection.ends_on:
        return _("Terminée le {last}").format(last=last)
    if today < selection.starts_on:
        return _("À partir du {first}, jusqu'au {last}").format(first=first, last=last)
    return _("Jusqu'au {last}").format(last=last)


def listed() -> list[Any]:
    """Their pages, for search engines: not those that are invented."""
    return [path(one) for one in Selection.objects.filter(published=True, demo=False)]
