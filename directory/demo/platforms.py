"""Demonstration platforms: invented, marked, at addresses that nobody has; some demonstration merchants sell there."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from directory.models import Platform, PointOfSale, Product, SoldOn
from directory.platforms.keeping import keep
from geo.folding import fold
from geo.gazetteer import CommuneEntry, gazetteer

Kind = Platform.Kind
FRESH = ("dairy", "eggs", "vegetables", "fruit", "meat", "honey_products")
GROCERIES = (*FRESH, "bakery_goods", "drinks", "condiments")
TOWN = ("food", "craft_goods", "plants_flowers", "retail_goods")
# Of the merchants within a platform's territory: every so many sell there, and no more than these.
EVERY, MOST_SELLERS = 4, 60


def write() -> int:
    """A marketplace for each main town, producers for each département, a drive, a market for the région; how many."""
    ground = gazetteer()
    towns: dict[str, CommuneEntry] = {}
    for entry in ground.entries:  # the most populous first
        towns.setdefault(entry.departement, entry)
    made = [_marketplace(town) for town in towns.values()]
    made += [_producers(code, ground.departements.get(code, code)) for code in towns]
    made += [_drive(town.epci, ground.epcis[town.epci]) for town in list(towns.values())[:1] if town.epci]
    made.append(_market(list(towns)))
    keep(made)
    for platform in made:
        _let_sell(platform)
    return len(made)


def _marketplace(town: CommuneEntry) -> Platform:
    return _platform(
        f"En vitrine – {town.name}", Kind.TOWN_MARKETPLACE, f"Ville et commerçants – {town.name}", TOWN,
        "Les commerçants et artisans de la ville, avec retrait en boutique ou livraison à vélo.",
        "The town's shops and craftspeople, to collect or delivered by bicycle.",
        communes=[town.code],
    )  # fmt: skip


def _producers(code: str, name: str) -> Platform:
    return _platform(
        f"Paniers fermiers – {name}", Kind.PRODUCERS_NETWORK, f"Association de producteurs – {name}", FRESH,
        "Des fermes qui se regroupent pour vendre ensemble : un panier, plusieurs points de retrait.",
        "Farms that sell together: one basket, several places to collect it.",
        departements=[code],
    )  # fmt: skip


def _drive(siren: str, name: str) -> Platform:
    return _platform(
        f"Drive des producteurs – {name}", Kind.DRIVE, "Coopérative de producteurs", GROCERIES,
        "Commandez avant mercredi soir, retirez vendredi ou samedi.",
        "Order by Wednesday evening, collect on Friday or Saturday.",
        epcis=[siren],
    )  # fmt: skip


def _market(departements: list[str]) -> Platform:
    region = settings.REGION["name"]
    return _platform(
        f"Marché en ligne – {region}", Kind.E_MARKET, f"Réseau des marchés – {region}", ("food",),
        "Les produits des fermes et des artisans de bouche de toute la région, envoyés ou à retirer.",
        "Produce from farms and food craftspeople across the region, delivered or to collect.",
        departements=departements,
    )  # fmt: skip


def _platform(
    name: str, kind: str, operator: str, products: tuple[str, ...], french: str, english: str, **territory: Any
) -> Platform:
    slug = "-".join(fold(name).split())[:60].strip("-")
    platform = Platform.objects.create(
        slug=slug,
        name=name,
        operator=operator,
        kind=kind,
        url=f"https://{slug}.example.org/",
        description_fr=french,
        description_en=english,
        status=Platform.Status.PUBLISHED,
        demo=True,
    )
    platform.products.set(Product.objects.filter(code__in=products))
    for field, keys in territory.items():
        getattr(platform, field).set(keys)
    return platform


def _let_sell(platform: Platform) -> None:
    """Some of those that are there and sell it: every so many, so that the same seed gives the same."""
    there = PointOfSale.objects.filter(demo=True, status=PointOfSale.Status.PUBLISHED)
    if platform.kind == Kind.TOWN_MARKETPLACE:
        there = there.filter(commune__platforms=platform)
    else:
        there = there.filter(offers__product__in=platform.sold)
        if platform.kind == Kind.DRIVE:
            there = there.filter(commune__epci__platforms=platform)
        else:
            there = there.filter(commune__departement__platforms=platform)
    merchants = there.order_by("merchant").values_list("merchant", flat=True).distinct()[: EVERY * MOST_SELLERS : EVERY]
    SoldOn.objects.bulk_create(
        SoldOn(merchant_id=key, platform=platform, url=f"{platform.url}boutique/{key}/") for key in merchants
    )
