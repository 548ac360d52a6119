"""A platform in a few words, and those that are also near what a question asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from directory.models import Merchant, Platform
from directory.models.merchant import web_address
from directory.platforms import also_near
from directory.platforms.finding import sold_of
from directory.questions import Question
from directory.vocabulary import vocabulary
from geo.points import DECIMALS
from maps import wording
from maps.chips import Link
from maps.elsewhere import shareable

MOST_SOLD = 6  # products named on a card
MOST_BESIDE_A_LIST = 6


@dataclass(frozen=True)
class Card:
    """`site` is empty where its address is not one of the web; `host` says where one goes. `matching`: `sold` was asked
    for."""

    slug: str
    name: str
    kind: str
    operator: str
    site: str
    host: str
    sold: str
    matching: bool
    serves: str
    demo: bool


def card(platform: Platform, products: Sequence[str] = (), serves: str = "") -> Card:
    """A platform of `told()`, with what it sells of the products that are asked for."""
    words, language = vocabulary(), wording.language()
    labels = [words.by_id[id_].label(language) for id_ in sold_of(platform, products)]
    site = web_address(platform.url)
    return Card(
        slug=platform.slug,
        name=platform.name,
        kind=capfirst(str(platform.get_kind_display())),
        operator=platform.operator,
        site=site,
        host=(urlsplit(site).hostname or "").removeprefix("www."),
        sold=", ".join([*labels[:MOST_SOLD], *(["…"] if len(labels) > MOST_SOLD else [])]),
        matching=bool(products),
        serves=serves,
        demo=platform.demo,
    )


def beside(question: Question) -> dict[str, Any]:
    """What the first page of an answer says of platforms."""
    if question.offset:
        return {"platforms": []}
    found = also_near(question)
    return {
        "platforms": [card(platform, question.products) for platform in found.platforms],
        "all_platforms": listing_href(shareable(question)) if found.total > len(found.platforms) else "",
    }


def links(question: Question) -> list[Link]:
    """The platforms of a place, for a page about it."""
    found = also_near(question, MOST_BESIDE_A_LIST)
    listed = [Link(platform.name, page_href(platform.slug)) for platform in found.platforms]
    if found.total > len(listed):
        listed.append(Link(_("Toutes les plateformes ici"), listing_href(question), wording.whole(found.total)))
    return listed


def sold_on(merchant: Merchant) -> list[Link]:
    """The platforms that a merchant sells on too, each by its page there, or else by the platform's first."""
    rows = merchant.sold_on.filter(platform__in=Platform.objects.shown()).order_by("platform__name", "pk")
    found = rows.values_list("platform__name", "url", "platform__url")
    return [Link(name, href) for name, own, site in found if (href := web_address(own) or web_address(site))]


def page_href(slug: str) -> str:
    return reverse("maps:platform", args=[slug])


def listing_href(question: Question) -> str:
    """The list of platforms where a question looks, that sell what it asks for."""
    place = question.place
    pairs = {"product": question.products}
    if place is not None and place.kind == "commune":
        pairs["commune"] = (place.code,)
    elif question.centre is not None:
        lon, lat = question.centre.rounded(DECIMALS)
        pairs |= {"lat": (str(lat),), "lon": (str(lon),)}
    else:
        pairs |= {"commune": question.communes, "epci": question.epcis, "departement": question.departements}
    asked = urlencode({name: ",".join(codes) for name, codes in pairs.items() if codes}, safe=",")
    return f"{reverse('maps:platforms')}?{asked}".removesuffix("?")
