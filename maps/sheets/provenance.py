"""Where each part of a sheet comes from: its sources, its position, and who vouches for its labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from directory.models import MerchantLabel, PointOfSale, SourceRecord
from directory.moderating.labels import state_on
from maps import wording


@dataclass(frozen=True)
class LabelLine:
    name: str
    state: str


@dataclass(frozen=True)
class SourceLine:
    """Where an entry comes from; the date of the source is None where it is not known."""

    slug: str
    name: str
    producer: str
    licence: str
    url: str
    published_on: date | None
    imported_at: datetime


def label_line(link: MerchantLabel) -> LabelLine:
    """A label with who vouches for it; a verification that ran out is only a declaration."""
    until = link.verified_until
    if state_on(link) != MerchantLabel.State.VERIFIED:
        return LabelLine(link.label.label, _("déclaré par le commerçant"))
    if until is None:
        return LabelLine(link.label.label, _("vérifié par {who}").format(who=link.verified_by))
    said = _("vérifié par {who}, valable jusqu'au {date}")
    return LabelLine(link.label.label, said.format(who=link.verified_by, date=date_format(until)))


def source_lines(ids: Iterable[int]) -> dict[int, list[SourceLine]]:
    """The sources of each point of sale."""
    found: dict[int, list[SourceLine]] = {}
    records = SourceRecord.objects.filter(point_of_sale__in=ids).select_related("source").order_by("source__name", "pk")
    for record in records.only("point_of_sale_id", "imported_at", "source"):
        source = record.source
        line = SourceLine(
            source.slug,
            source.name,
            source.producer,
            source.licence,
            source.url,
            source.published_on,
            record.imported_at,
        )
        found.setdefault(record.point_of_sale_id, []).append(line)
    return found


def freshness_line(place: PointOfSale) -> str:
    """ "Confirmée le 3 mai 2026", "Non confirmée depuis mars 2024"; nothing where only its source speaks for it."""
    if place.stale_since is not None or place.confirmed_at is None:
        return wording.unconfirmed(place.stale_since)
    return _("Confirmée le {date}").format(date=date_format(timezone.localtime(place.confirmed_at)))


def position_line(pin: Mapping[str, Any], place: PointOfSale, sources: Iterable[SourceLine]) -> str:
    """ "adresse au numéro, Base Adresse Nationale, mai 2026". `pin` is the card's, which knows no hidden pin."""
    precision = {
        "manual": _("placée à la main"),
        "housenumber": _("adresse au numéro"),
        "street": _("à la rue"),
        "locality": _("au lieu-dit"),
    }.get(pin["precision"])
    if precision is None:
        return _("centre de la commune")
    names = {"ban": _("Base Adresse Nationale"), "manual": "", "demo": _("inventée")}
    names |= {source.slug: source.name for source in sources}
    who = names.get(pin["source"], pin["source"])
    when = date_format(timezone.localtime(place.pin_at), "F Y") if place.pin_at else ""
    return ", ".join(part for part in (precision, who, when) if part)
