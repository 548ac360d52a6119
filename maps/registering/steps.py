"""The steps of a registration: which come in which order, what each asks, and what was said in all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from directory.models import PointOfSale, Registration
from directory.pinning import hides_pin_by_default
from directory.registering.consent import VERSION
from directory.registering.drafts import Data
from directory.registering.locating import found_from_json
from directory.registering.publishing import Said
from directory.registering.records import Establishment, from_json
from directory.registering.selling import activities_of, kind_of
from geo.gazetteer import gazetteer
from maps.fields import coordinates
from maps.pins.forms import CENTRE
from maps.registering.forms import DoorForm, WhatForm, WhereForm, WhoForm


@dataclass(frozen=True, slots=True)
class Step:
    """`name` is the key of its answers, `slug` its address. `form` makes it, bound to answers or with first values."""

    name: str
    slug: str
    title: str | Promise
    form: Callable[..., forms.Form]
    first: Callable[[Data], dict[str, Any]]


def establishment(data: Data) -> Establishment | None:
    """What the register says of the business, once it was chosen."""
    return from_json(data["chosen"]) if data.get("chosen") else None


def said_in(data: Data, name: str) -> dict[str, Any]:
    """What was typed in a step; nothing before."""
    return dict(data.get(name, {}).get("said", {}))


# --- First values: of the register, or of what was typed to begin with -----------------------------------------------
def _who(data: Data) -> dict[str, Any]:
    start, one = said_in(data, "start"), establishment(data)
    if one is None:
        return {"name": start.get("name", ""), "siret": start.get("siret", "")}
    name = one.name or start.get("name", "")
    return {"name": name, "siret": one.siret, "kind": kind_of(activities_of(one.naf))}


def _where(data: Data) -> dict[str, Any]:
    one = establishment(data)
    if one is None:
        return {"commune": said_in(data, "start").get("commune", "")}
    entry = gazetteer().commune(one.commune)
    return {"street": one.street, "postcode": one.postcode, "commune": entry.name if entry else ""}


def _pin(data: Data) -> dict[str, Any]:
    """The best place that the address has, for the person to confirm; else the centre."""
    what = _what_form(data, said_in(data, "what"))
    hidden = what.is_valid() and hides_pin_by_default(what.activities())
    found = found_from_json(data.get("found", {}))
    where = coordinates(found.candidates[0].position) if found.candidates else CENTRE
    return {"hidden": hidden, "where": where}


# --- Forms -----------------------------------------------------------------------------------------------------------
def _what_form(data: Data, bound: Any, **more: Any) -> WhatForm:
    one = establishment(data)
    return WhatForm(bound, naf=one.naf if one else "", **more)


def _pin_form(data: Data, bound: Any, **more: Any) -> DoorForm:
    return DoorForm(bound, found=found_from_json(data.get("found", {})), commune=data["where_commune"], **more)


STEPS = (
    Step("who", "qui", gettext_lazy("Qui"), lambda data, bound, **more: WhoForm(bound, **more), _who),
    Step("where", "ou", gettext_lazy("Où"), lambda data, bound, **more: WhereForm(bound, **more), _where),
    Step("what", "quoi", gettext_lazy("Quoi"), _what_form, lambda data: {}),
    Step("pin", "epingle", gettext_lazy("Épingle"), _pin_form, _pin),
)
LAST = gettext_lazy("Publier")


def of_slug(slug: str) -> Step | None:
    return next((step for step in STEPS if step.slug == slug), None)


def shown(step: Step, data: Data) -> forms.Form:
    """The form as the person left it: with its errors where it was not right, with first values before."""
    kept = data.get(step.name)
    if kept is None:
        return step.form(data, None, initial=step.first(data))
    return step.form(data, kept["said"]) if not kept["ok"] else step.form(data, None, initial=kept["said"])


def missing(data: Data) -> Step | None:
    """The first step that is not done."""
    return next((step for step in STEPS if not data.get(step.name, {}).get("ok")), None)


def next_path(registration: Registration) -> str:
    """Where to go on."""
    if registration.merchant_id is not None:
        return reverse("maps:registered", args=[registration.key])
    step = missing(registration.data)
    if step is None:
        return reverse("maps:register_publish", args=[registration.key])
    return step_path(registration, step)


def step_path(registration: Registration, step: Step) -> str:
    return reverse("maps:register_step", args=[registration.key, step.slug])


# --- All together ----------------------------------------------------------------------------------------------------
def read(data: Data) -> Said | None:
    """All that was said, checked anew; None where something is lacking, or is not right any more."""
    if missing(data):
        return None
    made: dict[str, Any] = {step.name: step.form(data, said_in(data, step.name)) for step in STEPS}
    if not all(form.is_valid() for form in made.values()):
        return None
    who, where, pin = (made[name].cleaned_data for name in ("who", "where", "pin"))
    door: DoorForm = made["pin"]
    to_refine = pin["where"] == CENTRE and found_from_json(data.get("found", {})).away

    def put_pin(place: PointOfSale, by: Any) -> None:
        door.apply(place, by)
        if to_refine:
            place.pin_source = "gazetteer"  # nobody chose the centre: it stands in for the address

    return Said(
        name=who["name"], siret=who["siret"], kind=who["kind"], street=where["street"], postcode=where["postcode"],
        commune=where["commune"].code, activities=made["what"].activities(),
        lines=made["what"].cleaned_data["products"], put_pin=put_pin, to_refine=to_refine, consent=VERSION,
    )  # fmt: skip
