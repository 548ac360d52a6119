"""`/api/v1/departements/{code}/cases/`: the worklist for the département's officials, by the session of their sign-in.

Nothing here is public: no cache keeps it, no other site's page reads it, and another département's is not found.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import orjson
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.views import APIView

from directory.api.errors import Problem, ProblemError, language, not_found, problem_response
from directory.api.lean import method_not_allowed
from directory.api.reader import Reader
from directory.api.schema import PROBLEM, parameter
from directory.gaps import exporting, worklist
from directory.gaps.access import contact, departements_of, name_of
from directory.gaps.columns import Audience, Line
from directory.gaps.filters import SWITCHES, options, read
from directory.gaps.worklist import PAGE, SORTS, Filters
from directory.models import CaseEvent, GapCase
from geo.models import Departement

PARAMETERS: dict[str, Any] = {
    "epci": _("SIREN d'une intercommunalité."),
    "commune": _("Code INSEE d'une commune."),
    "activity": _("Code d'activité ; ceux qui en descendent comptent."),
    "state": format_lazy(_("État du dossier : {values}."), values=", ".join(GapCase.State.values)),
    "need": format_lazy(_("Besoin : {values}."), values=", ".join(GapCase.Need.values)),
    "assignee": _("me, none, ou le numéro d'un agent du département."),
    "overdue": _("1 : ceux dont la prochaine date est passée."),
    "reported": _("1 : ceux dont le commerçant a répondu."),
    "left": _("1 : ceux qui sont sortis de la zone, au lieu de ceux qui y sont."),
    "sort": format_lazy(_("Ordre : {values}."), values=", ".join(SORTS)),
    "page": format_lazy(_("Numéro de page, à partir de 1 ; {n} dossiers par page."), n=PAGE),
}
MOST_PAGES = 100_000
RESPONSES: dict[Any, Any] = {
    (200, "application/json"): OpenApiResponse(OpenApiTypes.OBJECT),
    **{(status, "application/problem+json"): PROBLEM for status in (400, 403, 404, 405, 429, 503)},
}


class OfficialView(APIView):
    """A GET for the officials of the département that its address names. Subclasses define `get`."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with language(request):
            try:
                response = self._answer(request, *args, **kwargs)
            except ProblemError as error:
                response = problem_response(request, error.problem)
        patch_cache_control(response, private=True, no_store=True)
        return response

    def _answer(self, request: HttpRequest, code: str, **kwargs: Any) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD"):
            return method_not_allowed(request)
        if not request.user.is_authenticated:
            detail = _("Ces dossiers sont aux agents du département : connectez-vous à /agents/.")
            raise ProblemError(Problem(403, "sign_in_required", _("Connexion nécessaire"), detail))
        departement = departements_of(request.user).only("code", "name").filter(code=code).first()
        if departement is None:
            raise not_found()
        return self.get(request, departement, **kwargs)

    get: Callable[..., HttpResponseBase]  # every subclass has its own


class CasesView(OfficialView):
    @extend_schema(
        operation_id="cases",
        summary="A page of the département's worklist; for its officials, by their session",
        parameters=[
            OpenApiParameter("code", str, OpenApiParameter.PATH),
            *(parameter(name, text) for name, text in PARAMETERS.items()),
        ],
        responses=RESPONSES,
    )
    def get(self, request: HttpRequest, departement: Departement, **kwargs: Any) -> HttpResponse:
        reader = Reader(request.GET, PARAMETERS)
        filters, number = read_filters(reader, departement.code, request.user), reader.whole("page", 1, MOST_PAGES, 1)
        reader.finish()
        found = worklist.cases(filters, timezone.localdate())
        total = found.order_by().count()
        start = (number - 1) * PAGE
        shown = [as_json(line) for line in exporting.lines(found[start : start + PAGE], Audience.DEPARTEMENT)]
        body = {"departement": departement.code, "numberMatched": total, "numberReturned": len(shown), "cases": shown}
        if start + PAGE < total:
            following = urlencode({**request.GET.dict(), "page": number + 1})
            body["next"] = request.build_absolute_uri(f"{request.path}?{following}")
        return answer(body)


class CaseView(OfficialView):
    @extend_schema(
        operation_id="case",
        summary="One case of the département, with its history; for its officials, by their session",
        parameters=[OpenApiParameter("code", str, OpenApiParameter.PATH)],
        responses=RESPONSES,
    )
    def get(self, request: HttpRequest, departement: Departement, **kwargs: Any) -> HttpResponse:
        Reader(request.GET, {}).finish()
        own = GapCase.objects.filter(departement=departement, pk=kwargs["id"])
        line = next(exporting.lines(own, Audience.DEPARTEMENT), None)
        if line is None:
            raise not_found(_("Aucun dossier du département ne porte ce numéro."))
        events = line.case.events.select_related("by", "assignee")
        return answer(as_json(line) | {"events": [event_json(event) for event in events]})


def answer(body: dict[str, Any]) -> HttpResponse:
    return HttpResponse(orjson.dumps(body), content_type="application/json")


def read_filters(reader: Reader, departement: str, user: Any) -> Filters:
    """The filters of the worklist's page, refused one by one where they cannot be understood."""
    epci = reader.text("epci") or ""
    values = {name: [value for value, _name in named] for name, named in options(departement, epci).items()}
    given = {name: reader.one_of(name, known) for name, known in (values | {"sort": list(SORTS)}).items()}
    return read(departement, given | {name: reader.flag(name) for name in SWITCHES}, user)


def as_json(line: Line) -> dict[str, Any]:
    """A case as its officials see it. `own_report` is its merchant's word, never a figure."""
    case, place = line.case, line.place
    return {
        "id": case.pk,
        "point_of_sale": place.pk,
        "merchant": place.merchant_id,
        "name": place.display_name,
        "address": {"street": place.street, "postcode": place.postcode},
        "commune": {"code": case.commune_id, "name": case.commune.name},
        "epci": case.epci_id,
        "pin": {"lat": line.position.lat, "lon": line.position.lon, "precision": line.precision},
        "activities": sorted(activity.code for activity in place.activities.all()),
        "contact": contact(place.merchant),
        **finding_json(line),
        "priority": case.priority,
        "points": case.points,
        "in_gap": case.in_gap,
        "state": case.state,
        "need": case.need,
        "assignee": person(case.assignee),
        "next_on": case.next_on,
        "flagged_at": case.flagged_at,
        "contacted_at": case.contacted_at,
        "solved_at": case.solved_at,
        "own_report": report_json(line),
        "demo": line.demo,
    }


def finding_json(line: Line) -> dict[str, Any]:
    """What the case rests on; all of it null where that was replaced since, and is not kept."""
    case = line.case
    found = {
        "class": case.finding, "indicator": case.indicator or None, "eligible": case.eligible,
        "premises": case.premises, "evidence": case.evidence, "source": line.source, "edition": line.dated,
        "planned_on": case.planned_on, "copper_on": case.copper_on,
    }  # fmt: skip
    return dict.fromkeys(found) if case.evidence_gone else found


def report_json(line: Line) -> dict[str, Any] | None:
    report = line.report
    if report is None:
        return None
    speed = None if report.download_mbit is None else float(report.download_mbit)
    return {
        "at": report.at, "fibre": report.fibre, "download_mbit": speed, "operator": report.operator,
        "comment": report.comment,
    }  # fmt: skip


def event_json(event: CaseEvent) -> dict[str, Any]:
    return {
        "at": event.at, "by": person(event.by), "before": event.before, "after": event.after, "need": event.need,
        "assignee": person(event.assignee), "next_on": event.next_on, "note": event.note,
    }  # fmt: skip


def person(user: Any) -> dict[str, Any] | None:
    return None if user is None else {"id": user.pk, "name": name_of(user)}
