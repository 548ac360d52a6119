"""How a registration begins: by a SIRET, or a name and a commune; who that may be, here already or in the register."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from directory.models import PointOfSale, Registration
from directory.ratelimit import RateLimiter
from directory.registering import drafts, register
from directory.registering.records import Establishment, from_json
from directory.registering.twins import twins
from directory.visitors import client_address
from geo.gazetteer import gazetteer
from maps.claims.common import open_page, refused
from maps.registering.common import registration_page
from maps.registering.forms import StartForm
from maps.registering.steps import establishment, next_path, said_in
from maps.results import sheet_href

# For each client address, since a start asks the register: a market hall's worth at once. Made before workers part.
starting = RateLimiter(rate=30 / 3600, burst=30)


@open_page
def start_page(request: HttpRequest) -> HttpResponse:
    form = StartForm(request.POST if request.method == "POST" else None, initial={"key": uuid.uuid4()})
    if not form.is_bound or not form.is_valid():
        return render(request, "maps/registering/start.html", {"form": form}, status=400 if form.is_bound else 200)
    if starting.wait_for(client_address(request)):
        reason = _("Beaucoup d'inscriptions viennent de votre connexion. Attendez une heure, ou écrivez-nous.")
        return refused(request, _("Pas d'autre inscription pour l'instant"), reason, 429)
    given = form.cleaned_data
    try:
        registration = drafts.start(given["key"], request.user)
    except drafts.SomebodyElses:
        return redirect("maps:register")
    if "start" not in registration.data:
        state, found = _asked(given)
        said = {name: form.data.get(name, "") for name in ("siret", "name", "commune")}
        _keep_start(registration, said | {"siret": given["siret"]}, given["commune"], state, found)
    return redirect(after_start(registration))


def _asked(given: dict[str, Any]) -> tuple[str, list[Establishment]]:
    """What the register knows: ("found" | "none" | "away", the establishments)."""
    try:
        if given["siret"]:
            return "found", [register.by_siret(given["siret"])]
        found = register.by_name(given["name"], given["commune"])
    except register.NotFound:
        return "none", []
    except register.Unavailable:
        return "away", []
    return ("found", found) if found else ("none", [])


def _keep_start(
    registration: Registration, said: dict[str, Any], commune: str, state: str, found: list[Establishment]
) -> None:
    drafts.keep(registration, "start", said, True)
    rows = [one.as_json() for one in found]
    only = rows[0] if said["siret"] and len(found) == 1 and may_register(found[0]) else None
    drafts.change(
        registration,
        lambda data: data.update({"register": {"state": state, "found": rows}, "chosen": only, "commune": commune}),
    )


def may_register(one: Establishment) -> bool:
    """Whether it is open, and in the région."""
    return not one.closed and gazetteer().commune(one.commune) is not None


def town_of(one: Establishment) -> str:
    """The commune's name as it is written; the register has capitals."""
    entry = gazetteer().commune(one.commune)
    return entry.name if entry else one.town


def after_start(registration: Registration) -> str:
    """Straight on where there is nothing to choose or to be told."""
    data = registration.data
    found = data["register"]["found"]
    if looks_known(registration) or (found and not data.get("chosen")):
        return reverse("maps:register_found", args=[registration.key])
    return next_path(registration)


# --- Who that may be -------------------------------------------------------------------------------------------------
def looks_known(registration: Registration) -> list[PointOfSale]:
    """What is here already and may be the same, but for what the person said is not."""
    data = registration.data
    start, who, one = said_in(data, "start"), said_in(data, "who"), establishment(data)
    siret = who["siret"] if "siret" in who else one.siret if one else start.get("siret", "")
    name = who.get("name") or (one.name if one else "") or start.get("name", "")
    commune = data.get("where_commune") or (one.commune if one else "") or data.get("commune", "")
    siret = "".join(siret.split())
    return [place for place in twins(siret, name, commune) if place.siret == siret or place.pk not in _others(data)]


def _others(data: dict[str, Any]) -> list[int]:
    return list(data.get("not_mine", []))


@registration_page
def found_page(request: HttpRequest, registration: Registration) -> HttpResponse:
    """Who that may be, to choose from; always with a way on by hand, but past one's own SIRET."""
    if registration.merchant_id is not None or "register" not in registration.data:
        return redirect(next_path(registration) if registration.merchant_id else "maps:register")
    if request.method == "POST":
        _choose(registration, str(request.POST.get("siret", "")))
        known = looks_known(registration)
        return redirect(
            "maps:register_found" if known else next_path(registration), *([registration.key] if known else [])
        )
    data = registration.data
    found = [from_json(row) for row in data["register"]["found"]] if not data.get("chosen") else []
    known = looks_known(registration)
    siret = said_in(data, "who").get("siret") or said_in(data, "start").get("siret", "")
    context = {
        "registration": registration,
        "known": [_known(place) for place in known],
        "same_siret": any(place.siret and place.siret == siret for place in known),
        "open": [(one, town_of(one)) for one in found if may_register(one)],
        "closed": [one for one in found if one.closed],
        "elsewhere": [one for one in found if not one.closed and not may_register(one)],
        "correct": reverse("maps:register_step", args=[registration.key, "qui"]),
    }
    return render(request, "maps/registering/found.html", context)


def _choose(registration: Registration, siret: str) -> None:
    """An establishment of the register; or none of them, nor of what is here already."""
    known = [place.pk for place in looks_known(registration)]

    def choose(data: drafts.Data) -> None:
        rows = [row for row in data["register"]["found"] if row["siret"] == siret and may_register(from_json(row))]
        if rows:
            # What the person did not choose is nobody's business here.
            data["chosen"], data["register"]["found"] = rows[0], []
        else:
            data["not_mine"] = sorted({*_others(data), *known})
            if not data.get("chosen"):
                data["register"]["found"] = []

    drafts.change(registration, choose)


def _known(place: PointOfSale) -> dict[str, Any]:
    """What is here already: of what is not published, nothing but that."""
    if place.status != PointOfSale.Status.PUBLISHED or place.commune is None:
        return {"place": None}
    return {"place": place, "commune": place.commune.name, "sheet": sheet_href(f"/m/{place.merchant_id}/")}
