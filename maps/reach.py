"""What a result says of its merchant beside the card: the telephone it consents to show, its own shop, its site, to
reach it in one tap; which labels somebody verified; and since when nobody vouches for the entry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef

from directory.models import Consent, PointOfSale, web_address
from directory.moderating.labels import verified_links


@dataclass(frozen=True)
class Reach:
    """Each is empty where it is not given. The site is left out where there is a shop: one way in is enough."""

    phone: str = ""
    shop: str = ""
    site: str = ""
    stale_since: datetime | None = None
    verified: frozenset[str] = frozenset()


def ways_to_reach(places: Collection[int]) -> Mapping[int, Reach]:
    """By id of point of sale, with one query."""
    public_phone = Consent.objects.filter(
        merchant=OuterRef("merchant"), field=Consent.Field.PHONE, audience=Consent.Audience.PUBLIC, withdrawn_at=None
    )
    verified = verified_links().filter(merchant=OuterRef("merchant")).values("label__code")
    rows = PointOfSale.objects.filter(pk__in=places).values_list(
        "pk", "merchant__phone", Exists(public_phone), "merchant__shop_url", "merchant__website", "stale_since",
        ArraySubquery(verified),
    )  # fmt: skip
    found: dict[int, Reach] = defaultdict(Reach)
    for id_, phone, consented, shop, website, stale_since, labels in rows:
        shop = web_address(shop)
        site = "" if shop else web_address(website)
        found[id_] = Reach(phone if consented else "", shop, site, stale_since, frozenset(labels))
    return found
