"""One point of sale merged into another by a person, with all that it takes to undo it (unmerging.py).

Nothing is deleted: what follows moves, what the kept one has already stays with the merged one, out of sight.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.claims import claiming, reporting
from directory.indexing import deferred_indexing
from directory.models import Claim, Consent, Deletion, Duplicate, Merchant, Merge, PointOfSale
from directory.moderating import values
from directory.moderating.moving import MERCHANT, OF_MERCHANT, OF_PLACE, PLACE, change, move_all
from directory.moderating.notices import tell

Status, Review = PointOfSale.Status, PointOfSale.Review


class MergeError(ValueError):
    """Says why, in the moderator's language."""


def why_not(kept: PointOfSale, merged: PointOfSale) -> str:
    """Why the two cannot be merged that way round; empty where they can."""
    ours, theirs = kept.merchant, merged.merchant
    if kept.pk == merged.pk:
        return _("C'est le même point de vente.")
    for place in (kept, merged):
        if place.status == Status.MERGED:
            return _("« %s » est déjà fusionné dans un autre.") % place.display_name
    if kept.status == Status.CLOSED and merged.status != Status.CLOSED:
        return _("« %s » est fermé : gardez l'autre.") % kept.display_name
    if kept.status == Status.DRAFT and merged.status == Status.PUBLISHED:
        return _("« %s » n'est qu'un brouillon, et l'autre est publié : gardez l'autre.") % kept.display_name
    if kept.demo != merged.demo:
        return _("L'un des deux est une démonstration.")
    if Deletion.objects.filter(merchant__in=(ours, theirs)).exists():
        return _("Le titulaire de l'un des deux a demandé sa suppression.")
    if ours.owner_id and theirs.owner_id and ours.owner_id != theirs.owner_id:
        return _("Chacun a son titulaire : c'est un litige, à régler d'abord entre eux.")
    if theirs.owner_id and not ours.owner_id and values.own_places(ours, [kept.pk]).exists():
        return _("Le titulaire de l'autre recevrait aussi les autres points de vente de celui-ci : gardez le sien.")
    if theirs.owner_id and not ours.owner_id and not whole(kept, merged):
        return _("Le titulaire de l'autre perdrait ce point de vente, mais pas ses autres : gardez l'autre.")
    return ""


def whole(kept: PointOfSale, merged: PointOfSale) -> bool:
    """Whether the merchant goes with its point of sale: another one, that has nothing else."""
    return kept.merchant_id != merged.merchant_id and not values.own_places(merged.merchant, [merged.pk]).exists()


def merge(kept: PointOfSale, merged: PointOfSale, choices: Mapping[str, str], by: Any) -> Merge:
    """Merge the second into the first. `choices`: by group (values.py), which one's values survive.

    Asked again, the same merge is given back. Raises MergeError.
    """
    with transaction.atomic():
        rows = PointOfSale.objects.select_for_update(of=("self", "merchant")).select_related("merchant")
        locked = {row.pk: row for row in rows.filter(pk__in=(kept.pk, merged.pk)).order_by("pk")}
        kept, merged = locked[kept.pk], locked[merged.pk]
        if merged.status == Status.MERGED and merged.merged_into_id == kept.pk:
            return Merge.objects.filter(kept=kept, merged=merged, undone_at=None).latest("at")
        if refusal := why_not(kept, merged):
            raise MergeError(refusal)
        with deferred_indexing() as written:
            done = _Merging(kept, merged, choices, by).run()
            written += [kept.pk, merged.pk, *values.own_places(kept.merchant).values_list("pk", flat=True)]
    return done


class _Merging:
    """One merge, step by step; `moved` is what its row keeps."""

    def __init__(self, kept: PointOfSale, merged: PointOfSale, choices: Mapping[str, str], by: Any):
        self.kept, self.merged, self.choices, self.by = kept, merged, choices, by
        self.whole = whole(kept, merged)
        self.why = _("fusion de « %(name)s » (nº %(id)s)") % {"name": merged.display_name, "id": merged.pk}
        self.rows: list[Any] = []
        self.lists: dict[str, Any] = {}

    def run(self) -> Merge:
        kept, merged, ours, theirs = self.kept, self.merged, self.kept.merchant, self.merged.merchant
        of_place = values.differences(kept, merged)
        of_merchant = values.differences(ours, theirs) if self.whole else []
        new = self._chosen(of_place, merged)
        new_merchant = self._chosen(of_merchant, theirs)
        if "name" in new and theirs.natural_person:
            new_merchant["natural_person"] = True
        new["reviews"] = self._reviews()
        heard = dict(self._claims().values_list("pk", "point_of_sale__merchant__owner"))
        self._change(merged, {"status": Status.MERGED, "merged_into_id": kept.pk, "reviews": []})
        self._lists(of_place)
        self._change(kept, new)
        self.rows += move_all(OF_PLACE, PLACE, merged.pk, kept.pk, self.by, self.why)
        if self.whole:
            self._merchant(new_merchant, ours, theirs)
        elif new_merchant:
            self._change(ours, new_merchant)
        self._ask_owner(heard)
        self._pair()
        tell(ours, "merged", name=merged.display_name, place=kept.pk)
        moved = {"rows": self.rows, "lists": self.lists, "owner": ours.owner_id}
        return Merge.objects.create(kept=kept, merged=merged, moved=moved, by=self.by)

    def _chosen(self, found: list[values.Difference], other: Any) -> dict[str, Any]:
        """The columns that take the merged one's values."""
        wanted = [one for one in found if self.choices.get(one.group.code, one.proposed) == values.MERGED]
        return {name: values.value(other, name) for one in wanted for name in one.group.fields}

    def _reviews(self) -> list[str]:
        """What the kept one is to be looked at for: no more as a duplicate, and for what is said of the other."""
        held = [review for review in self.kept.reviews if review != Review.DUPLICATE]
        return [*held, Review.REPORTED] if Review.REPORTED not in held and reporting.waits(self.merged) else held

    def _claims(self) -> QuerySet[Claim]:
        places = (self.kept, self.merged)
        return Claim.objects.filter(point_of_sale__in=places, state__in=claiming.TO_DECIDE)

    def _ask_owner(self, heard: Mapping[int, int | None]) -> None:
        """The owner answers to each claim first. `heard`: who was the owner of what each claimed before."""
        ours = self.kept.merchant
        for claim in self._claims().filter(point_of_sale=self.kept).exclude(by=ours.owner_id):
            if ours.owner_id not in (None, heard[claim.pk]):
                self._change(claim, claiming.disputed())
                tell(ours, "claimed", place=self.kept.pk, claim=claim.pk)

    def _lists(self, found: list[values.Difference]) -> None:
        for one in found:
            choice = self.choices.get(one.group.code, one.proposed)
            if not one.group.many or choice == values.KEPT:
                continue
            added = [pk for pk in one.merged if pk not in one.kept]
            removed = [pk for pk in one.kept if pk not in one.merged] if choice == values.MERGED else []
            links = getattr(self.kept, one.group.many)
            links.add(*added)
            links.remove(*removed)
            self.lists[one.group.many] = {"added": added, "removed": removed}

    def _change(self, row: Any, new: dict[str, Any]) -> None:
        new = {name: value for name, value in new.items() if getattr(row, name) != value}
        before = {name: values.encoded(getattr(row, name)) for name in new}
        step = change(row, new, self.by, self.why) if new else None
        if new and step is None:
            raise MergeError(_("Refusé par la base : la fiche en contredit une troisième."))
        if new:
            after = {name: values.encoded(value) for name, value in new.items()}
            self.rows.append([row._meta.label_lower, row.pk, {name: [before[name], after[name]] for name in new}])

    def _merchant(self, new: dict[str, Any], ours: Merchant, theirs: Merchant) -> None:
        """What the other merchant was, which has nothing left."""
        emptied: dict[str, Any] = {"siren": None} if "siren" in new else {}
        if theirs.owner_id:
            new["owner_id"], emptied["owner_id"] = theirs.owner_id, None
        if theirs.owner_id and ours.owner_id == theirs.owner_id:
            del new["owner_id"]
        self._change(theirs, emptied)
        self._change(ours, new)
        self._consents(new, ours, theirs)
        self.rows += move_all(OF_MERCHANT, MERCHANT, theirs.pk, ours.pk, self.by, self.why)

    def _consents(self, new: dict[str, Any], ours: Merchant, theirs: Merchant) -> None:
        """A consent goes with the number it was given for, and no other is shown by it. None stays where no owner is to
        withdraw it."""
        for field in {"phone", "email"} & new.keys():
            in_force = Consent.objects.filter(field=field, withdrawn_at=None)
            for row in in_force.filter(merchant=ours):
                self._change(row, {"withdrawn_at": timezone.now()})
            for row in in_force.filter(merchant=theirs):
                self._change(row, {"merchant_id": ours.pk})
        for row in Consent.objects.filter(merchant=theirs, withdrawn_at=None):
            self._change(row, {"withdrawn_at": timezone.now()})

    def _pair(self) -> None:
        first, second = sorted((self.kept.pk, self.merged.pk))
        now = timezone.now()
        for row in Duplicate.objects.filter(Q(first=first, second=second)):
            self._change(row, {"state": Duplicate.State.MERGED, "decided_by_id": getattr(self.by, "pk", None),
                               "decided_at": now})  # fmt: skip
