"""The steps: each keeps what was typed, right or wrong, and leads on to the next."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from directory.models import Registration
from directory.registering import drafts
from directory.registering.locating import Found, found_from_json, look
from maps.backdrops import allow_backdrops
from maps.looking import looks_up
from maps.outlines import outlines_around
from maps.pins.forms import TYPED
from maps.pins.stage import stage
from maps.registering.common import page, registration_page
from maps.registering.doors import looked_at
from maps.registering.forms import WhatForm, WhereForm
from maps.registering.selling import lines_said
from maps.registering.starting import looks_known
from maps.registering.steps import STEPS, Step, establishment, missing, next_path, of_slug, said_in, shown

LOOK = "look"


@registration_page
def resume_page(request: HttpRequest, registration: Registration) -> HttpResponse:
    """Where the person left it."""
    return redirect(next_path(registration))


@registration_page
@looks_up
def step_page(request: HttpRequest, registration: Registration, slug: str) -> HttpResponse:
    step = of_slug(slug)
    if step is None:
        raise Http404
    before = missing(registration.data)
    too_far = before is not None and STEPS.index(step) > STEPS.index(before)
    if registration.merchant_id is not None or too_far:
        return redirect(next_path(registration))
    if request.method == "POST":
        return _answered(request, registration, step)
    if step.name == "pin":
        _look(registration)
    return _shown(request, registration, step, shown(step, registration.data))


def _answered(request: HttpRequest, registration: Registration, step: Step) -> HttpResponse:
    sent = {name: request.POST.getlist(name)[-1] for name in request.POST if name not in ("csrfmiddlewaretoken", "do")}
    form = step.form(registration.data, sent)
    ok = form.is_valid()
    said = {name: sent.get(name, "") for name in form.fields}
    if ok and isinstance(form, WhereForm):
        _keep_where(registration, form, said)
    else:
        drafts.keep(registration, step.name, said, ok)
    if not ok or request.POST.get("do") == LOOK:
        return _shown(request, registration, step, form, 200 if ok else 400)
    if step.name in ("who", "where") and looks_known(registration):
        return redirect("maps:register_found", registration.key)
    return redirect(next_path(registration))


def _keep_where(registration: Registration, form: WhereForm, said: dict[str, Any]) -> None:
    """The address, and where it may be. Another address is another pin, which is asked for anew."""
    given = form.cleaned_data
    commune = given["commune"].code
    address = [given["street"], given["postcode"], commune]

    def place(data: drafts.Data) -> None:
        if data.get("address") != address:
            data.pop("pin", None)
            data.update({"address": address, "where_commune": commune, "found": Found(away=True).as_json()})

    drafts.keep(registration, "where", said, True, place)  # before the address service is waited for
    _look(registration)


def _look(registration: Registration) -> None:
    """Ask the address service what it did not say yet, unless another address is given meanwhile."""
    data = registration.data
    if not data.get("found", {}).get("away"):
        return
    address = data["address"]
    found = look(*address)

    def place(kept: drafts.Data) -> None:
        if kept.get("address") == address:
            kept["found"] = found.as_json()

    if not found.away:
        drafts.change(registration, place)


def _shown(request: HttpRequest, registration: Registration, step: Step, form: Any, status: int = 200) -> HttpResponse:
    data = registration.data
    context: dict[str, Any] = {"form": form}
    match step.name:
        case "who":
            context |= {"one": establishment(data), "register": data.get("register", {}).get("state", "")}
        case "what":
            context["lines"] = _lines(form, data)
        case "pin":
            context |= _around_pin(registration, form)
            return allow_backdrops(page(request, "step_pin", registration, step, context, status))
    return page(request, f"step_{step.name}", registration, step, context, status)


def _around_pin(registration: Registration, form: Any) -> dict[str, Any]:
    """What the map under the pin is made of, how the address service did, and what the pin would be, as it is said."""
    street, _postcode, code = registration.data["address"]
    found = found_from_json(registration.data["found"])
    return (
        stage(code)
        | looked_at(form.would_be(), found)
        | {
            "outline": reverse("maps:register_outline", args=[registration.key]),
            "away": found.away,
            "nothing": not found.candidates,
            "street": street,
            "pin_at": None,
            "typed_value": TYPED,
        }
    )


@registration_page
def outline_page(request: HttpRequest, registration: Registration) -> HttpResponse:
    """The commune and those around it, for the map under the pin."""
    found = outlines_around(registration.data.get("where_commune", ""))
    if found is None:
        raise Http404
    return JsonResponse(found)


def _lines(form: Any, data: drafts.Data) -> Any:
    """What was understood of the products, once they were written and can be read."""
    read = form if form.is_bound else WhatForm(said_in(data, "what"))
    read.full_clean()
    return lines_said(read.cleaned_data.get("products", ()))
