"""The platforms that the service is an aggregator of: who runs them, what they sell, where they serve."""

from __future__ import annotations

from django.contrib.gis.db import models
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db.models import OuterRef
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from directory.models.merchant import Merchant
from directory.models.vocabulary import Product
from geo.models import Commune, Departement, Epci
from geo.points import SRID, Position


class PlatformQuerySet(models.QuerySet["Platform"]):
    """The verbs over platforms."""

    def shown(self) -> PlatformQuerySet:
        """Those that the public is sent to: published, and with a site that answers."""
        return self.filter(status=Platform.Status.PUBLISHED).exclude(link=Platform.Link.HIDDEN)

    def serving(self, position: Position) -> PlatformQuerySet:
        """Those whose territory covers the position, its edge included."""
        return self.filter(territory__covers=position.to_geos())

    def selling(self, terms: list[int]) -> PlatformQuerySet:
        """Those that sell one of the products: it, what lies below it, or all of what it is a part of."""
        return self.filter(sold__overlap=terms)

    def told(self, *, territory: bool = False) -> PlatformQuerySet:
        """With what is told of each in one query (`product_ids`, `commune_codes`, …), and without what weighs."""

        def listed(field: str, key: str, order: str) -> ArraySubquery:
            through = getattr(Platform, field).through.objects
            return ArraySubquery(through.filter(platform=OuterRef("pk")).order_by(order).values(key))

        return self.defer("sold", *(() if territory else ("territory",))).annotate(
            product_ids=listed("products", "product_id", "product__rank"),
            commune_codes=listed("communes", "commune_id", "commune_id"),
            epci_codes=listed("epcis", "epci_id", "epci_id"),
            departement_codes=listed("departements", "departement_id", "departement_id"),
        )


class Platform(models.Model):
    """A town's marketplace, an e-market, a network of producers. People are sent there; nothing is framed or copied."""

    class Kind(models.TextChoices):
        TOWN_MARKETPLACE = "town_marketplace", _("place de marché d'une ville")
        E_MARKET = "e_market", _("marché en ligne")
        PRODUCERS_NETWORK = "producers_network", _("réseau de producteurs")
        DRIVE = "drive", _("drive")
        ASSOCIATION = "association", _("association de commerçants")
        LISTING = "listing", _("annuaire")

    class Status(models.TextChoices):
        DRAFT = "draft", _("brouillon")
        PUBLISHED = "published", _("publiée")
        HIDDEN = "hidden", _("masquée")

    class Link(models.TextChoices):
        """What the check of its site found."""

        UNKNOWN = "unknown", _("pas encore vérifié")
        WORKS = "works", _("répond")
        FAILING = "failing", _("ne répond pas")
        FLAGGED = "flagged", _("ne répond plus depuis 14 jours")
        HIDDEN = "hidden", _("ne répond plus depuis 28 jours : masquée")

    slug = models.SlugField(_("adresse"), max_length=60, unique=True)
    name = models.CharField(_("nom"), max_length=150)
    operator = models.CharField(_("porteur"), max_length=150)
    kind = models.CharField(_("sorte"), max_length=20, choices=Kind)
    url = models.URLField(_("site"))
    description_fr = models.TextField(_("description"), blank=True, max_length=600)
    description_en = models.TextField(_("description en anglais"), blank=True, max_length=600)
    products = models.ManyToManyField(Product, related_name="platforms", blank=True, verbose_name=_("ce qui s'y vend"))
    communes = models.ManyToManyField(Commune, related_name="platforms", blank=True, verbose_name=_("communes"))
    epcis = models.ManyToManyField(Epci, related_name="platforms", blank=True, verbose_name=_("intercommunalités"))
    departements = models.ManyToManyField(
        Departement, related_name="platforms", blank=True, verbose_name=_("départements")
    )
    # Kept from the above by directory.platforms.keeping: the union of the areas; products, what lies below and above.
    territory = models.MultiPolygonField(_("territoire"), srid=SRID, null=True, blank=True, editable=False)
    reach_km2 = models.FloatField(_("étendue (km²)"), default=0, editable=False)
    sold = ArrayField(models.IntegerField(), default=list, editable=False)
    status = models.CharField(_("état"), max_length=10, choices=Status, default=Status.DRAFT)
    link = models.CharField(_("lien"), max_length=10, choices=Link, default=Link.UNKNOWN, editable=False)
    failing_since = models.DateTimeField(_("ne répond plus depuis"), null=True, blank=True, editable=False)
    checked_at = models.DateTimeField(_("vérifié le"), null=True, blank=True, editable=False)
    demo = models.BooleanField(_("démonstration"), default=False)
    created_at = models.DateTimeField(_("créée le"), auto_now_add=True)
    updated_at = models.DateTimeField(_("modifiée le"), auto_now=True)

    # What `told()` adds.
    product_ids: list[int]
    commune_codes: list[str]
    epci_codes: list[str]
    departement_codes: list[str]

    objects = PlatformQuerySet.as_manager()
    history = HistoricalRecords(
        m2m_fields=[products, communes, epcis, departements],
        excluded_fields=["territory", "reach_km2", "sold", "link", "failing_since", "checked_at"],
    )

    class Meta:
        ordering = ["name", "id"]
        verbose_name = _("plateforme")
        indexes = [GinIndex(fields=["sold"], opclasses=["gin__int_ops"], name="platform_sold")]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        """Of its page, in French."""
        return f"/plateforme/{self.slug}/"

    @property
    def description(self) -> str:
        """In the active language, else in the other."""
        english = (get_language() or "fr").startswith("en")
        texts = (self.description_en, self.description_fr) if english else (self.description_fr, self.description_en)
        return next(filter(None, texts), "")


class SoldOn(models.Model):
    """That a merchant sells on a platform too, and at which page of it."""

    merchant = models.ForeignKey(Merchant, models.CASCADE, related_name="sold_on", verbose_name=_("commerçant"))
    platform = models.ForeignKey(Platform, models.CASCADE, related_name="sellers", verbose_name=_("plateforme"))
    url = models.URLField(_("sa page"), blank=True, help_text=_("Vide : l'accueil de la plateforme."))

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("vend aussi sur")
        verbose_name_plural = _("vend aussi sur")
        constraints = [models.UniqueConstraint(fields=["merchant", "platform"], name="soldon_once")]

    def __str__(self) -> str:
        return f"{self.merchant}: {self.platform}"
