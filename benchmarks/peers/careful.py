"""django-rest-framework-gis as a careful developer writes it.

The exact radius on an indexed geography column; products and activities as semi-joins on indexed relations, with the
ids of all that lies below the asked term; only the columns shown; related rows prefetched, one query for each
relation; the total counted by the paginator without the columns of the page.
"""

from __future__ import annotations

from django.contrib.gis.db.models.functions import Distance
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from rest_framework.generics import ListAPIView

from benchmarks.peers.shown import LOCATION, SHOWN_NAME, FeatureSerializer, Page, circle_of, ids_below
from directory.models import Activity, Label, Merchant, Offer, PointOfSale, Product, Service
from geo.models import Commune

SHOWN = [
    "id", "name", "kind", "street", "postcode", "demo", "pin_hidden", "pin_precision", "pin_source", "pin_score",
    "merchant_id", "commune_id",
]  # fmt: skip
# Merchant and commune too, rather than by a join: joined before the page is cut, they cost a row for every match.
RELATED = [
    Prefetch("activities", Activity.objects.only("code")),
    Prefetch("products", Product.objects.only("code")),
    Prefetch("services", Service.objects.only("code")),
    Prefetch("merchant", Merchant.objects.only("name")),
    Prefetch("merchant__labels", Label.objects.only("code")),
    Prefetch("commune", Commune.objects.only("name")),
]
Practised = PointOfSale.activities.through


class CarefulView(ListAPIView[PointOfSale]):
    serializer_class = FeatureSerializer
    pagination_class = Page

    def get_queryset(self) -> QuerySet[PointOfSale]:
        query = self.request.GET
        found = PointOfSale.objects.filter(status=PointOfSale.Status.PUBLISHED).annotate(location=LOCATION)
        if (activities := ids_below("activity", query)) is not None:
            practised = Practised.objects.filter(pointofsale_id=OuterRef("pk"), activity_id__in=activities)
            found = found.filter(Exists(practised))
        if (products := ids_below("product", query)) is not None:
            found = found.filter(Exists(Offer.objects.filter(point_of_sale_id=OuterRef("pk"), product_id__in=products)))
        circle = circle_of(query)
        if circle is None:
            found = found.order_by(SHOWN_NAME, "id")
        else:
            point, _ = circle
            found = found.filter(location__dwithin=circle)
            found = found.annotate(distance=Distance(LOCATION, point)).order_by("distance", "id")
        return found.only(*SHOWN).prefetch_related(*RELATED)
