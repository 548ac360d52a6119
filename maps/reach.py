"""How a merchant is reached from a result, in one tap: the telephone it consents to show, its own shop, its site."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from directory.models import Consent, Merchant, web_address


@dataclass(frozen=True)
class Reach:
    """Each is empty where it is not given. The site is left out where there is a shop: one way in is enough."""

    phone: str = ""
    shop: str = ""
    site: str = ""


def ways_to_reach(merchants: Collection[int]) -> Mapping[int, Reach]:
    """By id of merchant, with one query."""
    public_phone = Consent.objects.filter(
        merchant=OuterRef("pk"), field=Consent.Field.PHONE, audience=Consent.Audience.PUBLIC, withdrawn_at=None
    )
    rows = Merchant.objects.filter(pk__in=merchants).values_list(
        "pk", "phone", Exists(public_phone), "shop_url", "website"
    )
    found: dict[int, Reach] = defaultdict(Reach)
    for id_, phone, consented, shop, website in rows:
        shop = web_address(shop)
        found[id_] = Reach(phone if consented else "", shop, "" if shop else web_address(website))
    return found
