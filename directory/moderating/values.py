"""The values of two entries that a merge chooses between, and how they are kept as JSON to be put back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, Point
from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.models import Merchant, PointOfSale

KEPT, MERGED, BOTH = "kept", "merged", "both"
Precision = PointOfSale.Precision


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that go together: one choice decides on all of them. `many`: a list, which may also be united."""

    code: str
    title: Any
    fields: tuple[str, ...] = ()
    many: str = ""


PLACE_GROUPS = (
    Group("name", _("nom"), ("name",)),
    Group("kind", _("type"), ("kind",)),
    Group("siret", _("SIRET"), ("siret",)),
    Group("address", _("adresse"), ("street", "postcode", "commune_id")),
    Group("pin", _("épingle"), (
        "pin", "pin_precision", "pin_source", "pin_score", "pin_label", "pin_at", "pin_by_id",
    )),
    Group("pin_hidden", _("épingle cachée"), ("pin_hidden",)),
    Group("schedule", _("horaires"), ("schedule_id",)),
    Group("service_radius_km", _("se déplace à (km)"), ("service_radius_km",)),
    Group("service_communes", _("se déplace à"), many="service_communes"),
    Group("activities", _("activités"), many="activities"),
    Group("services", _("services"), many="services"),
)  # fmt: skip
# Chosen only where the other merchant has no other point of sale, and so nothing left to say them of.
MERCHANT_GROUPS = (
    Group("siren", _("SIREN"), ("siren",)),
    Group("description", _("description"), ("description_fr", "description_en")),
    Group("website", _("site"), ("website",)),
    Group("shop_url", _("boutique en ligne"), ("shop_url",)),
    Group("phone", _("téléphone"), ("phone",)),
    Group("email", _("courriel"), ("email",)),
)
EMPTY = (None, "")


@dataclass(frozen=True, slots=True)
class Difference:
    """What the two say differently, and what is proposed to survive."""

    group: Group
    kept: tuple[Any, ...]
    merged: tuple[Any, ...]
    proposed: str


def value(row: models.Model, name: str) -> Any:
    """A field as a merge sees it: a point of sale's name is what it is called."""
    return row.display_name if isinstance(row, PointOfSale) and name == "name" else getattr(row, name)


def says(row: models.Model, group: Group) -> tuple[Any, ...]:
    """The group's values; of a list, the ids."""
    if group.many:
        return tuple(getattr(row, group.many).order_by("pk").values_list("pk", flat=True))
    return tuple(value(row, name) for name in group.fields)


def differences(kept: models.Model, merged: models.Model) -> list[Difference]:
    """Where the two rows of one model differ."""
    groups = PLACE_GROUPS if isinstance(kept, PointOfSale) else MERCHANT_GROUPS
    found = []
    for group in groups:
        one, other = says(kept, group), says(merged, group)
        if one != other and not (group.code == "pin" and one[0] is not None and one[0] == other[0]):
            found.append(Difference(group, one, other, _proposed(group, one, other)))
    return found


def _proposed(group: Group, one: tuple[Any, ...], other: tuple[Any, ...]) -> str:
    """The kept one's, unless it says nothing or less. Hidden wins: a merge shows no pin that somebody hid."""
    if group.many:
        return BOTH
    if group.code == "pin_hidden":
        return KEPT if one[0] else MERGED
    if group.code == "pin":
        vague = one[0] is None or one[1] == Precision.COMMUNE
        return MERGED if vague and other[0] is not None and other[1] != Precision.COMMUNE else KEPT
    return MERGED if all(each in EMPTY for each in one) else KEPT


def own_places(merchant: Merchant, but: Iterable[int] = ()) -> models.QuerySet[PointOfSale]:
    """The merchant's points of sale that were not merged away."""
    return merchant.points_of_sale.exclude(status=PointOfSale.Status.MERGED).exclude(pk__in=list(but))


def encoded(given: Any) -> Any:
    """A field's value as JSON."""
    if isinstance(given, Point):
        return {"point": given.hexewkb.decode()}
    return {"time": given.isoformat()} if isinstance(given, datetime) else given


def decoded(kept: Any) -> Any:
    """What `encoded` was given."""
    if isinstance(kept, dict):
        return GEOSGeometry(kept["point"]) if "point" in kept else datetime.fromisoformat(kept["time"])
    return kept


def going_with(fields: Iterable[str]) -> set[str]:
    """The fields, and those that one choice decides together with any of them."""
    named = set(fields)
    return named.union(*(group.fields for group in (*PLACE_GROUPS, *MERCHANT_GROUPS) if named & {*group.fields}))


def title_of(field: str) -> str:
    """What a field is called where a choice shows it."""
    named = (group.title for group in (*PLACE_GROUPS, *MERCHANT_GROUPS) if field in (*group.fields, group.many))
    return str(next(named, field))
