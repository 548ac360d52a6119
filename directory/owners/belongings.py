"""What belongs to a merchant in the tables of history, found in the models so that none is forgotten."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from django.apps import apps
from django.db import models
from simple_history.models import HistoricalChanges

from directory.models import Merchant, PointOfSale


def past_places(merchants: Collection[int]) -> set[int]:
    """Their points of sale of earlier days, which only history knows."""
    ids = set(PointOfSale.history.filter(merchant__in=merchants).values_list("id", flat=True))
    return ids - set(PointOfSale.objects.filter(pk__in=ids).values_list("pk", flat=True))


def histories(merchants: Collection[int], places: Collection[int]) -> Iterator[models.QuerySet[Any]]:
    """The rows of history of the merchants, of the points of sale, and of all that hangs from either."""
    yield Merchant.history.filter(id__in=merchants)
    for model, field in _hanging():
        ids = merchants if field.related_model is Merchant else places
        yield model._default_manager.filter(**{f"{field.name}__in": ids})
    yield PointOfSale.history.filter(id__in=places)


def _hanging() -> Iterator[tuple[type[models.Model], models.Field[Any, Any]]]:
    """The models of history, many-to-many ones too, whose rows went with a merchant or a point of sale; by which field.

    Not by one that merely names another: whom a point of sale was merged into.
    """
    for model in apps.get_models():
        if not issubclass(model, HistoricalChanges):
            continue
        for field in model._meta.get_fields():
            if not isinstance(field, models.ForeignKey) or field.related_model not in (Merchant, PointOfSale):
                continue
            live = model.instance_type._meta.get_field(field.name)  # type: ignore[attr-defined]
            if live.remote_field.on_delete is models.CASCADE:
                yield model, field
