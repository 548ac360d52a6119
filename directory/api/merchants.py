"""`/api/v1/merchants/`: the answer to a question, one of its features, and its exports."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema

from directory import search
from directory.api import answers
from directory.api.errors import Problem, ProblemError, not_found
from directory.api.interpret import as_json
from directory.api.lean import GEOJSON, LeanView, body, json_body
from directory.api.parameters import parse_question, question_reader, read_asked
from directory.api.schema import PROBLEM_RESPONSES, QUESTION_PARAMETERS, AnswerSchema
from directory.api.serializers import PointOfSaleSerializer
from directory.models import PointOfSale, SearchEntry
from directory.questions import Question
from directory.search import Answer
from directory.summary import summary

MOST_EXPORTED = 50_000


class MerchantsView(LeanView):
    @extend_schema(
        operation_id="merchants",
        summary="Points of sale that answer a question, one feature for each",
        parameters=QUESTION_PARAMETERS,
        responses={(200, GEOJSON): AnswerSchema, **PROBLEM_RESPONSES},
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        question, understood = read_asked(question_reader(request.GET))
        answer = search.answer(question)
        more = {}
        if understood is not None:
            more["interpretation"] = as_json(understood, question.centre, self.language)
        content = answers.feature_collection(answer, summary(answer, self.language), links(request, answer), more)
        return body(content, GEOJSON)


class MerchantView(LeanView):
    @extend_schema(
        operation_id="merchant",
        summary="One point of sale, with what it sells and its merchant's other points of sale",
        responses={(200, GEOJSON): PointOfSaleSerializer, **PROBLEM_RESPONSES},
    )
    def get(self, request: HttpRequest, id: int) -> HttpResponseBase:
        entry = SearchEntry.objects.filter(pk=id).select_related("id__merchant", "id__schedule").first()
        if entry is not None:
            return json_body(PointOfSaleSerializer(entry, context={"language": self.language}).data, GEOJSON)
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
        question, _total = exportable(request)
        rows = answers.csv_stream(search.every_hit(question, MOST_EXPORTED))
        return attachment(rows, "text/csv; charset=utf-8", "merchants.csv")


class MerchantsGeojsonView(LeanView):
    @extend_schema(
        operation_id="merchants_geojson",
        summary="The whole answer as one GeoJSON document, streamed, up to 50,000 points of sale",
        parameters=QUESTION_PARAMETERS,
        responses={(200, GEOJSON): AnswerSchema, **PROBLEM_RESPONSES},
    )
    def get(self, request: HttpRequest) -> StreamingHttpResponse:
        question, total = exportable(request)
        features = answers.feature_stream(search.every_hit(question, MOST_EXPORTED), total)
        return attachment(features, GEOJSON, "merchants.geojson")


def exportable(request: HttpRequest) -> tuple[Question, int]:
    """The question and its total. Raises 413 with the count where the answer is too long for one file."""
    question = parse_question(request.GET).without_page()
    total = search.answer(question).total
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


def attachment(content: object, content_type: str, name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(content, content_type=content_type)  # type: ignore[arg-type]
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "public, max-age=300"
    return response


def links(request: HttpRequest, answer: Answer) -> list[dict[str, str]]:
    """Where this page, the next and the previous are."""
    pages = (("self", answer.question), ("next", answer.next), ("prev", answer.previous))
    base = request.build_absolute_uri(request.path)
    return [
        {"rel": rel, "type": GEOJSON, "href": f"{base}?{urlencode(page.parameters(), safe=',')}".rstrip("?")}
        for rel, page in pages
        if page is not None
    ]
