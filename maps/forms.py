"""The search form: one field, what it carries along, and how what was asked becomes the question the API would answer.

The form is plain HTML: its field is sent, empty or not, with all that it carries. So empties are dropped; what was
typed last wins over where one was; and a radius or an order that has nothing to start from is let go, where the API,
whose callers mean what they write, refuses them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from directory.api.errors import InvalidParameters, ParameterError
from directory.api.parameters import question_reader, read_asked
from directory.questions import Question
from directory.questions.interpretation import Interpretation, interpret
from directory.questions.phrasing import phrased
from directory.vocabulary import vocabulary
from maps.elsewhere import around_href
from maps.wording import language

# What words cannot say, sent again with the next question: an area, a position, a moment, an order.
AREAS = ("commune", "epci", "departement", "bbox")
POSITION = ("lat", "lon")
MOMENT = ("open_at",)
CARRIED = (*AREAS, *POSITION, *MOMENT, "sort")
PAGE = ("limit", "offset")
# A radius or an order that has nothing to start from is let go.
IDLE_CODES = ("needs_a_centre", "needs_a_text")


@dataclass(frozen=True)
class Asked:
    """What a page was asked: the parameters, the question, and how its words were understood, if it has some."""

    query: QueryDict
    question: Question
    understood: Interpretation | None = None

    @property
    def needs_position(self) -> bool:
        """Whether it says "around me", and where that is was not given."""
        return self.understood is not None and self.understood.here and self.question.centre is None

    @property
    def says_nothing(self) -> bool:
        """Whether there are words, none of which asks anything."""
        return self.understood is not None and replace(self.question.without_page(), sort=None) == Question()

    @property
    def form(self) -> SearchForm:
        """The words as typed; said anew where there are none, or where parameters have changed what they ask."""
        changed = self.understood is None or not {"q", *CARRIED, *PAGE}.issuperset(self.query)
        text = phrased(self.question, language()) if changed else self.query.get("q", "")
        return SearchForm(text.strip(), self.query, around=self._around)

    @property
    def _around(self) -> str:
        """The page to which the person's position is added: of these words where they ask for it."""
        if self.needs_position:
            return f"{reverse('maps:search')}?{self.query.urlencode(safe=',')}"
        return around_href(self.question)


def asked(given: QueryDict, now: datetime) -> QueryDict:
    """The parameters that say something, as text: empty ones are dropped, and those that newer words replace."""
    query = QueryDict(mutable=True)
    for name in given:
        if values := [value for value in given.getlist(name) if value.strip()]:
            query.setlist(name, values)
    replaced: tuple[str, ...] = POSITION if "place" in query else ()
    if "q" in query and any(name in query for name in CARRIED):
        replaced = _replaced(interpret(query.get("q", ""), now))
    for name in replaced:
        query.pop(name, None)
    return query


def _replaced(said: Interpretation) -> tuple[str, ...]:
    """What was carried along, and the words say anew. A position is the person's: only "around me" asks for it."""
    replaced: tuple[str, ...] = () if said.here else POSITION
    if said.here or said.place is not None:
        replaced += AREAS
    return replaced if said.opening is None else replaced + MOMENT


def is_asked(query: QueryDict) -> bool:
    """Whether anything is asked: a radius alone asks nothing."""
    return any(name != "radius_km" for name in query)


def read(query: QueryDict, now: datetime) -> Asked:
    """What is asked. Raises InvalidParameters with every mistake that a person can mend."""
    try:
        return Asked(query, *read_asked(question_reader(query), now))
    except InvalidParameters as error:
        idle = [name for name, mistake in error.errors.items() if mistake.code in IDLE_CODES]
        if not idle:
            raise
        without = _without(query, idle)
        return Asked(without, *read_asked(question_reader(without), now))


def _without(query: QueryDict, names: list[str]) -> QueryDict:
    rest = query.copy()
    for name in names:
        rest.pop(name, None)
    return rest


@dataclass(frozen=True)
class Mistake:
    """A refused parameter in words; `remedy` is the address of the same question with the nearest known value."""

    name: str
    detail: str
    remedy: str = ""
    remedy_label: str = ""


@dataclass(frozen=True)
class SearchForm:
    """The form as it is shown: the text of its field, and the parameters that it carries along."""

    text: str = ""
    query: QueryDict = field(default_factory=QueryDict)
    errors: Mapping[str, ParameterError] = field(default_factory=dict)
    refused_texts: Mapping[str, str] = field(default_factory=dict)
    around: str = field(default_factory=partial(reverse, "maps:search"))

    @classmethod
    def refused(cls, query: QueryDict, errors: Mapping[str, ParameterError], now: datetime) -> SearchForm:
        """The form of a question with mistakes: its field has the words as typed, or what could be understood."""
        rest = _without(query, list(errors))
        try:
            text = query.get("q") or read(rest, now).form.text
        except InvalidParameters:
            text = ""
        return cls(text, rest, errors, {name: ", ".join(query.getlist(name)) for name in errors})

    @property
    def carried(self) -> list[tuple[str, str]]:
        return [(name, value) for name in CARRIED for value in self.query.getlist(name)]

    @property
    def mistakes(self) -> list[Mistake]:
        return [self._mistake(name, error) for name, error in self.errors.items()]

    @property
    def mistake(self) -> str:
        """Why the words themselves were refused."""
        return next((mistake.detail for mistake in self.mistakes if mistake.name == "q"), "")

    def _mistake(self, name: str, error: ParameterError) -> Mistake:
        detail = str(error.detail).removeprefix(f"{name} : ").removeprefix(f"{name}: ")
        detail = detail[:1].upper() + detail[1:]
        term = vocabulary().by_code.get(error.nearest or "")
        if error.code != "unknown_code":
            return Mistake(name, detail)
        if term is None:
            return Mistake(name, self._unknown(name))
        remedied = self.query.copy()
        remedied[name] = term.code
        href = f"{reverse('maps:search')}?{remedied.urlencode(safe=',')}"
        return Mistake(name, self._unknown(name), href, term.label(language()))

    def _unknown(self, name: str) -> str:
        return _("« {text} » est inconnu.").format(text=self.refused_texts[name][:60])
