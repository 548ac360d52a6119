"""An answer inside another site's page: `/embed/?…`, the same question as the page's, and where its code is made.

Nothing else of the service may be framed. What the frame shows is told by its address too: `show` is list, map or both.
"""

from __future__ import annotations

from csp.constants import SELF
from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt

from directory.api.errors import InvalidParameters, ParameterError
from maps.backdrops import allow_backdrops
from maps.elsewhere import shareable
from maps.forms import SearchForm, asked, read
from maps.results import answer_context
from maps.views import map_files, page

SHOWS = ("both", "list", "map")
HEIGHTS = ("600", "400", "800")  # pixels
ANYBODY = "*"
FRAME = '<iframe src="{}" title="{}" width="100%" height="{}" style="border: 0" loading="lazy"></iframe>'


@xframe_options_exempt
@csp_replace({"frame-ancestors": [ANYBODY]})
@page
def embed(request: HttpRequest) -> HttpResponse:
    """The list and the map of an answer, compact; its links lead out of the frame."""
    now = timezone.now()
    query = asked(request.GET, now)
    try:
        show = taken(query, "show", SHOWS)
        found = read(query, now)
    except InvalidParameters as error:
        mistakes = SearchForm.refused(query, error.errors, now).mistakes
        context = {"mistakes": mistakes, "full_page": address("maps:search", query)}
        return render(request, "maps/embed.html", context, status=400)
    context = answer_context(found, now) | map_files() | {"show": show, "full_page": address("maps:search", query)}
    return allow_backdrops(render(request, "maps/embed.html", context))


@csp_replace({"frame-src": [SELF]})
@page
def integrate(request: HttpRequest) -> HttpResponse:
    """The code to copy into another page, what can be chosen of it, and what it will look like."""
    now = timezone.now()
    query = asked(request.GET, now)
    try:
        show, height = taken(query, "show", SHOWS), taken(query, "height", HEIGHTS)
        found = read(query, now)
    except InvalidParameters:
        return HttpResponseRedirect(address("maps:search", query))  # which says what is mistaken
    context = answer_context(found, now)
    question = QueryDict(shareable(found.question).without_page().query_string())
    framed = question.copy()
    if show != SHOWS[0]:
        framed["show"] = show
    frame = address("maps:embed", framed)
    choices = {
        "shows": [("both", _("La liste et la carte")), ("list", _("La liste")), ("map", _("La carte"))],
        "heights": sorted(HEIGHTS),
        "show": show,
        "height": height,
        "carried": list(question.items()),
        "own_query": "",  # nothing here is about where somebody is
        "frame": frame,
        "code": code(request.build_absolute_uri(frame), context["question_title"], height),
        "full_page": address("maps:search", question),
    }
    return render(request, "maps/integrate.html", context | choices)


def taken(query: QueryDict, name: str, values: tuple[str, ...]) -> str:
    """What is told of the frame, out of the question: the first of its values where nothing is."""
    value = query.pop(name, values[:1])[-1]
    if value not in values:
        detail = _("« {value} » n'est pas l'un de : {values}.").format(value=value[:60], values=", ".join(values))
        raise InvalidParameters({name: ParameterError("unknown_value", detail)})
    return value


def address(name: str, query: QueryDict) -> str:
    return f"{reverse(name)}?{query.urlencode(safe=',')}".removesuffix("?")


def code(source: str, title: str, height: str) -> str:
    """A frame as its HTML: it loads when a reader comes near, and says what is in it."""
    return format_html(FRAME, source, f"{title} – Local d'abord", height)
