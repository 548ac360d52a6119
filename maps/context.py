"""What every page knows: the région, the language, and the same page in the other language. Asks no database."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest

from maps.wording import language

NAMES = {"fr": "Français", "en": "English"}


def region(request: HttpRequest) -> dict[str, Any]:
    """For every template, error pages included: nothing here may fail."""
    active = language()
    french_path = without_language(request.path)
    base = f"{request.scheme}://{host(request)}"
    paths = {"fr": french_path, "en": f"/en{french_path}"}
    return {
        "region": settings.REGION,
        "legal": settings.REGION.get("legal", {}),
        "language": active,
        "home": "/en/" if active == "en" else "/",
        "canonical_url": base + paths[active],
        "alternates": [(code, base + path) for code, path in paths.items()],
        "other_language": [(code, NAMES[code], path) for code, path in paths.items() if code != active],
    }


def without_language(path: str) -> str:
    """The French address of a page, whose English one begins with /en/."""
    return path[3:] if path.startswith("/en/") else "/" if path == "/en" else path


def host(request: HttpRequest) -> str:
    """The host as asked; the page that refuses a wrong one has none to show."""
    try:
        return request.get_host()
    except DisallowedHost:
        return "localhost"
