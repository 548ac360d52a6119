"""Photographs as pages show them, and the address at which each is served while its point of sale is public."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import override
from django.views.decorators.http import require_safe

from directory import photos
from directory.models import Photo, PointOfSale
from directory.owners.access import place_of

# It never changes under its name, and is asked for again all the same: what is withdrawn goes from others' caches too.
KEPT = "public, max-age=300"
# Styles are the browser's own, with which it shows an image by itself.
LOCKED = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@dataclass(frozen=True)
class Picture:
    id: int
    href: str
    text: str
    width: int
    height: int
    kilobytes: int


def pictures(place_ids: Iterable[int]) -> dict[int, list[Picture]]:
    """The photographs of each point of sale, in their order."""
    found: dict[int, list[Picture]] = {}
    for photo in Photo.objects.filter(point_of_sale__in=place_ids).order_by("rank", "pk"):
        kilobytes = max(1, round(photo.size / 1000))
        picture = Picture(photo.pk, href(photo), photo.text, photo.width, photo.height, kilobytes)
        found.setdefault(photo.point_of_sale_id, []).append(picture)
    return found


def href(photo: Photo) -> str:
    """One address for all languages, so that caches hold one copy."""
    with override("fr"):
        return reverse("maps:photo", args=[photo.pk, name_of(photo)])


def name_of(photo: Photo) -> str:
    """What nobody guesses of the file's name: "photos/1f….jpg" -> "1f…"."""
    return str(photo.file.name).rpartition("/")[2].partition(".")[0]


@require_safe
def photo(request: HttpRequest, id: str, name: str) -> HttpResponseBase:
    """The JPEG: to everybody while the point of sale is published, else to its owner."""
    found = Photo.objects.filter(pk=int(id)).select_related("point_of_sale").first()
    if found is None or name_of(found) != name:
        raise Http404
    public = found.point_of_sale.status == PointOfSale.Status.PUBLISHED
    if not public and place_of(request.user, found.point_of_sale_id) is None:
        raise Http404
    content = photos.file_of(found)
    if content is None:
        raise Http404
    etag = f'"{name}"'
    response = get_conditional_response(request, etag=etag) or HttpResponse(content, content_type="image/jpeg")
    response._csp_exempt = True  # type: ignore[attr-defined]  # its own, which lets it do nothing at all
    response["Content-Security-Policy"] = LOCKED
    response["ETag"] = etag
    response["Cache-Control"] = KEPT if public else "private, no-store"
    return response
