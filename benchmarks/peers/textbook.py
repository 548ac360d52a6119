"""django-rest-framework-gis as GeoDjango's and its own tutorials show it: filter over relations, distinct, page.

The radius is a `dwithin` on the same indexed geography column. Relations are read where the serializer asks for them.
"""

from __future__ import annotations

from django.contrib.gis.db.models.functions import Distance
from django.db.models import QuerySet
from rest_framework.generics import ListAPIView

from benchmarks.peers.shown import LOCATION, SHOWN_NAME, FeatureSerializer, Page, circle_of, ids_below
from directory.models import PointOfSale


class TextbookView(ListAPIView[PointOfSale]):
    serializer_class = FeatureSerializer
    pagination_class = Page

    def get_queryset(self) -> QuerySet[PointOfSale]:
        query = self.request.GET
        found = PointOfSale.objects.filter(status=PointOfSale.Status.PUBLISHED).annotate(location=LOCATION)
        if (activities := ids_below("activity", query)) is not None:
            found = found.filter(activities__in=activities)
        if (products := ids_below("product", query)) is not None:
            found = found.filter(products__in=products)
        found = found.distinct()
        circle = circle_of(query)
        if circle is None:
            return found.annotate(shown_name=SHOWN_NAME).order_by("shown_name", "id")
        point, _ = circle
        found = found.filter(location__dwithin=circle)
        return found.annotate(distance=Distance(LOCATION, point)).order_by("distance", "id")
