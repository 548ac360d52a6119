"""A merge undone: all as it was, but for what somebody edited since, which stays."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.claims import reporting
from directory.indexing import deferred_indexing
from directory.models import Consent, Deletion, Merchant, Merge, PointOfSale
from directory.moderating import values
from directory.moderating.merging import MergeError
from directory.moderating.moving import MERCHANT, PLACE, saved
from directory.moderating.notices import tell

Status = PointOfSale.Status
UNSAID = ("reviews", "owner_id")  # reviews are told by what waits, an owner by `_new_owner`


@dataclass(slots=True)
class Undone:
    """What came of it. `left`: what stays as it was edited, moved or deleted since the merge, in words."""

    merge: Merge
    left: list[str] = field(default_factory=list)


def unmerge(merge: Merge, by: Any) -> Undone:
    """Undo the merge; undone already, nothing is done. Raises MergeError where something later stands in the way."""
    with transaction.atomic():
        merge = Merge.objects.select_for_update().get(pk=merge.pk)
        if merge.undone_at is not None:
            return Undone(merge)
        rows = PointOfSale.objects.select_for_update().filter(pk__in=(merge.kept_id, merge.merged_id)).order_by("pk")
        places = {row.pk: row for row in rows}
        kept, merged = places[merge.kept_id], places[merge.merged_id]
        _check(merge, kept, merged)
        with deferred_indexing() as written:
            left = [*_new_owner(merge, kept), *_restore(merge, by)]
            for place in (kept, merged):
                reporting.reflag(place)
            merchants = Merchant.objects.filter(points_of_sale__in=(kept, merged))
            written += PointOfSale.objects.filter(merchant__in=merchants).values_list("pk", flat=True)
        merge.undone_by, merge.undone_at = by, timezone.now()
        merge.save(update_fields=["undone_by", "undone_at"])
        tell(kept.merchant, "unmerged", name=merged.display_name, place=kept.pk)
    return Undone(merge, left)


def _check(merge: Merge, kept: PointOfSale, merged: PointOfSale) -> None:
    if kept.status == Status.MERGED:
        raise MergeError(
            _("« %s » a été fusionné à son tour dans un autre : défaites d'abord cette fusion-là.") % kept.display_name
        )
    if merged.merged_into_id != kept.pk:
        raise MergeError(_("« %s » n'est plus fusionné dans celui-ci.") % merged.display_name)
    if Deletion.objects.filter(merchant__in=(kept.merchant_id, merged.merchant_id)).exists():
        raise MergeError(_("Le titulaire de l'un des deux a demandé sa suppression."))
    before: dict[int, dict[str, Any]] = {}
    for label, id_, columns in merge.moved["rows"]:
        if label == PointOfSale._meta.label_lower:
            before.setdefault(id_, {}).update(columns)
    for place in (kept, merged):
        columns = before.get(place.pk, {})
        siret = columns["siret"][0] if "siret" in columns and place.siret == columns["siret"][1] else place.siret
        status = columns.get("status", [place.status])[0]
        others = PointOfSale.objects.live().filter(siret=siret).exclude(pk__in=(kept.pk, merged.pk))
        if siret and status not in (Status.CLOSED, Status.MERGED) and (other := others.first()):
            words = {"siret": siret, "name": other.display_name, "id": other.pk}
            raise MergeError(_("Le SIRET %(siret)s est devenu celui de « %(name)s » (nº %(id)s).") % words)


def _new_owner(merge: Merge, kept: PointOfSale) -> list[str]:
    """What came to an owner since may be the other's: only a person can tell."""
    if kept.merchant.owner_id == merge.moved["owner"]:
        return []
    return [_("le titulaire de « %s » : vérifiez laquelle des deux fiches est à lui") % kept.display_name]


def _restore(merge: Merge, by: Any) -> list[str]:
    """Put back lists, then rows, the last written first."""
    left = []
    kept = merge.kept
    for name, done in merge.moved["lists"].items():
        links = getattr(kept, name)
        links.remove(*done["added"])
        known = links.model.objects.filter(pk__in=done["removed"])
        links.add(*known)
    why = _("fusion défaite")
    for label, id_, columns in reversed(merge.moved["rows"]):
        left += _put_back(label, id_, columns, by, why)
    return list(dict.fromkeys(left))


def _put_back(label: str, id_: int, columns: dict[str, list[Any]], by: Any, why: str) -> list[str]:
    """One row; what of it stays as it is."""
    model: Any = apps.get_model(label)
    row = model._base_manager.filter(pk=id_).first()
    if row is None:
        return [_("%s : supprimé depuis") % model._meta.verbose_name]
    now = {name: values.encoded(getattr(row, name)) for name in columns}
    if any(now[name] != after for name, (_before, after) in columns.items() if name in (PLACE, MERCHANT)):
        return [_("%s : déplacé depuis") % model._meta.verbose_name]
    # An edited house number leaves the street that goes with it, too.
    edited = values.going_with([name for name, (_before, after) in columns.items() if now[name] != after])
    # Its owner may have withdrawn it as well, and found it withdrawn: it is given anew, or not at all.
    withdrawn = {"withdrawn_at"} & columns.keys() if model is Consent else set()
    old = {name: values.decoded(before) for name, (before, _after) in columns.items() if name not in edited | withdrawn}
    if old and not saved(row, old, by, why):
        raise MergeError(_("Refusé par la base : une autre fiche a pris depuis ce qui était à l'une des deux."))
    if withdrawn:
        return [_("%s : à redonner") % model._meta.verbose_name]
    return [values.title_of(name) for name in columns if name in edited and name not in UNSAID]
