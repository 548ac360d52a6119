"""Everything that is kept of an owner, as JSON: what it wrote, what others wrote of it, and what each row was before.

Rows go out as they are read: a merchant of any size takes the memory of one row.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.gis.geos import Point
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Max, Min, Q, QuerySet
from django.utils import timezone
from simple_history.models import HistoricalChanges

from directory.models import (
    AssistedEntry,
    CaseEvent,
    Claim,
    ConnectionReport,
    Consent,
    Deletion,
    Duplicate,
    GapCase,
    Letter,
    Merchant,
    MerchantLabel,
    Merge,
    Offer,
    OwnerNotice,
    Photo,
    PinRequest,
    PointOfSale,
    Registration,
    Report,
    Schedule,
    SoldOn,
    SourceRecord,
    Term,
)
from directory.owners.access import merchants_of
from directory.owners.belongings import histories, past_places
from geo.models import Commune
from geo.points import Position

OF_MERCHANT = (Merchant, MerchantLabel, Consent, SoldOn, OwnerNotice, Deletion, AssistedEntry)
OF_PLACE = (PointOfSale, Offer, Photo, Report, ConnectionReport, PinRequest, GapCase, SourceRecord, Letter)
OF_ACCOUNT = (Registration, Claim)
# When such a row was written: what was said to an owner before, or of it, is not the next one's.
WRITTEN: dict[type[models.Model], str] = {
    AssistedEntry: "at", ConnectionReport: "at", Consent: "given_at", OwnerNotice: "at", Report: "created_at",
}  # fmt: skip
# What hangs from a merchant and is not handed out, and why.
LEFT_OUT_MODELS: dict[type[models.Model], str] = {
    CaseEvent: "what officials note may name others: the data protection officer hands it out, read through",
    Duplicate: "speaks of somebody else's entry as well",
    Merge: "speaks of somebody else's entry as well",
}
# By model: the fields that are not handed out. Secrets open something; others' addresses are theirs.
LEFT_OUT: dict[type[models.Model], dict[str, str]] = {
    User: dict.fromkeys(
        ("id", "password", "is_staff", "is_superuser", "is_active", "groups", "user_permissions"),
        "a secret, or what the account may do, which is not said of a person",
    ),
    Merchant: {"labels": "under `merchantlabel`", "owner": "the account itself"},
    PointOfSale: {"products": "under `offer`"},
    Report: {"email": "of who reported"},
    Claim: {"code": "a secret"},
    Letter: {"code": "a secret"},
    Registration: {"key": "a secret", "owner": "the account itself"},
    AssistedEntry: {"form": "a number against double taps"},
}
NOBODY, ONESELF, ANOTHER = None, "moi", "quelqu'un d'autre"


def export(user: Any) -> Iterator[str]:
    """The JSON text of everything, piece by piece: account, registrations, claims, and each merchant with its own."""
    yield f'{{"fait_le": {_json(timezone.now())},\n"account": {_json(_row(user, user))}'
    yield from _section("registration", Registration.objects.filter(owner=user), user)
    yield from _section("claim", Claim.objects.filter(by=user), user)
    yield ',\n"merchants": ['
    for number, id_ in enumerate(merchants_of(user).values_list("pk", flat=True)):
        yield ",\n" if number else "\n"
        yield from _merchant(id_, user)
    yield "]}\n"


def _merchant(id_: int, user: Any) -> Iterator[str]:
    places = list(PointOfSale.objects.filter(merchant=id_).values_list("pk", flat=True))
    since = _since(id_, user)
    yield "{"
    sections: list[tuple[type[models.Model], Q]] = []
    sections += [(model, Q(pk=id_) if model is Merchant else Q(merchant=id_)) for model in OF_MERCHANT]
    sections += [
        (model, Q(pk__in=places) if model is PointOfSale else Q(point_of_sale__in=places)) for model in OF_PLACE
    ]
    for number, (model, condition) in enumerate(sections):
        if since is not None and model in WRITTEN:
            condition &= Q(**{f"{WRITTEN[model]}__gte": since})
        rows = model._default_manager.filter(condition)
        yield from _section(str(model._meta.model_name), rows, user, first=number == 0)
    yield ',\n"history": {'
    places += past_places([id_])
    for number, rows in enumerate(_told(id_, places, user, since)):
        yield from _section(str(rows.model._meta.model_name), rows, user, first=number == 0)
    yield "}}"


def _told(id_: int, places: list[int], user: Any, since: datetime | None) -> Iterator[QuerySet[Any]]:
    """The history since the merchant is the user's: what it was under an owner before is that owner's."""
    for rows in histories([id_], places):
        named = {field.name for field in rows.model._meta.get_fields()}
        if getattr(rows.model, "instance_type", None) is Claim:
            rows = rows.filter(by=user.pk)
        if since is not None:
            rows = rows.filter(
                **{"history_date__gte" if "history_date" in named else "history__history_date__gte": since}
            )
        yield rows.order_by("pk")


def _since(id_: int, user: Any) -> datetime | None:
    """When the merchant became the user's, if it was somebody else's before."""
    told = Merchant.history.filter(id=id_)
    last = told.exclude(owner=None).exclude(owner=user.pk).aggregate(at=Max("history_date"))["at"]
    if last is None:
        return None
    first: datetime | None = told.filter(owner=user.pk, history_date__gt=last).aggregate(at=Min("history_date"))["at"]
    return first or last


def _section(name: str, rows: QuerySet[Any], user: Any, first: bool = False) -> Iterator[str]:
    yield f'{"" if first else ","}\n"{name}": ['
    for number, row in enumerate(rows.iterator(chunk_size=200)):
        yield (",\n " if number else "\n ") + _json(_row(row, user))
    yield "]"


def _row(row: models.Model, user: Any) -> dict[str, Any]:
    """The row by the names of its fields, links as what they lead to is called."""
    source = row.instance_type if isinstance(row, HistoricalChanges) else type(row)
    hidden = LEFT_OUT.get(source, {})
    told = {}
    for field in row._meta.concrete_fields:
        if field.name not in hidden:
            told[field.name] = _value(row, field, user)
    for many in row._meta.many_to_many:
        if many.name not in hidden:
            told[many.name] = [_called(each) for each in getattr(row, many.name).all()]
    return told


def _value(row: models.Model, field: models.Field[Any, Any], user: Any) -> Any:
    value = field.value_from_object(row)
    if field.related_model is User:
        return NOBODY if value is None else ONESELF if value == user.pk else ANOTHER
    if field.related_model is not None and issubclass(field.related_model, Term | Schedule | Commune):
        found = field.related_model._base_manager.filter(pk=value).first() if value is not None else None
        return _called(found) if found is not None else value
    if isinstance(value, Point):
        return Position.from_geos(value).rounded()
    if isinstance(field, models.FileField):
        return f"{settings.MEDIA_URL}{value}"
    return value


def _called(row: models.Model) -> str:
    """A word of the vocabulary by its code, a commune by its INSEE code, opening hours by their text."""
    return str(row.code if isinstance(row, Term) else row.text if isinstance(row, Schedule) else row.pk)


def _json(value: Any) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
