"""Broadband as it was published: editions of ARCEP's figures, zones that a département delivered, copper closures.

Rows keep the INSEE code of their file. A former code is resolved, and counts are added up, when figures are read
(geo.coverage.figures): a commune that merges later takes the figures of its parts along.
"""

from __future__ import annotations

from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from geo.models.ground import Departement
from geo.points import SRID, Position


class Edition(models.Model):
    """The figures of one date, a quarter's last day. Editions are kept side by side."""

    date = models.DateField(_("date"), unique=True)
    demo = models.BooleanField(_("démonstration"), default=False)

    class Meta:
        ordering = ["-date"]
        verbose_name = _("édition")

    def __str__(self) -> str:
        return self.date.isoformat()


class CoverageFile(models.Model):
    """One file of an edition: what it is, where it came from, and how much of it was taken."""

    class Layout(models.TextChoices):
        """ARCEP's own names for what a file tells of each commune."""

        ANY_SPEEDS = "commune_debit", _("débits, satellite compris")
        WIRED_SPEEDS = "commune_debit_filaire", _("débits filaires")
        TERRESTRIAL_SPEEDS = "commune_debit_terrestre", _("débits filaires et hertziens terrestres")
        TECHNOLOGIES = "commune_techno", _("technologies")
        BEST_TECHNOLOGY = "commune_meilleure_techno_thd", _("meilleure technologie")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="files", verbose_name=_("édition"))
    layout = models.CharField(_("contenu"), max_length=40, choices=Layout)
    name = models.CharField(_("fichier"), max_length=200)
    checksum = models.CharField(_("empreinte (SHA-256)"), max_length=64)
    source = models.CharField(_("source"), max_length=200)
    url = models.URLField(_("adresse"), blank=True)
    licence = models.CharField(_("licence"), max_length=100)
    loaded = models.PositiveIntegerField(_("lignes chargées"), default=0)
    refused = models.PositiveIntegerField(_("lignes refusées"), default=0)
    imported_at = models.DateTimeField(_("importé le"), auto_now=True)

    class Meta:
        ordering = ["edition", "layout"]
        verbose_name = _("fichier de couverture")
        verbose_name_plural = _("fichiers de couverture")
        constraints = [models.UniqueConstraint(fields=["edition", "layout"], name="coveragefile_once")]

    def __str__(self) -> str:
        return self.name


class CommuneFigures(models.Model):
    """What a file says of one commune: how many premises, and how many of them are eligible to what.

    `eligible` is {indicator: premises}, by the names that geo.coverage.layouts gives the file's columns.
    """

    file = models.ForeignKey(CoverageFile, models.CASCADE, related_name="figures")
    code = models.CharField(_("code INSEE du fichier"), max_length=5)
    premises = models.PositiveIntegerField(_("locaux"))
    eligible = models.JSONField(_("locaux éligibles"))

    class Meta:
        verbose_name = _("chiffres d'une commune")
        constraints = [models.UniqueConstraint(fields=["file", "code"], name="communefigures_once")]

    def __str__(self) -> str:
        return f"{self.code}: {self.premises}"


class ZoneFile(models.Model):
    """A file of zones that a département delivered. The next from the same source takes its place."""

    departement = models.ForeignKey(
        Departement, models.PROTECT, related_name="zone_files", verbose_name=_("département")
    )
    source = models.CharField(_("source"), max_length=200)
    name = models.CharField(_("fichier"), max_length=200)
    checksum = models.CharField(_("empreinte (SHA-256)"), max_length=64)
    licence = models.CharField(_("licence"), max_length=100, blank=True)
    delivered_on = models.DateField(_("date"))
    imported_at = models.DateTimeField(_("importé le"), auto_now=True)
    demo = models.BooleanField(_("démonstration"), default=False)

    class Meta:
        ordering = ["departement", "-delivered_on"]
        verbose_name = _("fichier de zones")
        verbose_name_plural = _("fichiers de zones")
        constraints = [models.UniqueConstraint(fields=["departement", "source"], name="zonefile_once")]

    def __str__(self) -> str:
        return f"{self.source} ({self.delivered_on:%Y-%m-%d})"


class ZoneQuerySet(models.QuerySet["Zone"]):
    """The spatial verbs over zones."""

    def covering(self, position: Position) -> ZoneQuerySet:
        """Zones whose area covers the position, edges included."""
        return self.filter(area__covers=position.to_geos()).select_related("file")

    def at(self, position: Position) -> Zone | None:
        """The one that speaks for the position: of those delivered last, the slowest."""
        found = list(self.covering(position))
        speeds = Zone.Speed.values
        return min(
            found,
            key=lambda zone: (-zone.file.delivered_on.toordinal(), speeds.index(zone.speed), zone.pk),
            default=None,
        )


class Zone(models.Model):
    """An area whose lines are of one class. Where it covers a point, it outranks the commune's share."""

    class Speed(models.TextChoices):
        """ARCEP's classes of downlink, slowest first."""

        NONE = "INEL", _("moins de 0,5 Mbit/s")
        FROM_05 = "HD05", _("de 0,5 à 3 Mbit/s")
        FROM_3 = "HD3", _("de 3 à 8 Mbit/s")
        FROM_8 = "BHD8", _("de 8 à 30 Mbit/s")
        FROM_30 = "THD30", _("de 30 à 100 Mbit/s")
        FROM_100 = "THD100", _("de 100 Mbit/s à 1 Gbit/s")
        FROM_1000 = "THD1G", _("1 Gbit/s et plus")

    file = models.ForeignKey(ZoneFile, models.CASCADE, related_name="zones")
    speed = models.CharField(_("classe de débit"), max_length=6, choices=Speed)
    label = models.CharField(_("libellé"), max_length=200, blank=True)
    planned_on = models.DateField(_("travaux prévus pour le"), null=True, blank=True)
    area = models.MultiPolygonField(_("contour"), srid=SRID)

    objects = ZoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("zone")

    def __str__(self) -> str:
        return self.label or self.speed


class CopperClosure(models.Model):
    """When the copper network of a commune closes: to new orders, then for good."""

    code = models.CharField(_("code INSEE"), max_length=5, primary_key=True)
    lot = models.CharField(_("lot"), max_length=40, blank=True)
    commercial_on = models.DateField(_("fermeture commerciale"), null=True, blank=True)
    technical_on = models.DateField(_("fermeture technique"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200)
    imported_at = models.DateTimeField(_("importé le"), auto_now=True)
    demo = models.BooleanField(_("démonstration"), default=False)

    class Meta:
        ordering = ["code"]
        verbose_name = _("fermeture du cuivre")
        verbose_name_plural = _("fermetures du cuivre")

    def __str__(self) -> str:
        return f"{self.code}: {self.technical_on}"
