"""What the pages that edit a point of sale share."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst

from directory.models import PointOfSale
from maps.space.common import place_context, place_path


def shown(
    request: HttpRequest, place: PointOfSale, template: str, context: dict[str, Any], refused: bool = False
) -> HttpResponse:
    """A page of the point of sale; `refused` where something typed needs another look."""
    status = 422 if refused else 200
    return render(request, f"maps/editing/{template}.html", place_context(place) | context, status=status)


def kinds() -> list[tuple[str, str]]:
    """What a point of sale may be, to choose from."""
    return [(value, str(capfirst(label))) for value, label in PointOfSale.Kind.choices]


def done(request: HttpRequest, place: PointOfSale, page: str, said: str, *args: Any) -> HttpResponse:
    """To a page of the point of sale, which says what was done."""
    messages.success(request, said)
    return redirect(place_path(place, page, *args))
