"""The words in which merchants are described: activities, products, labels and services, one tree each.

One table, because codes are unique over all four and a search entry holds the ids of all four in one array.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Term(models.Model):
    """One row of the vocabulary. A search for a term also finds what lies below it."""

    class Dimension(models.TextChoices):
        ACTIVITY = "activity", _("activité")
        PRODUCT = "product", _("produit")
        LABEL = "label", _("label")
        SERVICE = "service", _("service")

    dimension = models.CharField(_("dimension"), max_length=10, choices=Dimension)
    code = models.CharField(_("code"), max_length=60, unique=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    # Ids of the term and its ancestors, itself first: kept by the database (see the migration of the search entry).
    path = ArrayField(models.IntegerField(), default=list, editable=False)
    rank = models.PositiveIntegerField(_("rang"), help_text=_("Place dans le fichier, qui est l'ordre d'affichage."))
    label_fr = models.CharField(_("libellé français"), max_length=120)
    label_en = models.CharField(_("libellé anglais"), max_length=120)
    synonyms_fr = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    synonyms_en = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    osm_tags = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    naf_codes = ArrayField(models.CharField(max_length=6), default=list, blank=True)
    # Months 1 to 12, both or none; 9 to 4 runs over the new year.
    season_first = models.PositiveSmallIntegerField(_("saison, du mois"), null=True, blank=True)
    season_last = models.PositiveSmallIntegerField(_("saison, au mois"), null=True, blank=True)

    class Meta:
        ordering = ["dimension", "rank"]
        verbose_name = _("terme")
        verbose_name_plural = _("vocabulaire")

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The label in the active language."""
        return self.label_en if (get_language() or "fr").startswith("en") else self.label_fr


class DimensionManager(models.Manager[Any]):
    """Terms of one dimension: the one that bears the proxy model's name."""

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().filter(dimension=self.model._meta.model_name)


class Activity(Term):
    """What a merchant does: farm, bakery, potter."""

    objects: ClassVar[DimensionManager] = DimensionManager()

    class Meta:
        proxy = True
        verbose_name = _("activité")


class Product(Term):
    """What is sold: cheese, asparagus, pottery, repairs."""

    objects: ClassVar[DimensionManager] = DimensionManager()

    class Meta:
        proxy = True
        verbose_name = _("produit")


class Label(Term):
    """A quality label or title: organic, AOP, maître restaurateur."""

    objects: ClassVar[DimensionManager] = DimensionManager()

    class Meta:
        proxy = True
        verbose_name = _("label")


class Service(Term):
    """A way to buy or visit: delivery, pick your own."""

    objects: ClassVar[DimensionManager] = DimensionManager()

    class Meta:
        proxy = True
        verbose_name = _("service")
