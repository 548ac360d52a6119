"""sitemap.xml: an index of sections, each a list of pages in both languages, sent as it is read.

Django's own numbers pages by OFFSET and holds each in memory: here a file of sheets is a range of their numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial
from xml.sax.saxutils import escape

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.http import require_safe

from directory import published
from directory.vocabulary import vocabulary
from geo.coverage.figures import editions
from geo.gazetteer import gazetteer
from maps import selections
from maps.plain.subjects import commune_path, departement_path, term_path
from maps.views import page

# A page's French address, and when it last changed, where that is known.
Page = tuple[str, datetime | None]
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
SCHEMA = "http://www.sitemaps.org/schemas/sitemap/0.9"
MAX_AGE_S = 3600
TEXTS = ("search", "help", "data", "legal", "privacy", "accessibility")


@require_safe
def index(request: HttpRequest) -> HttpResponseBase:
    with override("fr"):
        urls = [request.build_absolute_uri(reverse("maps:sitemap_section", args=[name])) for name in sections()]
    entries = "".join(f"<sitemap><loc>{escape(url)}</loc></sitemap>\n" for url in urls)
    content = f'{DECLARATION}<sitemapindex xmlns="{SCHEMA}">\n{entries}</sitemapindex>\n'
    return xml(HttpResponse(content))


@page
def robots(request: HttpRequest) -> HttpResponse:
    with override("fr"):
        listed = request.build_absolute_uri(reverse("maps:sitemap"))
    return HttpResponse(
        f"User-agent: *\nDisallow: /gestion/\n\nSitemap: {listed}\n", content_type="text/plain; charset=utf-8"
    )


@require_safe
def section(request: HttpRequest, name: str) -> HttpResponseBase:
    known = sections()
    if name not in known:
        raise Http404
    pages = known[name]()
    base = request.build_absolute_uri("/").removesuffix("/")
    return xml(StreamingHttpResponse(written(pages, base)))


# --- What each section lists -----------------------------------------------------------------------------------------
def _texts() -> list[Page]:
    return _in_french(lambda: (reverse(f"maps:{name}") for name in TEXTS))


def _coverage() -> list[Page]:
    """The région's page of broadband and those of its départements."""
    parts = ("", *(f"?departement={code}" for code in gazetteer().departements))
    return _in_french(lambda: [reverse("maps:coverage") + part for part in parts])


def _communes() -> list[Page]:
    codes = published.communes()
    return _in_french(lambda: (commune_path(entry) for entry in gazetteer().entries if entry.code in codes))


def _departements() -> list[Page]:
    ground = gazetteer()
    codes = {entry.departement for code in published.communes() if (entry := ground.commune(code))}
    return _in_french(lambda: map(departement_path, sorted(codes)))


def _terms(dimension: str) -> list[Page]:
    codes = published.terms(dimension)
    return _in_french(lambda: (term_path(term) for term in vocabulary().of(dimension) if term.code in codes))


def _platforms() -> list[Page]:
    """Their list, and each that is real."""
    with override("fr"):
        return [(reverse("maps:platforms"), None), *published.platforms()]


def _selections() -> list[Page]:
    return _in_french(selections.listed)


def _in_french(paths: Callable[[], Iterable[str]]) -> list[Page]:
    with override("fr"):
        return [(path, None) for path in paths()]


def sections() -> dict[str, Callable[[], Iterable[Page]]]:
    """Our own texts, and what is published, unless all of it is invented; sheets in files of so many."""
    known: dict[str, Callable[[], Iterable[Page]]] = {"textes": _texts}
    if (edition := editions().default) and not edition.demo:
        known["couverture"] = _coverage
    if published.platforms():
        known["plateformes"] = _platforms
    if _selections():
        known["selections"] = _selections
    shares = published.shares()
    if shares:
        known |= {
            "departements": _departements,
            "communes": _communes,
            "activites": partial(_terms, "activity"),
            "produits": partial(_terms, "product"),
        }
    return known | {f"fiches-{share}": partial(published.sheets, share) for share in shares}


# --- XML -------------------------------------------------------------------------------------------------------------
def xml(response: HttpResponseBase) -> HttpResponseBase:
    response["Content-Type"] = "text/xml; charset=utf-8"
    response["Cache-Control"] = f"public, max-age={MAX_AGE_S}"
    return response


def written(pages: Iterable[Page], base: str) -> Iterator[str]:
    yield f'{DECLARATION}<urlset xmlns="{SCHEMA}" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
    for path, changed in pages:
        urls = {"fr": escape(f"{base}{path}"), "en": escape(f"{base}/en{path}")}
        when = f"<lastmod>{changed.isoformat(timespec='seconds')}</lastmod>" if changed else ""
        alternates = "".join(
            f'<xhtml:link rel="alternate" hreflang="{code}" href="{url}"/>' for code, url in urls.items()
        )
        yield "".join(f"<url><loc>{url}</loc>{when}{alternates}</url>\n" for url in urls.values())
    yield "</urlset>\n"
