"""The merchant: who sells. What is located and searched is its points of sale."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords
from stdnum.fr import siren

from directory.models.vocabulary import Label


def validate_siren(value: str) -> None:
    if not siren.is_valid(value):
        raise ValidationError(_("Ce SIREN n'est pas valide : neuf chiffres, dont une clé de contrôle."), code="siren")


def web_address(url: str) -> str:
    """An address that others may be led to; empty for one of another kind, which a script may have written."""
    return url if url.lower().startswith(("https://", "http://")) else ""


class Merchant(models.Model):
    """A business, by the id that the API calls `merchant`. The id never changes."""

    siren = models.CharField(_("SIREN"), max_length=9, unique=True, null=True, blank=True, validators=[validate_siren])
    name = models.CharField(_("nom"), max_length=200)
    description_fr = models.TextField(_("description"), blank=True)
    description_en = models.TextField(_("description en anglais"), blank=True)
    website = models.URLField(_("site"), blank=True)
    shop_url = models.URLField(_("boutique en ligne"), blank=True)
    # Shown only to the audiences of a Consent in force.
    phone = models.CharField(_("téléphone"), max_length=20, blank=True)
    email = models.EmailField(_("courriel"), blank=True)
    natural_person = models.BooleanField(
        _("nom d'une personne physique"),
        default=False,
        help_text=_("Le nom désigne une personne : à publier avec son accord."),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="merchants",
        verbose_name=_("titulaire"),
    )
    labels = models.ManyToManyField(Label, through="MerchantLabel", related_name="merchants", verbose_name=_("labels"))
    created_at = models.DateTimeField(_("créé le"), auto_now_add=True)
    updated_at = models.DateTimeField(_("modifié le"), auto_now=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["name", "id"]
        verbose_name = _("commerçant")
        indexes = [
            # The admin's list and search box.
            models.Index(fields=["-updated_at", "-id"], name="merchant_updated"),
            GinIndex(fields=["name"], opclasses=["gin_trgm_ops"], name="merchant_name_trgm"),
            # A name that somebody typed.
            models.Index(models.Func("name", function="directory_fold"), name="merchant_folded_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def public_contact(self) -> dict[str, str]:
        """Phone and e-mail, where the merchant consents to showing them to everybody."""
        fields = self.consents.in_force(Consent.Audience.PUBLIC)
        return {field: value for field in ("phone", "email") if field in fields and (value := getattr(self, field))}


class MerchantLabel(models.Model):
    """A label that a merchant holds: declared by itself, or verified by somebody until a date."""

    class State(models.TextChoices):
        DECLARED = "declared", _("déclaré")
        VERIFIED = "verified", _("vérifié")

    merchant = models.ForeignKey(Merchant, models.CASCADE, related_name="label_links")
    label = models.ForeignKey(Label, models.PROTECT, related_name="merchant_links", verbose_name=_("label"))
    state = models.CharField(_("état"), max_length=8, choices=State, default=State.DECLARED)
    verified_by = models.CharField(_("vérifié par"), max_length=200, blank=True)
    verified_until = models.DateField(_("vérifié jusqu'au"), null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("label du commerçant")
        verbose_name_plural = _("labels des commerçants")
        constraints = [
            models.UniqueConstraint(fields=["merchant", "label"], name="merchantlabel_once"),
            models.CheckConstraint(
                condition=models.Q(state="declared") | ~models.Q(verified_by=""), name="merchantlabel_verified_by_whom"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.get_state_display()})"


class ConsentQuerySet(models.QuerySet["Consent"]):
    def in_force(self, audience: str) -> set[str]:
        """The contact fields that may be shown to the audience today."""
        return set(self.filter(audience=audience, withdrawn_at=None).values_list("field", flat=True))


class Consent(models.Model):
    """That a merchant lets one contact field be seen by one audience, with the wording it agreed to."""

    class Field(models.TextChoices):
        PHONE = "phone", _("téléphone")
        EMAIL = "email", _("courriel")

    class Audience(models.TextChoices):
        PUBLIC = "public", _("tout le monde")
        DEPARTEMENT = "departement", _("mon département")
        CHAMBER = "chamber", _("ma chambre consulaire")

    merchant = models.ForeignKey(Merchant, models.CASCADE, related_name="consents")
    field = models.CharField(_("donnée"), max_length=10, choices=Field)
    audience = models.CharField(_("visible par"), max_length=12, choices=Audience)
    wording = models.CharField(_("version du texte accepté"), max_length=40)
    given_at = models.DateTimeField(_("donné le"), auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("retiré le"), null=True, blank=True)

    objects = ConsentQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("consentement")
        constraints = [
            models.UniqueConstraint(
                fields=["merchant", "field", "audience"],
                condition=models.Q(withdrawn_at=None),
                name="consent_one_in_force",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_field_display()} : {self.get_audience_display()}"
