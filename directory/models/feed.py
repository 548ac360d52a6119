"""A partner's own list, fetched on a schedule, and what each run of it did."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from directory.models.platform import Platform


class Feed(models.Model):
    """Where a list is, how it is read, and how often. The mapping is a document of directory.importing.mapping."""

    class Format(models.TextChoices):
        CSV = "csv", _("CSV")
        JSON = "json", _("JSON")
        GEOJSON = "geojson", _("GeoJSON")

    slug = models.SlugField(
        _("code"), max_length=40, unique=True, help_text=_("Celui de la source de la correspondance.")
    )
    platform = models.ForeignKey(
        Platform, models.SET_NULL, null=True, blank=True, related_name="feeds", verbose_name=_("plateforme"),
        help_text=_("Chaque commerçant de la liste y vend."),
    )  # fmt: skip
    url = models.URLField(_("adresse du flux"), max_length=500)
    format = models.CharField(_("format"), max_length=8, choices=Format)
    mapping = models.TextField(_("correspondance"), help_text=_("TOML : [source], [columns], [activities]…"))
    every_hours = models.PositiveSmallIntegerField(
        _("toutes les (heures)"), default=24, validators=[MinValueValidator(1), MaxValueValidator(24 * 31)]
    )
    active = models.BooleanField(_("en service"), default=False)
    next_at = models.DateTimeField(_("prochain passage"), null=True, blank=True, editable=False)
    # What the server said of the list when it was last fetched: it is asked whether it has changed.
    etag = models.CharField(max_length=300, blank=True, editable=False)
    checksum = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(_("créé le"), auto_now_add=True)

    history = HistoricalRecords(excluded_fields=["next_at", "etag", "checksum"])

    class Meta:
        ordering = ["slug"]
        verbose_name = _("flux")
        verbose_name_plural = _("flux")

    def __str__(self) -> str:
        return self.slug


class FeedRun(models.Model):
    """One passage: what came of it, counted, and the rows that somebody should look at. Never edited."""

    class Outcome(models.TextChoices):
        UNCHANGED = "unchanged", _("rien de nouveau")
        WRITTEN = "written", _("mis à jour")
        HELD = "held", _("retenu : à confirmer")
        REFUSED = "refused", _("liste refusée")
        UNREACHABLE = "unreachable", _("flux injoignable")
        FAILED = "failed", _("passage interrompu")

    feed = models.ForeignKey(Feed, models.CASCADE, related_name="runs")
    started_at = models.DateTimeField(_("commencé le"))
    seconds = models.FloatField(_("durée (s)"))
    outcome = models.CharField(_("résultat"), max_length=12, choices=Outcome)
    detail = models.TextField(_("détail"), blank=True)
    read = models.PositiveIntegerField(_("lignes lues"), default=0)
    totals = models.JSONField(_("bilan"), default=dict)
    # The first of the rows that were refused or held: {line, outcome, code, name, message}.
    rows = models.JSONField(_("lignes à revoir"), default=list)
    withdrawn = models.PositiveIntegerField(_("retirés"), default=0)
    returned = models.PositiveIntegerField(_("revenus"), default=0)

    class Meta:
        ordering = ["-started_at", "-id"]
        verbose_name = _("passage d'un flux")
        verbose_name_plural = _("passages des flux")
        indexes = [models.Index(fields=["feed", "-started_at", "-id"], name="feedrun_latest")]

    def __str__(self) -> str:
        return self.get_outcome_display()
