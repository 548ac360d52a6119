"""Facets as filters: what narrows an answer, each with how many it leaves, as links."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from directory import search
from directory.facets import Facet, Facets
from directory.questions import DEFAULT_RADIUS, Now, Question
from directory.questions.question import ANY_RADIUS, FIELDS
from directory.vocabulary import vocabulary
from maps import wording
from maps.chips import changed, href_with, search_href, without_comes

# So many of a group are shown at once, and so many more on demand: beyond that, typing is quicker.
MOST_SHOWN = 8
MOST_MORE = 24


@dataclass(frozen=True)
class Choice:
    """A filter: what it asks, where its link leads, how many that gives. A current one's link takes it away."""

    text: str
    href: str
    count: str
    current: bool = False


@dataclass(frozen=True)
class Group:
    """The filters of one parameter, those that leave the most first."""

    title: str
    shown: list[Choice]
    more: list[Choice]

    @property
    def is_set(self) -> bool:
        return any(choice.current for choice in self.shown)


def open_now(question: Question, counts: Facets | None, total: int) -> Choice | None:
    """Whether to keep only what is open; nothing where another time is asked, or where it would change nothing."""
    text = _("Ouvert maintenant")
    if question.opening == Now():
        return Choice(text, href_with(question, opening=None), wording.whole(total), current=True)
    found = (counts or {}).get("open")
    if question.opening is not None or not found or not 0 < found[0].count < total:
        return None
    return Choice(text, href_with(question, opening=Now()), wording.whole(found[0].count))


def comes_here(question: Question, total: int, now: datetime) -> Choice | None:
    """Whether to keep only those who deliver or come to the centre, from wherever; nothing where nobody does."""
    text = wording.comes(None)
    if question.centre is None:
        return None
    if question.comes:
        return Choice(text, search_href(without_comes(question)), wording.whole(total), current=True)
    asked = changed(question, comes=True, radius=ANY_RADIUS if question.radius == DEFAULT_RADIUS else question.radius)
    found = search.count(asked, now)
    return Choice(text, search_href(asked), wording.whole(found)) if found else None


def groups(question: Question, counts: Facets | None, total: int) -> list[Group]:
    """The filters of each part of the vocabulary; a part without any is left out."""
    titles = {
        "product": _("Produits"), "activity": _("Activités"), "label": _("Labels"), "service": _("Services"),
    }  # fmt: skip
    found = []
    for name, title in titles.items():
        choices = list(_choices(question, name, (counts or {}).get(name) or [], total))
        if choices:
            found.append(Group(title, choices[:MOST_SHOWN], choices[MOST_SHOWN : MOST_SHOWN + MOST_MORE]))
    return found


def _choices(question: Question, name: str, facets: list[Facet], total: int) -> Iterator[Choice]:
    field, language = FIELDS[name], wording.language()
    asked = getattr(question, field)
    for code, label in zip(asked, vocabulary().labels(asked, language), strict=True):
        rest = tuple(other for other in asked if other != code)
        yield Choice(label, href_with(question, **{field: rest}), "", current=True)
    for facet in _narrowing(facets, asked, total):
        label = vocabulary().by_code[facet.code].label(language)
        yield Choice(label, href_with(question, **{field: (facet.code,)}), wording.whole(facet.count))


def _narrowing(facets: list[Facet], asked: tuple[str, ...], total: int) -> Iterator[Facet]:
    """What leaves some but not all: below what is asked, where something is; and no term that one of its own equals."""
    words = vocabulary()
    ids = {words.by_code[code].id for code in asked}
    equalled = {
        (words.by_code[facet.code].path[1], facet.count)
        for facet in facets
        if len(words.by_code[facet.code].path) > 1
    }  # fmt: skip
    for facet in facets:
        term = words.by_code[facet.code]
        below = not ids or (term.id not in ids and words.is_below(facet.code, ids))
        if below and 0 < facet.count < total and (term.id, facet.count) not in equalled:
            yield facet
