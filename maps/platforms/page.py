"""A platform's own page: the way to its site, what is sold, where it serves, and the merchants here that sell on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from directory.models import Platform, SearchEntry
from directory.models.merchant import web_address
from directory.models.platform import SoldOn
from directory.vocabulary import vocabulary
from maps import wording
from maps.chips import Link
from maps.linked_data import breadcrumb, json_ld
from maps.plain.subjects import term_path
from maps.platforms import listing, territory
from maps.platforms.cards import card, page_href
from maps.results import sheet_href

PAGE = 30


@dataclass(frozen=True)
class Seller:
    """A merchant that sells on the platform: its sheet here, and its page there where it has one."""

    name: str
    href: str
    commune: str
    site: str
    demo: bool


def context(request: HttpRequest, platform: Platform, number: int) -> dict[str, Any] | None:
    """Page `number` of its merchants, and on the first all the rest; None where the list has no such page."""
    start, path = (number - 1) * PAGE, page_href(platform.slug)
    rows = sellers_here(platform)
    total = rows.count()
    if number < 1 or (number > 1 and start >= total):
        return None
    shown = sellers(list(rows[start : start + PAGE]))
    areas, more = territory.areas(platform)
    steps = [Link(_("Accueil"), reverse("maps:search")), Link(_("Plateformes"), listing.href(listing.Asked()))]
    absolute = [(step.text, request.build_absolute_uri(step.href)) for step in (*steps, Link(platform.name, path))]
    return {
        "platform": platform,
        "card": card(platform),
        "products": [Link(term.label(wording.language()), term_path(term)) for term in _named(platform)],
        "areas": areas,
        "more_communes": more,
        "km2": wording.whole(round(platform.reach_km2)),
        "drawn": territory.drawn(platform),
        "silent_since": _silent_since(platform),
        "above": steps,
        "breadcrumb_data": json_ld(breadcrumb(absolute)),
        "sellers": shown,
        "total": total,
        "page_number": number,
        "span": wording.span(start + 1, start + len(shown), total) if total > PAGE else "",
        "previous": f"{path}?page={number - 1}".removesuffix("?page=1") if number > 1 else "",
        "next": f"{path}?page={number + 1}" if start + PAGE < total else "",
        "canonical_query": f"page={number}" if number > 1 else "",
        "shows_demo": platform.demo,
    }


def sellers_here(platform: Platform) -> Any:
    """Those of its merchants that have something published."""
    published = SearchEntry.objects.filter(merchant_id=OuterRef("merchant_id"))
    rows = platform.sellers.filter(Exists(published)).select_related("merchant")
    return rows.order_by("merchant__name", "merchant_id")


def sellers(rows: list[SoldOn]) -> list[Seller]:
    entries = SearchEntry.objects.filter(merchant_id__in=[row.merchant_id for row in rows]).order_by("-pk")
    cards = {merchant: orjson.loads(card) for merchant, card in entries.values_list("merchant_id", "card")}
    found = ((row, cards[row.merchant_id]) for row in rows if row.merchant_id in cards)
    return [
        Seller(row.merchant.name, sheet_href(own["url"]), own["commune"]["name"], web_address(row.url), own["demo"])
        for row, own in found
    ]


def _named(platform: Platform) -> list[Any]:
    words = vocabulary()
    return [words.by_id[id_] for id_ in platform.product_ids if id_ in words.by_id]


def _silent_since(platform: Platform) -> str:
    """The day since which its site has not answered, once that is long enough to say."""
    if platform.link != Platform.Link.FLAGGED or platform.failing_since is None:
        return ""
    return date_format(localtime(platform.failing_since), "DATE_FORMAT")
