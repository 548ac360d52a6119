"""What is left when the line drops: a service worker that keeps the last pages, and the page for what it has not.

One worker for the whole service, which speaks the language of the page that it shows.
"""

from __future__ import annotations

import hashlib
import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from maps.templatetags.pages import asset
from maps.views import page

# What a kept page needs to be read. Scripts come from the browser's own cache; a page is complete without them.
FILES = (
    "css/base.css",
    "css/answer.css",
    "css/sheet.css",
    "css/prose.css",
    "js/offline.js",
    "img/icon.svg",
    "img/pins.svg",
)


@page
def without_line(request: HttpRequest) -> HttpResponse:
    """What one can do without a line; shown in the place of any page that is not kept."""
    return render(request, "maps/offline.html")


@page
def service_worker(request: HttpRequest) -> HttpResponse:
    """The worker's script. Its version is that of all it keeps: another version lets go of what the one before kept."""
    files = [asset(f"maps/{name}") for name in FILES]
    content = "".join(files)
    words, absent = {}, []
    for code in ("fr", "en"):
        with override(code):
            words[code] = _("Sans réponse du réseau : voici cette page comme elle était le {date}.")
            absent.append(reverse("maps:without_line"))
            content += render_to_string("maps/offline.html", request=request)
    cache = hashlib.blake2b(content.encode(), digest_size=6).hexdigest()
    told = {**words, "files": [*absent, *files], "cache": cache}
    script = render_to_string("maps/sw.js", {"told": json.dumps(told, ensure_ascii=False, separators=(",", ":"))})
    lean = "\n".join(line.strip() for line in script.splitlines())
    response = HttpResponse(lean, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"  # a new one is found at the next visit
    return response
