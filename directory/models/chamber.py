"""Who works for a chamber, and what was registered for a merchant by one of them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from directory.models.merchant import Merchant


class ChamberAgent(models.Model):
    """That a person works for one of the région's chambers (settings.REGION["chambers"], by kind)."""

    class Chamber(models.TextChoices):
        COMMERCE = "commerce", _("chambre de commerce et d'industrie")
        TRADES = "trades", _("chambre de métiers et de l'artisanat")
        AGRICULTURE = "agriculture", _("chambre d'agriculture")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="chambers", verbose_name=_("compte")
    )
    chamber = models.CharField(_("chambre"), max_length=12, choices=Chamber)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("agent d'une chambre")
        verbose_name_plural = _("agents des chambres")
        constraints = [models.UniqueConstraint(fields=["user", "chamber"], name="chamberagent_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.chamber}"


class ChamberUpload(models.Model):
    """A list that an agent uploaded: looked at first, then written or dropped. The file goes when it is done."""

    class State(models.TextChoices):
        CHECKED = "checked", _("vérifiée, pas encore écrite")
        WRITTEN = "written", _("écrite")
        DROPPED = "dropped", _("abandonnée")

    chamber = models.CharField(_("chambre"), max_length=12, choices=ChamberAgent.Chamber)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("par")
    )
    at = models.DateTimeField(_("le"), auto_now_add=True)
    name = models.CharField(_("fichier"), max_length=200)
    content = models.BinaryField(_("contenu"), null=True, editable=False)
    state = models.CharField(_("état"), max_length=8, choices=State, default=State.CHECKED)
    totals = models.JSONField(_("bilan"), default=dict)
    written_at = models.DateTimeField(_("écrite le"), null=True, blank=True)

    class Meta:
        ordering = ["-at"]
        verbose_name = _("liste d'une chambre")
        verbose_name_plural = _("listes des chambres")

    def __str__(self) -> str:
        return self.name


class AssistedEntry(models.Model):
    """That an agent registered a merchant with its consent, until the merchant takes over or withdraws."""

    class Means(models.TextChoices):
        PHONE = "phone", _("au téléphone")
        IN_PERSON = "in_person", _("en personne")
        IN_WRITING = "in_writing", _("par écrit")

    merchant = models.OneToOneField(Merchant, models.CASCADE, related_name="assisted_entry")
    chamber = models.CharField(_("chambre"), max_length=12, choices=ChamberAgent.Chamber)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("par")
    )
    at = models.DateTimeField(_("le"), auto_now_add=True)
    # Of the form that was filled in: sent twice, it makes one merchant.
    form = models.UUIDField(unique=True, editable=False)
    # Empty: the merchant agreed to nothing, and the entry is a draft.
    consent_given_by = models.CharField(_("accord donné par"), max_length=150, blank=True)
    consent_means = models.CharField(_("comment"), max_length=10, choices=Means, blank=True)
    wording = models.CharField(_("version du texte lu"), max_length=40, blank=True)
    told_at = models.DateTimeField(_("commerçant prévenu le"), null=True, blank=True)
    # Of the last confirmation: an older one leads nowhere.
    link_sent_at = models.DateTimeField(_("lien de reprise envoyé le"), null=True, blank=True, editable=False)
    taken_over_at = models.DateTimeField(_("reprise par le commerçant le"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("retirée par le commerçant le"), null=True, blank=True)
    # What the merchant asked the chamber to correct, until an agent says that it is done.
    correction = models.TextField(_("correction demandée"), blank=True)
    # How often it did on that day: the link may be anybody's.
    asked_on = models.DateField(null=True, editable=False)
    asked = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("saisie accompagnée")
        verbose_name_plural = _("saisies accompagnées")

    def __str__(self) -> str:
        return f"{self.merchant}: {self.chamber}"


class Withdrawal(models.Model):
    """That somebody withdrew from the directory: no list brings it back. Says who to nobody that does not know already.

    A digest depends on SECRET_KEY: with another key, those of before are forgotten.
    """

    # What the digests of one withdrawal have in common: chance.
    of = models.UUIDField(null=True, editable=False)
    digest = models.CharField(_("empreinte"), max_length=64, db_index=True)
    at = models.DateTimeField(_("le"), auto_now_add=True)

    class Meta:
        verbose_name = _("retrait")
        constraints = [models.UniqueConstraint(fields=["of", "digest"], name="withdrawal_once")]

    def __str__(self) -> str:
        return self.digest
