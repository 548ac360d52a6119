"""The ground: départements, EPCI and communes of the région. Knows nothing of merchants."""

from __future__ import annotations

from django.contrib.gis.db import models
from django.contrib.gis.db.models.functions import Distance, GeometryDistance
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.utils.translation import gettext_lazy as _

from geo.points import SRID, Position


class Departement(models.Model):
    """A département of the région. The contour is the union of its communes."""

    code = models.CharField(_("code"), max_length=3, primary_key=True)
    name = models.CharField(_("nom"), max_length=100)
    contour = models.MultiPolygonField(_("contour"), srid=SRID)
    centre = models.PointField(_("centre"), srid=SRID)

    class Meta:
        ordering = ["code"]
        verbose_name = _("département")
        verbose_name_plural = _("départements")

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class Epci(models.Model):
    """An intercommunal body (EPCI). `partial` when some of its communes lie outside the région."""

    siren = models.CharField(_("SIREN"), max_length=9, primary_key=True)
    name = models.CharField(_("nom"), max_length=200)
    partial = models.BooleanField(_("en partie hors de la région"), default=False)
    contour = models.MultiPolygonField(_("contour"), srid=SRID)
    centre = models.PointField(_("centre"), srid=SRID)

    class Meta:
        ordering = ["name"]
        verbose_name = _("EPCI")
        verbose_name_plural = _("EPCI")

    def __str__(self) -> str:
        return self.name


class CommuneQuerySet(models.QuerySet["Commune"]):
    """The spatial verbs over communes."""

    def containing(self, position: Position) -> CommuneQuerySet:
        """Communes whose contour covers the position (two or more on a shared boundary, none outside)."""
        return self.filter(contour__intersects=position.to_geos()).order_by("code")

    def nearest(self, position: Position) -> CommuneQuerySet:
        """Communes by distance in degrees from the contour (KNN on the index), nearest first, with `gap` in metres."""
        point = position.to_geos()
        return self.annotate(gap=Distance("contour", point, spheroid=True)).order_by(
            GeometryDistance("contour", point), "code"
        )


class Commune(models.Model):
    """A commune of today, by INSEE code. `former_codes` are those of communes merged into it."""

    code = models.CharField(_("code INSEE"), max_length=5, primary_key=True)
    name = models.CharField(_("nom"), max_length=100)
    departement = models.ForeignKey(Departement, models.PROTECT, related_name="communes", verbose_name=_("département"))
    epci = models.ForeignKey(
        Epci, models.PROTECT, null=True, blank=True, related_name="communes", verbose_name=_("EPCI")
    )
    postcodes = ArrayField(models.CharField(max_length=5), verbose_name=_("codes postaux"))
    former_codes = ArrayField(models.CharField(max_length=5), default=list, verbose_name=_("anciens codes"))
    former_names = ArrayField(models.CharField(max_length=100), default=list, verbose_name=_("anciens noms"))
    population = models.PositiveIntegerField(_("population"))
    centre = models.PointField(
        _("centre"), srid=SRID, help_text=_("Le centre-bourg : la mairie, sinon un point intérieur.")
    )
    contour = models.MultiPolygonField(_("contour"), srid=SRID)

    objects = CommuneQuerySet.as_manager()

    class Meta:
        ordering = ["name", "code"]
        verbose_name = _("commune")
        verbose_name_plural = _("communes")
        indexes = [
            GinIndex(fields=["postcodes"], name="commune_postcodes"),
            GinIndex(fields=["former_codes"], name="commune_former_codes"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class Revision(models.Model):
    """What was loaded last, by name ("communes", "vocabulary"): in-memory copies compare `number` to stay fresh."""

    name = models.CharField(max_length=50, primary_key=True)
    number = models.PositiveBigIntegerField(default=0)
    checksum = models.CharField(max_length=64, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.name} {self.number}"


class CachedAddress(models.Model):
    """What a geocoder answered for one address, kept with its date so that the same question is not asked twice."""

    key = models.CharField(max_length=300, primary_key=True)
    provider = models.CharField(max_length=30)
    candidates = models.JSONField()
    fetched_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["fetched_at"], name="cachedaddress_fetched_at")]

    def __str__(self) -> str:
        return self.key


class ProviderPace(models.Model):
    """When a provider may be called next, shared by all workers: one row per provider, moved on by each call."""

    provider = models.CharField(max_length=30, primary_key=True)
    next_call_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.provider}: {self.next_call_at:%H:%M:%S.%f}"
