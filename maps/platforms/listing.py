"""The page that lists platforms: what is asked in words, the platforms by kind, and the choices of its form."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.api.platforms import Asked
from directory.models import Platform
from directory.vocabulary import vocabulary
from geo.gazetteer import gazetteer
from geo.points import DECIMALS
from maps import wording
from maps.chips import Link
from maps.platforms.cards import card
from maps.platforms.territory import in_short

PAGE = 60
Kind = Platform.Kind
# In the order of the page: the nearest to a town's shops first.
KINDS = {
    Kind.TOWN_MARKETPLACE: gettext_lazy("Places de marché des villes"),
    Kind.DRIVE: gettext_lazy("Drives"),
    Kind.PRODUCERS_NETWORK: gettext_lazy("Réseaux de producteurs"),
    Kind.E_MARKET: gettext_lazy("Marchés en ligne"),
    Kind.ASSOCIATION: gettext_lazy("Associations de commerçants"),
    Kind.LISTING: gettext_lazy("Annuaires"),
}


def context(asked: Asked, number: int) -> dict[str, Any] | None:
    """Page `number` of the list; None where it has none of it."""
    start = (number - 1) * PAGE
    rows = asked.found()
    total = rows.count()
    if number < 1 or (number > 1 and start >= total):
        return None
    found = list(rows.told()[start : start + PAGE])
    return {
        "heading": heading(asked),
        "sold": ", ".join(vocabulary().labels(asked.products, wording.language())),
        "groups": by_kind(found, asked),
        "narrowed": asked != Asked(),
        "elsewhere": href(Asked(products=asked.products)) if asked.products and asked.anywhere() != asked else "",
        "all_href": href(Asked()),
        "departements": _departements(asked),
        "products": _products(asked),
        "shows_demo": any(platform.demo for platform in found),
        "span": wording.span(start + 1, start + len(found), total) if total > PAGE else "",
        "previous": href(asked, number - 1) if number > 1 else "",
        "next": href(asked, number + 1) if start + PAGE < total else "",
        "exports": [Link("JSON", f"{reverse('api:platforms')}?{_query(asked)}".removesuffix("?"))],
        "canonical_query": _query(asked, number),
    }


def heading(asked: Asked) -> str:
    known = gazetteer()
    communes = [entry.name for code in asked.communes if (entry := known.commune(code))]
    areas = [known.epcis.get(code, code) for code in asked.epcis]
    areas += [known.departements.get(code, code) for code in asked.departements]
    where = ", ".join([*communes, *areas, *([_("le point choisi")] if asked.position else [])])
    return wording.headed(_("Plateformes"), where) if where else _("Plateformes locales")


def by_kind(found: list[Platform], asked: Asked) -> list[tuple[str, list[Any]]]:
    """Headings and cards; within a kind, the most local first as they came."""
    order = list(KINDS)
    ranked = sorted(found, key=lambda platform: order.index(Kind(platform.kind)))
    return [
        (str(KINDS[Kind(kind)]), [card(platform, asked.products, in_short(platform)) for platform in group])
        for kind, group in groupby(ranked, key=lambda platform: platform.kind)
    ]


def href(asked: Asked, number: int = 1) -> str:
    return f"{reverse('maps:platforms')}?{_query(asked, number)}".removesuffix("?")


def _query(asked: Asked, number: int = 1) -> str:
    lon, lat = asked.position.rounded(DECIMALS) if asked.position else ("", "")
    given: dict[str, Any] = {
        "lat": lat,
        "lon": lon,
        "commune": ",".join(asked.communes),
        "epci": ",".join(asked.epcis),
        "departement": ",".join(asked.departements),
        "product": ",".join(asked.products),
        "page": number if number > 1 else "",
    }
    return urlencode({name: value for name, value in given.items() if value != ""}, safe=",")


Choices = list[tuple[str, str, bool]]


def _departements(asked: Asked) -> Choices:
    return _choices(sorted(gazetteer().departements.items()), asked.departements)


def _products(asked: Asked) -> Choices:
    """What platforms name, and what is asked; in the order of the vocabulary, those below others set in."""
    words, language = vocabulary(), wording.language()
    shown = Platform.objects.shown().values("pk")
    named = Platform.products.through.objects.filter(platform__in=shown).values_list("product_id", flat=True)
    known = set(named.distinct()) | {words.by_code[code].id for code in asked.products}
    terms = [term for term in words.of("product") if term.id in known]
    return _choices(((term.code, term.label(language)) for term in terms), asked.products)


def _choices(options: Iterable[tuple[str, str]], chosen: tuple[str, ...]) -> Choices:
    return [(code, text, code in chosen) for code, text in options]
