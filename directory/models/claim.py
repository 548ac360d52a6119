"""What people say of an entry that is not theirs, or that they say is theirs."""

from __future__ import annotations

from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from directory.models.point_of_sale import PointOfSale
from geo.points import SRID


class Report(models.Model):
    """That somebody says something is wrong with a published point of sale."""

    class Kind(models.TextChoices):
        PIN = "pin", _("l'épingle est mal placée")
        MOVED = "moved", _("le commerce a déménagé")
        CLOSED = "closed", _("le commerce a fermé")
        HOURS = "hours", _("les horaires sont faux")
        OTHER = "other", _("autre chose")

    class State(models.TextChoices):
        OPEN = "open", _("à traiter")
        ACCEPTED = "accepted", _("corrigé")
        REFUSED = "refused", _("sans suite")

    point_of_sale = models.ForeignKey(
        PointOfSale, models.CASCADE, related_name="reports", verbose_name=_("point de vente")
    )
    kind = models.CharField(_("quoi"), max_length=6, choices=Kind)
    text = models.TextField(_("ce qui est dit"), blank=True)
    point = models.PointField(_("où elle devrait être"), srid=SRID, null=True, blank=True, spatial_index=False)
    # By how many, where nobody said anything else.
    times = models.PositiveSmallIntegerField(_("fois"), default=1)
    # To be told what became of it; deleted when that is done.
    email = models.EmailField(_("courriel"), blank=True)
    state = models.CharField(_("état"), max_length=8, choices=State, default=State.OPEN)
    created_at = models.DateTimeField(_("signalé le"), auto_now_add=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("traité par")
    )
    handled_at = models.DateTimeField(_("traité le"), null=True, blank=True)

    history = HistoricalRecords(excluded_fields=["email"])

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = _("signalement")
        indexes = [models.Index(fields=["state", "created_at"], name="report_state")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} (nº {self.point_of_sale_id})"


class Claim(models.Model):
    """That a person with a proven address says that a point of sale is theirs."""

    class Means(models.TextChoices):
        CONTACT = "contact", _("code envoyé au contact de la fiche")
        LETTER = "letter", _("code d'une lettre à l'adresse de l'établissement")
        MODERATOR = "moderator", _("décision d'un modérateur")

    class State(models.TextChoices):
        PENDING = "pending", _("attend un code")
        ASKED = "asked", _("attend une décision")
        DISPUTED = "disputed", _("contestée : la fiche a un titulaire")
        GRANTED = "granted", _("accordée")
        REFUSED = "refused", _("refusée")

    point_of_sale = models.ForeignKey(
        PointOfSale, models.CASCADE, related_name="claims", verbose_name=_("point de vente")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="claims", verbose_name=_("demandée par")
    )
    siret = models.CharField(_("SIRET donné"), max_length=14, blank=True)
    means = models.CharField(_("preuve"), max_length=9, choices=Means)
    state = models.CharField(_("état"), max_length=8, choices=State, default=State.PENDING)
    text = models.TextField(_("explication"), blank=True)
    # A keyed digest of the code that was sent to the contact on file, and how often a wrong one was given.
    code = models.CharField(max_length=64, blank=True, editable=False)
    code_at = models.DateTimeField(null=True, blank=True, editable=False)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("demandée le"), auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("décidée par"),
    )
    decided_at = models.DateTimeField(_("décidée le"), null=True, blank=True)
    why = models.CharField(_("motif"), max_length=300, blank=True)
    # Since when the owner has been asked, and what it says to that.
    disputed_at = models.DateTimeField(_("contestée depuis"), null=True, blank=True)
    answer = models.TextField(_("réponse du titulaire"), blank=True)

    history = HistoricalRecords(excluded_fields=["code"])

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = _("revendication")
        indexes = [models.Index(fields=["state", "created_at"], name="claim_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["point_of_sale", "by"],
                condition=Q(state__in=["pending", "asked", "disputed"]),
                name="claim_one_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} (nº {self.point_of_sale_id})"


class LetterBatch(models.Model):
    """Letters that were printed together: a commune's, or one."""

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("par")
    )
    commune = models.ForeignKey(
        "geo.Commune", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("commune")
    )
    made_at = models.DateTimeField(_("le"), auto_now_add=True)

    class Meta:
        ordering = ["-made_at", "-id"]
        verbose_name = _("envoi de lettres")
        verbose_name_plural = _("envois de lettres")

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d} {self.commune or ''}".strip()


class Letter(models.Model):
    """A one-time code printed for an establishment. The code itself is kept nowhere: a lost letter is printed anew."""

    batch = models.ForeignKey(LetterBatch, models.CASCADE, related_name="letters")
    point_of_sale = models.ForeignKey(PointOfSale, models.CASCADE, related_name="letters")
    code = models.CharField(max_length=64, unique=True, editable=False)
    used_at = models.DateTimeField(_("utilisée le"), null=True, blank=True)

    class Meta:
        verbose_name = _("lettre")

    def __str__(self) -> str:
        return f"{self.point_of_sale_id}"
