"""The base of every API view: DRF documents it, and nothing of DRF runs on the way to an answer.

A request through APIView.dispatch (negotiation, authentication, throttles, a second request object) costs 1.5 times a
plain view; our answers are bytes that need none of it. drf-spectacular still finds the views, their parameters and
their responses.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from rest_framework.views import APIView

from directory.api.errors import Problem, ProblemError, language, problem_response

GEOJSON = "application/geo+json"
MAX_AGE_S = 300
MOMENTARY_S = 60  # of answers that say what is open
READ_METHODS = "GET, HEAD, OPTIONS"


class LeanView(APIView):
    """A public GET. Subclasses define `get(request, …)`, which may raise ProblemError."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "OPTIONS":
            return preflight()
        if request.method not in ("GET", "HEAD"):
            return method_not_allowed(request)
        with language(request) as code:
            self.language = code
            try:
                return self.get(request, *args, **kwargs)
            except ProblemError as error:
                return problem_response(request, error.problem)
            except TooManyFieldsSent:
                return problem_response(request, too_many_parameters())

    get: Callable[..., HttpResponseBase]  # every subclass has its own


def preflight() -> HttpResponse:
    response = HttpResponse(status=204)
    response["Allow"] = response["Access-Control-Allow-Methods"] = READ_METHODS
    response["Access-Control-Allow-Headers"] = "*"
    response["Access-Control-Max-Age"] = "86400"
    return response


def method_not_allowed(request: HttpRequest) -> HttpResponse:
    problem = Problem(
        405, "method_not_allowed", _("Méthode refusée"), _("Cette adresse se lit seulement : utilisez GET.")
    )
    response = problem_response(request, problem)
    response["Allow"] = READ_METHODS
    return response


def too_many_parameters() -> Problem:
    """Django counts them before it reads any."""
    detail = _("Une adresse tient {most} paramètres au plus. Séparez les codes d'un même paramètre par des virgules.")
    most = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    return Problem(400, "too_many_parameters", _("Trop de paramètres"), str(detail).format(most=most))


def body(content: bytes, content_type: str = "application/json", max_age: int = MAX_AGE_S) -> HttpResponse:
    """A public, cacheable answer. The delivery middleware adds its ETag and compresses it."""
    response = HttpResponse(content, content_type=content_type)
    response["Cache-Control"] = f"public, max-age={max_age}"
    return response


def json_body(value: Any, content_type: str = "application/json", max_age: int = MAX_AGE_S) -> HttpResponse:
    return body(orjson.dumps(value), content_type, max_age)
