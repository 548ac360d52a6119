"""The addresses of what an owner edits, below /mon-commerce/<id>/."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from maps.editing import hours, offers, photos, reach


def to_come(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


urlpatterns = [
    path("", to_come, name="own_place"),
    path("horaires/", hours.own_hours, name="own_hours"),
    path("produits/", offers.own_offers, name="own_offers"),
    path("produits/<int:offer>/", offers.own_offer, name="own_offer"),
    path("photos/", photos.own_photos, name="own_photos"),
    path("photos/<int:photo>/", photos.own_photo, name="own_photo"),
    path("services/", to_come, name="own_services"),
    path("presentation/", to_come, name="own_about"),
    path("zone/", reach.own_reach, name="own_reach"),
]
