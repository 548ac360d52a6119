"""The point of sale: the located thing that is searched, with what it sells and when it is open."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.gis.db import models
from django.contrib.gis.db.models.functions import Distance
from django.contrib.gis.measure import D
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords
from stdnum.fr import siret

from directory.models.merchant import Merchant
from directory.models.schedule import Schedule
from directory.models.vocabulary import Activity, Product, Service
from geo.models import Commune
from geo.points import SRID, Position


def validate_siret(value: str) -> None:
    if not siret.is_valid(value):
        raise ValidationError(
            _("Ce SIRET n'est pas valide : quatorze chiffres, dont une clé de contrôle."), code="siret"
        )


def in_a_year() -> datetime:
    return timezone.now() + timedelta(days=365)


# Without a pin, or with a street and yet at the commune's centre, which nobody chose.
UNPLACED = Q(pin=None) | Q(pin_precision="commune") & ~Q(street="") & ~Q(pin_source="manual")
# Metres from the true pin: the expression under its index.
PIN_GEOGRAPHY = Cast("pin", models.PointField(geography=True, srid=SRID))


class PointOfSaleQuerySet(models.QuerySet["PointOfSale"]):
    """Verbs over true pins: for owners, moderators and importers. The public side reads search entries only."""

    def live(self) -> PointOfSaleQuerySet:
        """All but the closed and the merged."""
        return self.exclude(status__in=[PointOfSale.Status.CLOSED, PointOfSale.Status.MERGED])

    def within(self, position: Position, radius: D) -> PointOfSaleQuerySet:
        """Pins within `radius` of the position, along the ellipsoid; served by the geography index on the pin."""
        return self.alias(pin_geography=PIN_GEOGRAPHY).filter(pin_geography__dwithin=(position.to_geos(), radius))

    def with_distance(self, position: Position) -> PointOfSaleQuerySet:
        """Annotate `distance` (a D) from the position to the pin."""
        return self.annotate(distance=Distance(PIN_GEOGRAPHY, position.to_geos()))

    def doubtful(self) -> PointOfSaleQuerySet:
        """Those whose pin somebody should look at."""
        return self.live().filter(reviews__contains=[PointOfSale.Review.DOUBTFUL_PIN])


class PointOfSale(models.Model):
    """A farm gate, a shop, a stall at a market, a vending machine. Its id is the feature's id in the API, for ever."""

    class Kind(models.TextChoices):
        SHOP = "shop", _("magasin")
        WORKSHOP = "workshop", _("atelier")
        RESTAURANT = "restaurant", _("restaurant")
        FARM_GATE = "farm_gate", _("ferme")
        MARKET_STALL = "market_stall", _("étal de marché")
        VENDING_MACHINE = "vending_machine", _("distributeur automatique")
        COLLECTION_POINT = "collection_point", _("point de retrait")

    class Status(models.TextChoices):
        DRAFT = "draft", _("brouillon")
        PUBLISHED = "published", _("publié")
        HIDDEN = "hidden", _("masqué")
        CLOSED = "closed", _("fermé définitivement")
        MERGED = "merged", _("fusionné")

    class Precision(models.TextChoices):
        MANUAL = "manual", _("placée à la main")
        HOUSENUMBER = "housenumber", _("au numéro")
        STREET = "street", _("à la rue")
        LOCALITY = "locality", _("au lieu-dit")
        COMMUNE = "commune", _("à la commune")

    class Review(models.TextChoices):
        DOUBTFUL_PIN = "doubtful_pin", _("épingle douteuse")
        NATURAL_PERSON = "natural_person", _("nom d'une personne")
        UNKNOWN_ACTIVITY = "unknown_activity", _("activité inconnue")
        DUPLICATE = "duplicate", _("doublon possible")
        NEW = "new", _("nouvelle fiche")
        CHANGED = "changed", _("changée par son titulaire")
        REPORTED = "reported", _("signalée")

    merchant = models.ForeignKey(Merchant, models.CASCADE, related_name="points_of_sale", verbose_name=_("commerçant"))
    siret = models.CharField(_("SIRET"), max_length=14, null=True, blank=True, validators=[validate_siret])
    kind = models.CharField(_("sorte"), max_length=20, choices=Kind, default=Kind.SHOP)
    name = models.CharField(_("nom du lieu"), max_length=200, blank=True, help_text=_("Vide : le nom du commerçant."))
    activities = models.ManyToManyField(
        Activity, related_name="points_of_sale", blank=True, verbose_name=_("activités")
    )
    services = models.ManyToManyField(Service, related_name="points_served", blank=True, verbose_name=_("services"))
    products = models.ManyToManyField(
        Product, through="Offer", related_name="points_selling", verbose_name=_("produits")
    )

    street = models.CharField(_("adresse"), max_length=250, blank=True, help_text=_("Numéro et voie, ou lieu-dit."))
    postcode = models.CharField(_("code postal"), max_length=5, blank=True)
    commune = models.ForeignKey(
        Commune, models.PROTECT, null=True, blank=True, related_name="points_of_sale", verbose_name=_("commune")
    )

    # The true pin: read by its owner, moderators and the département's officials only.
    pin = models.PointField(_("épingle"), srid=SRID, null=True, blank=True, spatial_index=False)
    pin_precision = models.CharField(_("précision"), max_length=12, choices=Precision, blank=True)
    pin_source = models.CharField(
        _("origine"), max_length=40, blank=True, help_text=_("ban, gazetteer, manual, ou une source.")
    )
    pin_score = models.FloatField(_("score"), null=True, blank=True)
    pin_label = models.CharField(_("adresse trouvée"), max_length=250, blank=True)
    pin_at = models.DateTimeField(_("placée le"), null=True, blank=True)
    pin_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("placée par")
    )
    pin_hidden = models.BooleanField(
        _("épingle cachée"), default=False, help_text=_("Le public ne voit que le centre de la commune, sans adresse.")
    )
    service_radius_km = models.PositiveSmallIntegerField(
        _("se déplace à (km)"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(200)]
    )

    # Beside the radius, or in its place.
    service_communes = models.ManyToManyField(
        Commune, related_name="served_from", blank=True, verbose_name=_("se déplace à")
    )

    schedule = models.ForeignKey(
        Schedule, models.SET_NULL, null=True, blank=True, related_name="points_of_sale", verbose_name=_("horaires")
    )
    status = models.CharField(_("état"), max_length=10, choices=Status, default=Status.DRAFT)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged_from", verbose_name=_("fusionné dans")
    )
    reviews = ArrayField(
        models.CharField(max_length=20, choices=Review), default=list, blank=True, verbose_name=_("à vérifier")
    )
    # That its owner, or an agent, said that all of it is right; and when the owner was last asked.
    confirmed_at = models.DateTimeField(_("confirmé le"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("rappel envoyé le"), null=True, blank=True, editable=False)
    # What directory.owners.freshness writes: since when nobody vouches for it, where that is long ago; and when to look
    # at it next, which is never for one that was hidden because of it.
    stale_since = models.DateTimeField(_("non confirmé depuis"), null=True, blank=True, editable=False)
    look_at = models.DateTimeField(null=True, editable=False, default=in_a_year)
    demo = models.BooleanField(_("démonstration"), default=False, help_text=_("Inventé, pour essayer le service."))
    created_at = models.DateTimeField(_("créé le"), auto_now_add=True)
    updated_at = models.DateTimeField(_("modifié le"), auto_now=True)

    objects = PointOfSaleQuerySet.as_manager()
    history = HistoricalRecords(m2m_fields=[activities, services, service_communes])

    class Meta:
        ordering = ["id"]
        verbose_name = _("point de vente")
        verbose_name_plural = _("points de vente")
        indexes = [
            models.Index(fields=["status", "id"], name="pos_status"),
            models.Index(fields=["demo"], name="pos_demo", condition=Q(demo=True)),
            GistIndex(PIN_GEOGRAPHY, name="pos_pin_geography"),
            # The admin's list, search box and queues (maps/admin/search.py says what each costs without).
            models.Index(fields=["-updated_at", "-id"], name="pos_updated"),
            models.Index(fields=["siret"], name="pos_siret", condition=Q(siret__isnull=False)),
            models.Index(fields=["postcode"], name="pos_postcode"),
            GinIndex(fields=["name"], opclasses=["gin_trgm_ops"], name="pos_name_trgm"),
            GinIndex(fields=["reviews"], name="pos_reviews"),
            models.Index(fields=["look_at"], name="pos_look_at", condition=Q(status="published")),
            models.Index(fields=["id"], name="pos_unplaced", condition=UNPLACED),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["siret"], condition=~Q(status__in=["closed", "merged"]), name="pos_siret_once_among_live"
            ),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(commune__isnull=False), name="pos_published_has_commune"
            ),
            models.CheckConstraint(
                condition=Q(status="merged", merged_into__isnull=False) | (~Q(status="merged") & Q(merged_into=None)),
                name="pos_merged_into_whom",
            ),
            models.CheckConstraint(condition=Q(pin=None) | ~Q(pin_precision=""), name="pos_pin_has_precision"),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        return self.name or self.merchant.name


class Offer(models.Model):
    """Something a point of sale sells. `product` is empty while the vocabulary lacks the word in `line`."""

    point_of_sale = models.ForeignKey(PointOfSale, models.CASCADE, related_name="offers")
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="offers", verbose_name=_("produit")
    )
    line = models.CharField(_("dans ses mots"), max_length=200, blank=True)
    price_min = models.DecimalField(_("prix (€)"), max_digits=8, decimal_places=2, null=True, blank=True)
    price_max = models.DecimalField(_("jusqu'à (€)"), max_digits=8, decimal_places=2, null=True, blank=True)
    unit = models.CharField(_("unité"), max_length=30, blank=True, help_text=_("kg, pièce, bouteille…"))
    # Months 1 to 12; empty means the product's own season in the vocabulary.
    season_first = models.PositiveSmallIntegerField(_("du mois"), null=True, blank=True)
    season_last = models.PositiveSmallIntegerField(_("au mois"), null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("offre")
        constraints = [
            models.UniqueConstraint(fields=["point_of_sale", "product", "line"], name="offer_once"),
            models.CheckConstraint(condition=Q(product__isnull=False) | ~Q(line=""), name="offer_says_what"),
            models.CheckConstraint(
                condition=Q(season_first=None, season_last=None)
                | Q(season_first__range=(1, 12), season_last__range=(1, 12)),
                name="offer_season_months",
            ),
        ]

    def __str__(self) -> str:
        return self.line or str(self.product)
