"""Where entries come from: every importer writes a record beside what it wrote."""

from __future__ import annotations

from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from directory.models.point_of_sale import PointOfSale
from geo.points import SRID


class Source(models.Model):
    """A list that entries are imported from, with the credit that its licence asks for."""

    slug = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("nom"), max_length=200)
    producer = models.CharField(_("producteur"), max_length=200)
    licence = models.CharField(_("licence"), max_length=100)
    url = models.URLField(_("adresse"), blank=True)
    published_on = models.DateField(_("date des données"), null=True, blank=True)
    last_import_at = models.DateTimeField(_("dernier import"), null=True, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("source")

    def __str__(self) -> str:
        return self.name


class SourceRecord(models.Model):
    """One entry of a source, as it was last given.

    `fields` is what the source said then. A field whose value today differs from it was edited by a person since,
    and an import leaves it alone.
    """

    source = models.ForeignKey(Source, models.CASCADE, related_name="records")
    external_id = models.CharField(_("identifiant"), max_length=100)
    point_of_sale = models.ForeignKey(PointOfSale, models.CASCADE, related_name="source_records")
    fields = models.JSONField(_("valeurs données"))
    point = models.PointField(_("point donné"), srid=SRID, null=True, blank=True, spatial_index=False)
    row_hash = models.CharField(_("empreinte"), max_length=64)
    imported_at = models.DateTimeField(_("importé le"))
    # Kept for lists that are fetched on a schedule: a file of merchants says nothing by what it lacks.
    absent_since = models.DateTimeField(_("absent de la liste depuis"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("fiche d'une source")
        verbose_name_plural = _("fiches des sources")
        constraints = [models.UniqueConstraint(fields=["source", "external_id"], name="sourcerecord_once")]

    def __str__(self) -> str:
        return f"{self.source_id}/{self.external_id}"
