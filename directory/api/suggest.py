"""`/api/v1/suggest/`: what a question being typed could become."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema

from directory.api.lean import LeanView, json_body
from directory.api.reader import Reader
from directory.api.schema import PROBLEM_RESPONSES, SuggestionSchema, parameter
from directory.questions.words import LONGEST_QUESTION
from directory.suggesting import Suggestion, suggest
from geo.points import DECIMALS


class SuggestView(LeanView):
    """At most ten suggestions for a question being typed, best first."""

    KNOWN = {"q": gettext_lazy("Une question, comme on la tape ; la suggestion en complète la fin.")}

    @extend_schema(
        operation_id="suggest",
        summary="What a question being typed could become: places, activities, products, labels, services, merchants",
        parameters=[parameter(name, text) for name, text in KNOWN.items()],
        responses={200: SuggestionSchema(many=True), **PROBLEM_RESPONSES},
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        question = read_typed(request.GET)
        return json_body([as_json(suggestion) for suggestion in suggest(question, self.language)])


def read_typed(query: QueryDict) -> str:
    """The text as typed, spaces at its end included: they say that a word is finished. Raises InvalidParameters.

    Spaces alone are a question that is not begun, not a mistake.
    """
    reader = Reader(query, SuggestView.KNOWN)
    if "q" in reader.errors and reader.errors["q"].code == "empty":
        del reader.errors["q"]
    text = reader.text("q")
    if text is None:
        reader.refuse("q", "missing", _("q : un texte est attendu."))
    elif len(text) > LONGEST_QUESTION:
        reader.refuse("q", "too_long", _("q : {n} caractères au plus.").format(n=LONGEST_QUESTION))
    reader.finish()
    return query.getlist("q")[0]


def as_json(suggestion: Suggestion) -> dict[str, Any]:
    lon, lat = suggestion.position.rounded(DECIMALS) if suggestion.position else (None, None)
    body = {
        "kind": suggestion.kind,
        "code": suggestion.code,
        "label": suggestion.label,
        "lat": lat,
        "lon": lon,
        "q": suggestion.q,
        "detail": suggestion.detail,
    }
    extra = {"matched": suggestion.matched, "url": suggestion.url}
    return body | {name: value for name, value in extra.items() if value}
