"""What moderators decide: duplicates, merges, new words. And what owners are told."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from directory.models.merchant import Merchant
from directory.models.point_of_sale import PointOfSale
from directory.models.vocabulary import Product


class Duplicate(models.Model):
    """Two points of sale that may be one, with what speaks for it. `first` has the smaller id."""

    class State(models.TextChoices):
        OPEN = "open", _("à décider")
        APART = "apart", _("deux lieux distincts")
        MERGED = "merged", _("fusionnés")

    first = models.ForeignKey(PointOfSale, models.CASCADE, related_name="+", verbose_name=_("l'un"))
    second = models.ForeignKey(PointOfSale, models.CASCADE, related_name="+", verbose_name=_("l'autre"))
    # [{"code": "siret" | "name" | "phone" | "site", …figures}], the strongest first.
    reasons = models.JSONField(_("raisons"), default=list)
    score = models.FloatField(_("score"))
    state = models.CharField(_("état"), max_length=6, choices=State, default=State.OPEN)
    found_at = models.DateTimeField(_("trouvé le"), auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("décidé par")
    )
    decided_at = models.DateTimeField(_("décidé le"), null=True, blank=True)

    class Meta:
        ordering = ["-score", "id"]
        verbose_name = _("doublon possible")
        verbose_name_plural = _("doublons possibles")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="duplicate_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="duplicate_in_order"),
        ]
        indexes = [models.Index(fields=["state", "-score"], name="duplicate_state")]

    def __str__(self) -> str:
        return f"{self.first_id} / {self.second_id}"


class Merge(models.Model):
    """That one point of sale was merged into another, with all that it takes to undo it."""

    kept = models.ForeignKey(PointOfSale, models.CASCADE, related_name="merges", verbose_name=_("gardé"))
    merged = models.ForeignKey(PointOfSale, models.CASCADE, related_name="+", verbose_name=_("fusionné"))
    moved = models.JSONField(_("ce qui a changé"), default=dict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("par")
    )
    at = models.DateTimeField(_("le"), auto_now_add=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("défait par")
    )
    undone_at = models.DateTimeField(_("défait le"), null=True, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("fusion")

    def __str__(self) -> str:
        return f"{self.merged_id} → {self.kept_id}"


class TermProposal(models.Model):
    """A word for something sold that the vocabulary lacks, as merchants wrote it."""

    class State(models.TextChoices):
        OPEN = "open", _("à décider")
        ACCEPTED = "accepted", _("rattaché à un produit")
        REFUSED = "refused", _("laissé en texte libre")

    folded = models.CharField(max_length=200, unique=True, editable=False)
    said = models.CharField(_("comme écrit"), max_length=200)
    state = models.CharField(_("état"), max_length=8, choices=State, default=State.OPEN)
    product = models.ForeignKey(
        Product, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("produit")
    )
    first_at = models.DateTimeField(_("proposé le"), auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("décidé par")
    )
    decided_at = models.DateTimeField(_("décidé le"), null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["-first_at", "-id"]
        verbose_name = _("mot proposé")
        verbose_name_plural = _("mots proposés")

    def __str__(self) -> str:
        return self.said


class Gathered(models.Model):
    """Up to which record a model's history was read for notices: no earlier one can come any more."""

    model = models.CharField(max_length=50, primary_key=True)
    record = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.model}: {self.record}"


class OwnerNotice(models.Model):
    """Something that the owner is to be told: what others changed in its entry, and what was decided of it."""

    merchant = models.ForeignKey(Merchant, models.CASCADE, related_name="notices")
    # {"code": …, and what its sentence needs}: sentences are made when it is told, in the owner's language.
    what = models.JSONField(_("quoi"))
    at = models.DateTimeField(_("le"), auto_now_add=True)
    told_at = models.DateTimeField(_("dit le"), null=True, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("avis au titulaire")
        verbose_name_plural = _("avis aux titulaires")
        indexes = [models.Index(fields=["at"], condition=Q(told_at=None), name="notice_untold")]

    def __str__(self) -> str:
        return f"{self.merchant_id}: {self.at:%Y-%m-%d}"
