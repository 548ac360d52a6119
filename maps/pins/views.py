"""Check my pin: see where it lies, move it, look at what that makes, save it, and take it back.

Moving takes two steps: the first shows in words what the second saves. That the pin is right takes one.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from directory.models import PointOfSale
from directory.pinning.history import State, address_changed_since, put_back, states, undo, undoable
from directory.pinning.owners import MovedMeanwhileError, change, seen
from directory.registering.locating import Found
from geo.points import position_from
from maps.backdrops import allow_backdrops
from maps.fields import read_id
from maps.looking import looks_up
from maps.outlines import outlines_around
from maps.pins import wording as words
from maps.pins.forms import TYPED, PinForm, confirm_pin
from maps.pins.pages import drawing, found_for, told
from maps.pins.stage import stage
from maps.space.common import place_context, place_page, place_path


@require_http_methods(["GET", "HEAD", "POST"])
@place_page
@looks_up
def pin(request: HttpRequest, place: PointOfSale) -> HttpResponse:
    if request.method == "POST":
        match request.POST.get("do"):
            case "confirm":
                return confirmed(request, place)
            case "undo":
                return undone(request, place)
            case "restore":
                return restored(request, place)
            case "preview" | "save" | "edit":
                return moved(request, place)
    found = found_for(place)
    return shown(request, place, PinForm(place, found.candidates), found)


# --- What is posted --------------------------------------------------------------------------------------------------
def confirmed(request: HttpRequest, place: PointOfSale) -> HttpResponse:
    """The pin is right where it is."""
    if place.pin is None or place.pin_precision == PointOfSale.Precision.COMMUNE:
        messages.error(request, _("Choisissez d'abord où est votre porte."))
        return redirect(place_path(place, "pin"))
    try:
        change(
            request.user, place, lambda row: confirm_pin(row, request.user),
            _("épingle confirmée"), request.POST.get("seen", "?"),
        )  # fmt: skip
        messages.success(request, _("Merci : l'épingle est confirmée, aucun traitement ne la déplacera."))
    except MovedMeanwhileError:
        messages.error(request, _("L'épingle a changé entre-temps : regardez où elle est, puis confirmez."))
    return redirect(place_path(place, "pin"))


def restored(request: HttpRequest, place: PointOfSale) -> HttpResponse:
    """An earlier state is today's again."""
    row = place.history.filter(pk=read_id(request.POST.get("state", ""))).first()
    if row is None or row.pin is None:
        raise Http404
    with_address = request.POST.get("address") == "1"
    return put(request, place, row, lambda now: put_back(now, row, request.user, with_address=with_address))


def undone(request: HttpRequest, place: PointOfSale) -> HttpResponse:
    """The user's own last change is taken back, while it may be."""
    state = undoable(states(place), request.user)
    if state is None:
        messages.error(request, _("Ce changement ne s'annule plus : remettez une épingle de la liste."))
        return redirect(place_path(place, "pin"))
    return put(request, place, state.row, lambda now: undo(now, state.row, request.user))


def put(request: HttpRequest, place: PointOfSale, row: Any, apply: Callable[[PointOfSale], None]) -> HttpResponse:
    """The state of that row, unless somebody changed the pin since the page was opened."""
    reason = _("épingle remise comme le {date}").format(date=words.moment(row.history_date))
    try:
        now = change(request.user, place, apply, reason[:100], request.POST.get("seen", "?"))
    except MovedMeanwhileError:
        messages.error(request, _("L'épingle a changé entre-temps : regardez où elle est, puis choisissez à nouveau."))
    else:
        hidden = _("L'épingle est remise où elle était ; elle reste cachée.")
        messages.success(request, hidden if now.pin_hidden else _("L'épingle est remise où elle était."))
    return redirect(place_path(place, "pin"))


def moved(request: HttpRequest, place: PointOfSale) -> HttpResponse:
    """The form: once it is valid, what it makes is shown, and saved when that is what was meant."""
    found = found_for(place)
    form = PinForm(place, found.candidates, request.POST)
    if request.POST["do"] == "edit" or not form.is_valid():
        return shown(request, place, form, found, status=200 if form.is_valid() else 422)
    draft = copy(place)
    form.apply(draft, request.user)
    context = {
        "form": form,
        "told": told(draft, request.user, found),
        "public": drawing(draft, public=True),
    }
    context |= {"seen": form.cleaned_data["seen"], "meanwhile": None}
    if request.POST["do"] == "save":
        try:
            change(
                request.user, place, lambda row: form.apply(row, request.user),
                _("épingle placée par son titulaire"), form.cleaned_data["seen"] or "?",
            )  # fmt: skip
            messages.success(request, _("C'est enregistré."))
            return redirect(place_path(place, "pin"))
        except MovedMeanwhileError as error:
            context |= {"meanwhile": told(error.now, request.user, found), "seen": seen(error.now)}
    return page(request, place, "check", context, status=409 if context["meanwhile"] else 200)


# --- What is shown ---------------------------------------------------------------------------------------------------
def shown(request: HttpRequest, place: PointOfSale, form: PinForm, found: Found, status: int = 200) -> HttpResponse:
    past = states(place)
    back = undoable(past, request.user)
    context = stage(place.commune_id or "") | {
        "form": form,
        "told": told(place, request.user, found),
        "away": found.away,
        "may_confirm": place.pin is not None and place.pin_precision != PointOfSale.Precision.COMMUNE,
        "seen": seen(place),
        "past": [past_line(state, request.user) for state in past],
        "undo": back is not None,
        "undo_shows": back is not None and place.pin_hidden and not back.row.pin_hidden,
        "address_changed": address_changed_since(past),
        "address": words.address_of(place),
        "typed_value": TYPED,
        "pin_at": position_from(place.pin),
    }
    return allow_backdrops(page(request, place, "pin", context, status))


def past_line(state: State, user: Any) -> dict[str, Any]:
    """A state of the history in words."""
    row = state.row
    position = position_from(row.pin)
    return {
        "state": state,
        "when": words.moment(row.history_date),
        "who": words.by_whom(row.history_user, user),
        "where": words.how_far(position, row.commune_id) if position else _("sans épingle"),
        "how": words.how_placed(row, user) if position else "",
        "address": words.address_of(row),
        "public": words.shown_to_public(row) if row.pin_hidden else "",
    }


def page(
    request: HttpRequest, place: PointOfSale, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    return render(request, f"maps/pins/{template}.html", place_context(place) | context, status=status)


@require_safe
@place_page
def outline(request: HttpRequest, place: PointOfSale) -> JsonResponse:
    """The commune and those around it, for the map under the pin."""
    found = outlines_around(place.commune_id or "")
    if found is None:
        raise Http404
    return JsonResponse(found)
