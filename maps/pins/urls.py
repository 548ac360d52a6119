"""The addresses of the page of a pin, below /mon-commerce/<id>/epingle/."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path


def to_come(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


urlpatterns = [
    path("", to_come, name="pin"),
    path("adresse/", to_come, name="own_address"),
]
