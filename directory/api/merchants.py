"""`/api/v1/merchants/`: the answer to a question, one of its features, and its exports."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema

from directory import demand, search
from directory.api import answers
from directory.api.errors import Problem, ProblemError, not_found
from directory.api.interpret import as_json
from directory.api.lean import GEOJSON, MAX_AGE_S, MOMENTARY_S, LeanView, body, json_body
from directory.api.parameters import parse_question, question_reader, read_asked
from directory.api.schema import PROBLEM_RESPONSES, QUESTION_PARAMETERS, AnswerSchema, parameter
from directory.api.serializers import PointOfSaleSerializer
from directory.facets import facets
from directory.models import PointOfSale, SearchEntry
from directory.questions import Question
from directory.relaxations import relaxations
from directory.search import Answer
from directory.summary import summary

MOST_EXPORTED = 50_000
# What the API tells beside the answer.
FACETS = {"facets": _("1 : combien chaque code donnerait, seul à sa place, pour chaque vocabulaire et pour open.")}


class MerchantsView(LeanView):
    @extend_schema(
        operation_id="merchants",
        summary="Points of sale that answer a question, one feature for each",
        parameters=[*QUESTION_PARAMETERS, parameter("facets", FACETS["facets"])],
        responses={(200, GEOJSON): AnswerSchema, **PROBLEM_RESPONSES},
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        reader = question_reader(request.GET, FACETS)
        with_facets = reader.flag("facets")
        now = timezone.now()
        question, understood = read_asked(reader, now)
        answer = search.answer(question, now)
        more: dict[str, Any] = {}
        if understood is not None:
            # Where the person is: only lat and lon say that.
            position = question.centre if question.place is None else None
            more["interpretation"] = as_json(understood, position, self.language)
        if with_facets:
            more["facets"] = answers.facets_json(facets(question, now), self.language)
        if not answer.total:
            more["relaxations"] = [answers.relaxation_json(way) for way in relaxations(question, now)]
        pages = links(request, answer, {"facets": "1"} if with_facets else {})
        content = answers.feature_collection(answer, summary(answer, self.language), pages, more)
        demand.record(answer, request)
        return body(content, GEOJSON, max_age(answer, with_facets))


class MerchantView(LeanView):
    @extend_schema(
        operation_id="merchant",
        summary="One point of sale, with what it sells and its merchant's other points of sale",
        responses={(200, GEOJSON): PointOfSaleSerializer, **PROBLEM_RESPONSES},
    )
    def get(self, request: HttpRequest, id: int) -> HttpResponseBase:
        entry = SearchEntry.objects.filter(pk=id).select_related("id__merchant", "id__schedule", "area").first()
        if entry is not None:
            shown = PointOfSaleSerializer(entry, context={"language": self.language}).data
            known = shown["properties"]["open_now"] is not None
            return json_body(shown, GEOJSON, MOMENTARY_S if known else MAX_AGE_S)
        merged_into = (
            PointOfSale.objects.filter(pk=id, status=PointOfSale.Status.MERGED)
            .values_list("merged_into", flat=True)
            .first()
        )
        if merged_into is None:
            raise not_found(_("Aucun point de vente publié ne porte ce numéro."))
        return HttpResponsePermanentRedirect(reverse("api:merchant", args=[merged_into]))


class MerchantsCsvView(LeanView):
    @extend_schema(
        operation_id="merchants_csv",
        summary="The whole answer as CSV, up to 50,000 points of sale",
        parameters=QUESTION_PARAMETERS,
        responses={(200, "text/csv"): OpenApiResponse(str), **PROBLEM_RESPONSES},
    )
    def get(self, request: HttpRequest) -> StreamingHttpResponse:
        now = timezone.now()
        question, _total = exportable(request, now)
        rows = answers.csv_stream(search.every_hit(question, MOST_EXPORTED, now))
        return attachment(rows, "text/csv; charset=utf-8", "merchants.csv", question)


class MerchantsGeojsonView(LeanView):
    @extend_schema(
        operation_id="merchants_geojson",
        summary="The whole answer as one GeoJSON document, streamed, up to 50,000 points of sale",
        parameters=QUESTION_PARAMETERS,
        responses={(200, GEOJSON): AnswerSchema, **PROBLEM_RESPONSES},
    )
    def get(self, request: HttpRequest) -> StreamingHttpResponse:
        now = timezone.now()
        question, total = exportable(request, now)
        features = answers.feature_stream(search.every_hit(question, MOST_EXPORTED, now), total)
        return attachment(features, GEOJSON, "merchants.geojson", question)


def exportable(request: HttpRequest, now: datetime) -> tuple[Question, int]:
    """The question and its total at `now`. Raises 413 with the count where the answer is too long for one file."""
    question = parse_question(request.GET, now).without_page()
    total = search.count(question, now)
    if total > MOST_EXPORTED:
        detail = _("La réponse compte {total} points de vente ; un fichier en tient {most}. Précisez la question.")
        raise ProblemError(
            Problem(
                413,
                "too_many_features",
                _("Réponse trop longue"),
                str(detail).format(total=total, most=MOST_EXPORTED),
                extra={"numberMatched": total, "limit": MOST_EXPORTED},
            )
        )
    return question, total


def attachment(content: object, content_type: str, name: str, question: Question) -> StreamingHttpResponse:
    response = StreamingHttpResponse(content, content_type=content_type)  # type: ignore[arg-type]
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    age = MAX_AGE_S if question.opening is None else MOMENTARY_S
    response["Cache-Control"] = f"public, max-age={age}"
    return response


def max_age(answer: Answer, with_facets: bool) -> int:
    """Short where the answer says what is open."""
    says = with_facets or answer.unknown_hours is not None or any(hit.open_now is not None for hit in answer.hits)
    return MOMENTARY_S if says else MAX_AGE_S


def links(request: HttpRequest, answer: Answer, more: dict[str, str]) -> list[dict[str, str]]:
    """Where this page, the next and the previous are; `more` are parameters of the view's own."""
    pages = (("self", answer.question), ("next", answer.next), ("prev", answer.previous))
    base = request.build_absolute_uri(request.path)
    return [
        {
            "rel": rel,
            "type": GEOJSON,
            "href": f"{base}?{urlencode([*page.parameters(), *more.items()], safe=',')}".rstrip("?"),
        }
        for rel, page in pages
        if page is not None
    ]
