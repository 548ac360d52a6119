"""Errors as RFC 9457 problems: one table from what went wrong to what is said, with the remedy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation.trans_real import parse_accept_lang_header

Text = str | Promise
LANGUAGES = ("fr", "en")


@dataclass(frozen=True)
class ParameterError:
    """What is wrong with one parameter. `code` is stable, for machines; `nearest` is a value that would do."""

    code: str
    detail: Text
    nearest: str | None = None

    def as_json(self) -> dict[str, str]:
        body = {"code": self.code, "detail": str(self.detail)}
        return body if self.nearest is None else body | {"nearest": self.nearest}


@dataclass(frozen=True)
class Problem:
    """A refusal: HTTP status, stable code, and what to do in words."""

    status: int
    code: str
    title: Text
    detail: Text
    errors: dict[str, ParameterError] = field(default_factory=dict)
    retry_after: int | None = None  # seconds
    extra: dict[str, Any] = field(default_factory=dict)


class ProblemError(Exception):
    """Raised anywhere below a view; the view answers with its problem."""

    def __init__(self, problem: Problem):
        super().__init__(problem.code)
        self.problem = problem


class InvalidParameters(ProblemError):  # noqa: N818
    """One or more parameters cannot be understood; `errors` has them all, by parameter."""

    def __init__(self, errors: dict[str, ParameterError]):
        self.errors = errors
        names = ", ".join(errors)
        detail = " ".join(str(error.detail) for error in errors.values())
        title = translation.ngettext("Paramètre refusé : {names}", "Paramètres refusés : {names}", len(errors))
        super().__init__(Problem(400, "invalid_parameters", title.format(names=names), detail, errors))


def not_found(detail: Text | None = None) -> ProblemError:
    detail = detail or _("Il n'y a rien à cette adresse.")
    return ProblemError(Problem(404, "not_found", _("Introuvable"), detail))


def problem_response(request: HttpRequest, problem: Problem) -> HttpResponse:
    """A problem as `application/problem+json`, in the language that the client prefers."""
    with language(request):
        body = {
            "type": "about:blank",
            "status": problem.status,
            "title": str(problem.title),
            "detail": str(problem.detail),
            "code": problem.code,
        } | problem.extra
        if problem.errors:
            body["errors"] = {name: error.as_json() for name, error in problem.errors.items()}
    response = HttpResponse(orjson.dumps(body), status=problem.status, content_type="application/problem+json")
    response["Cache-Control"] = "no-store"
    if problem.retry_after is not None:
        response["Retry-After"] = str(problem.retry_after)
    return response


def preferred_language(request: HttpRequest) -> str:
    """ "fr" or "en", as Accept-Language prefers; French where it says neither."""
    for code, _weight in parse_accept_lang_header(request.META.get("HTTP_ACCEPT_LANGUAGE", "")):
        if code[:2] in LANGUAGES:
            return code[:2]
    return "fr"


@contextmanager
def language(request: HttpRequest) -> Iterator[str]:
    """Texts made within the block are in the client's language."""
    code = preferred_language(request)
    with translation.override(code):
        yield code
