"""What every request passes: rate limit, conditional and compressed delivery, and outages of the database."""

from __future__ import annotations

import gzip
import hashlib
import logging
import math
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import cast

import brotli
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation import gettext_lazy as _
from psycopg.errors import QueryCanceled

from directory.api.errors import Problem, problem_response
from directory.api.lean import LeanView
from directory.ratelimit import parse_limit
from directory.visitors import client_address

GetResponse = Callable[[HttpRequest], HttpResponseBase]
logger = logging.getLogger(__name__)
COMPRESSIBLE = re.compile(r"^(text/|application/(geo\+|problem\+)?json|application/javascript|image/svg)")
BROTLI, GZIP = re.compile(r"\bbr\b"), re.compile(r"\bgzip\b")
SMALLEST_COMPRESSED = 500  # bytes: below, headers weigh more than what is gained
# Data is no page: nothing in it may load, run or be framed. Pages have their policy from settings.
API_POLICY = "default-src 'none'; frame-ancestors 'none'"
BEST_QUALITY = 11  # for what is kept for ever: outlines of 18 kB instead of 21, and only once
BROTLI_QUALITY = 5  # 50 features, 29 kB: 4.5 kB in 0.22 ms; 4 gives 4.9 kB in 0.16, 3 gives 5.1 kB in 0.09


def is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")


def refuse(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The same refusal as JSON for programs, as a page for people."""
    if is_api(request):
        return problem_response(request, problem)
    response = render(request, "maps/problem.html", {"problem": problem}, status=problem.status)
    if problem.retry_after is not None:
        response["Retry-After"] = str(problem.retry_after)
    return response


class RateLimitMiddleware:
    """429 with Retry-After above the limit of `settings.RATE_LIMIT`, for each client address."""

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response
        self.limiter = parse_limit(settings.RATE_LIMIT)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        wait = self.limiter.wait_for(client_address(request)) if self.limiter else 0.0
        if wait:
            problem = Problem(
                429,
                "too_many_requests",
                _("Trop de demandes"),
                _("Réessayez dans quelques secondes ; pour de gros volumes, prenez le fichier du jour à /donnees/."),
                retry_after=math.ceil(wait),
            )
            return refuse(request, problem)
        return self.get_response(request)


class DeliveryMiddleware:
    """Weak ETag from the body before compression, 304 when it matches, then Brotli or gzip; CORS for the API."""

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if is_api(request):
            if "private" not in response.get("Cache-Control", ""):  # what needs a session is for our own pages alone
                response["Access-Control-Allow-Origin"] = "*"
            patch_vary_headers(response, ("Accept-Language",))
            response.headers.setdefault("Content-Security-Policy", API_POLICY)
        if not COMPRESSIBLE.match(response.get("Content-Type", "")):
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        if isinstance(response, HttpResponse) and request.method in ("GET", "HEAD") and response.status_code == 200:
            tag = f'W/"{hashlib.blake2b(response.content, digest_size=12).hexdigest()}"'
            response["ETag"] = tag
            if tag in parse_etags(request.META.get("HTTP_IF_NONE_MATCH", "")):
                return not_modified(response)
        compress(request, response)
        if not response.streaming and not response.has_header("Content-Length"):
            response["Content-Length"] = str(len(cast(HttpResponse, response).content))
        return response


def not_modified(response: HttpResponse) -> HttpResponseNotModified:
    """304 with the headers that a cache needs to go on using what it has."""
    answer = HttpResponseNotModified()
    for name in ("Cache-Control", "Content-Location", "ETag", "Expires", "Vary", "Access-Control-Allow-Origin"):
        if name in response:
            answer[name] = response[name]
    answer.cookies = response.cookies
    return answer


def compress(request: HttpRequest, response: HttpResponseBase) -> None:
    """Compress the body in place, as the client accepts."""
    accepted = request.META.get("HTTP_ACCEPT_ENCODING", "")
    encoding = "br" if BROTLI.search(accepted) else "gzip" if GZIP.search(accepted) else None
    if encoding is None or response.has_header("Content-Encoding"):
        return
    if isinstance(response, StreamingHttpResponse):
        if encoding == "br" and not response.is_async:
            response.streaming_content = brotli_stream(cast("Iterator[bytes]", response.streaming_content))
            response["Content-Encoding"] = encoding
        return
    body = cast(HttpResponse, response).content
    if len(body) < SMALLEST_COMPRESSED:
        return
    if encoding == "gzip":
        packed = gzip.compress(body, 5)
    elif "immutable" in response.get("Cache-Control", ""):
        packed = packed_for_ever(body)
    else:
        packed = brotli.compress(body, quality=BROTLI_QUALITY)
    cast(HttpResponse, response).content = packed
    response["Content-Encoding"] = encoding
    response["Content-Length"] = str(len(packed))


@lru_cache(maxsize=32)
def packed_for_ever(body: bytes) -> bytes:
    return bytes(brotli.compress(body, quality=BEST_QUALITY))


def brotli_stream(chunks: Iterator[bytes]) -> Iterator[bytes]:
    compressor = brotli.Compressor(quality=BROTLI_QUALITY)
    for chunk in chunks:
        if packed := compressor.process(chunk):
            yield packed
    yield compressor.finish()


class OutageMiddleware:
    """When the database is away: ask once more on a new connection, then 503 with Retry-After, never 500.

    Requests of the API end here: what follows (sessions, sign-in, CSRF, messages) is for pages and took them 0.2 ms.
    """

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        match = lean_match(request)
        if match is None:
            return self.get_response(request)
        request.get_host()  # refuses a host that is not ours, as CommonMiddleware does for pages
        request.resolver_match = match
        try:
            return cast(HttpResponseBase, match.func(request, *match.args, **match.kwargs))
        except (OperationalError, InterfaceError) as error:
            return after_outage(request, error)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        return after_outage(request, error) if isinstance(error, OperationalError | InterfaceError) else None


def lean_match(request: HttpRequest) -> ResolverMatch | None:
    """The view of the API that answers, where it is one that needs no session."""
    return _lean_match(request.path_info) if is_api(request) else None


@lru_cache(maxsize=128)
def _lean_match(path: str) -> ResolverMatch | None:
    """Remembered: to find it takes 12 µs, and addresses do not change while the service runs."""
    try:
        match = resolve(path)
    except Resolver404:
        return None  # a missing slash, or no such address: CommonMiddleware and the page of errors know
    return match if issubclass(getattr(match.func, "cls", object), LeanView) else None


def after_outage(request: HttpRequest, error: Exception) -> HttpResponseBase:
    """Ask once more where that is harmless; else say what happened."""
    if isinstance(error.__cause__, QueryCanceled):
        return refuse(request, too_broad())
    connection.close()
    match = request.resolver_match
    if request.method in ("GET", "HEAD") and match is not None:
        try:
            return cast(HttpResponseBase, match.func(request, *match.args, **match.kwargs))
        except (OperationalError, InterfaceError):
            connection.close()
    logger.warning("database unavailable: %s", type(error).__name__)
    return refuse(request, unavailable())


def too_broad() -> Problem:
    return Problem(
        503,
        "query_too_broad",
        _("Question trop large"),
        _("La réponse demandait plus de 2 secondes de calcul. Réduisez le rayon, ou ajoutez un lieu ou un produit."),
        retry_after=5,
    )


def unavailable() -> Problem:
    return Problem(
        503,
        "database_unavailable",
        _("Service momentanément indisponible"),
        _("La base de données ne répond pas. Rien n'est perdu : réessayez dans quelques secondes."),
        retry_after=5,
    )
