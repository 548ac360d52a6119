"""The search form: what was typed, kept as typed, and how it becomes the question that the API would answer.

The form is plain HTML: every field is sent, empty or not, and a radius is always chosen. So empties are dropped, and
a radius or an order that has nothing to start from is let go, where the API, whose callers mean what they write,
refuses them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from directory.api.errors import InvalidParameters, ParameterError
from directory.api.parameters import parse_question
from directory.questions import Question
from directory.vocabulary import TermEntry, vocabulary
from geo.revisions import refreshed
from maps.wording import language

RADII_KM = (2, 5, 10, 20, 50, 100)
DEFAULT_RADIUS_KM = "10"
FIELDS = ("activity", "product", "place", "radius_km")
# What a question may hold beside the form's own fields: sent again with it, so that asking more loses nothing.
CARRIED = (
    "label", "service", "text", "open", "open_at", "open_on", "open_part", "season",
    "commune", "epci", "departement", "lat", "lon", "bbox", "sort",
)  # fmt: skip
# A radius or an order that has nothing to start from is let go.
IDLE_CODES = ("needs_a_centre", "needs_a_text")
# Optgroups begin at this depth of the tree.
GROUP_DEPTH = {"activity": 0, "product": 1}
NBSP = "\u00a0"


def asked(given: QueryDict) -> QueryDict:
    """The parameters that say something, as text: empty fields are dropped."""
    query = QueryDict(mutable=True)
    for name in given:
        if values := [value for value in given.getlist(name) if value.strip()]:
            query.setlist(name, values)
    if "place" in query:
        # What was typed last wins over where one was.
        query.pop("lat", None)
        query.pop("lon", None)
    return query


def read_question(query: QueryDict) -> Question:
    """The question. Raises InvalidParameters with every mistake that a person can mend."""
    try:
        return parse_question(query)
    except InvalidParameters as error:
        idle = [name for name, mistake in error.errors.items() if mistake.code in IDLE_CODES]
        if not idle:
            raise
        without = query.copy()
        for name in idle:
            without.pop(name)
        return parse_question(without)


def is_asked(query: QueryDict) -> bool:
    """Whether anything is asked: a radius alone is how an untouched form is sent."""
    return any(name != "radius_km" for name in query)


@dataclass(frozen=True)
class Mistake:
    """A refused parameter in words; `remedy` is the address of the same question with the nearest known value."""

    name: str
    detail: str
    remedy: str = ""
    remedy_label: str = ""

    @property
    def has_field(self) -> bool:
        """Whether the form shows the field, so that the message can stand beside it."""
        return self.name in FIELDS


@dataclass(frozen=True)
class SearchForm:
    """The form as it is shown."""

    query: QueryDict
    errors: Mapping[str, ParameterError] = field(default_factory=dict)

    @property
    def place(self) -> str:
        return self._text("place")

    @property
    def activities(self) -> SafeString:
        return self._options("activity")

    @property
    def products(self) -> SafeString:
        return self._options("product")

    @property
    def radii(self) -> list[tuple[str, str, bool]]:
        """(value, words, chosen) of each radius; one that is not of the list is added to it."""
        chosen = self._text("radius_km") or DEFAULT_RADIUS_KM
        values = [str(radius) for radius in RADII_KM]
        if chosen not in values:
            values.append(chosen)
        return [(value, f"{value}{NBSP}km", value == chosen) for value in values]

    @property
    def carried(self) -> list[tuple[str, str]]:
        return [(name, value) for name in CARRIED for value in self.query.getlist(name)]

    @property
    def mistakes(self) -> list[Mistake]:
        return [self._mistake(name, error) for name, error in self.errors.items()]

    @property
    def mistake(self) -> dict[str, str]:
        """The message of each refused field, empty for the others."""
        return {name: next((m.detail for m in self.mistakes if m.name == name), "") for name in FIELDS}

    def _text(self, name: str) -> str:
        return ", ".join(self.query.getlist(name))

    def _options(self, dimension: str) -> SafeString:
        """The options of a vocabulary, with what was asked chosen, be it several codes or one that is unknown."""
        options = _vocabulary_options()[dimension, language()]
        chosen = ",".join(code.strip() for value in self.query.getlist(dimension) for code in value.split(","))
        if not chosen:
            return options
        plain = f'<option value="{chosen}">'
        if vocabulary().find(dimension, chosen) and plain in options:
            return mark_safe(options.replace(plain, f'<option value="{chosen}" selected>', 1))  # noqa: S308
        labels = vocabulary().labels(chosen.split(","), language())
        return format_html('<option value="{}" selected>{}</option>{}', chosen, ", ".join(labels), options)

    def _mistake(self, name: str, error: ParameterError) -> Mistake:
        if error.code != "unknown_code" or error.nearest is None:
            detail = str(error.detail).removeprefix(f"{name} : ").removeprefix(f"{name}: ")
            return Mistake(name, detail[:1].upper() + detail[1:])
        detail = _("« {text} » est inconnu.").format(text=self._text(name)[:60])
        query = self.query.copy()
        query[name] = error.nearest
        label = vocabulary().labels([error.nearest], language())[0]
        return Mistake(name, detail, f"{reverse('maps:search')}?{query.urlencode(safe=',')}", label)


@refreshed("vocabulary")
def _vocabulary_options() -> dict[tuple[str, str], SafeString]:
    """The <option>s of both trees in both languages: 450 of them, so they are made once."""
    return {
        (dimension, code): _tree(vocabulary().of(dimension), depth, code)
        for dimension, depth in GROUP_DEPTH.items()
        for code in ("fr", "en")
    }


def _tree(terms: list[TermEntry], group_depth: int, code: str) -> SafeString:
    parts: list[str] = []
    for term in terms:
        label = term.label(code)
        if term.depth == group_depth:
            parts += ["</optgroup>" if parts else "", format_html('<optgroup label="{}">', label)]
            label = _all_of(label, code)
        if term.depth >= group_depth:
            indent = NBSP * 2 * max(0, term.depth - group_depth - 1)
            parts.append(format_html('<option value="{}">{}{}</option>', term.code, indent, label))
    return mark_safe("".join([*parts, "</optgroup>" if parts else ""]))  # noqa: S308


def _all_of(label: str, code: str) -> str:
    return f"{label} (all)" if code == "en" else f"{label} (tout)"
