"""What may lie under a map: our own outlines, or, once a person chooses them, the images of another service."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Backdrop:
    """Images by tile: `address` as Leaflet's tile layer takes it."""

    code: str
    name: str
    address: str
    credit: Promise
    credit_url: str

    @property
    def host(self) -> str:
        return urlsplit(self.address).netloc


IGN = urlencode(
    {
        "SERVICE": "WMTS",
        "REQUEST": "GetTile",
        "VERSION": "1.0.0",
        "LAYER": "GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2",
        "STYLE": "normal",
        "TILEMATRIXSET": "PM",
        "FORMAT": "image/png",
    },
    safe="/",
)
BACKDROPS = (
    Backdrop(
        "ign",
        "Plan IGN",
        f"https://data.geopf.fr/wmts?{IGN}&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}",
        _("© IGN, Plan IGN"),
        "https://geoservices.ign.fr/planign",
    ),
    Backdrop(
        "osm",
        "OpenStreetMap",
        "https://tile.openstreetmap.org/{z}/{x}/{y}.png",
        _("© les contributeurs d'OpenStreetMap"),
        "https://www.openstreetmap.org/copyright",
    ),
)


def allow_backdrops(response: HttpResponse) -> HttpResponse:
    """Let a page with a map show the images, and no other page: django-csp's own way to widen one answer."""
    response._csp_update = {"img-src": [f"https://{backdrop.host}" for backdrop in BACKDROPS]}  # type: ignore[attr-defined]
    return response
