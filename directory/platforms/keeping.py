"""What a platform is found by, kept from what it says of itself: its territory and the terms of what it sells."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.conf import settings
from django.contrib.gis.db.models import Union
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon

from directory.models import Platform
from directory.vocabulary import vocabulary
from geo.models import Commune, Departement, Epci
from geo.points import SRID


def keep(platforms: Iterable[Platform] | None = None) -> int:
    """Make territory and terms anew, of these or of all; how many platforms that changed.

    After a platform, the communes or the vocabulary were written.
    """
    changed = 0
    for platform in Platform.objects.all() if platforms is None else platforms:
        territory, sold = territory_of(platform), terms_of(platform)
        if (platform.territory and platform.territory.wkb) != (territory and territory.wkb) or platform.sold != sold:
            reach = _km2(territory)
            Platform.objects.filter(pk=platform.pk).update(territory=territory, reach_km2=reach, sold=sold)
            platform.territory, platform.reach_km2, platform.sold = territory, reach, sold
            changed += 1
    return changed


def territory_of(platform: Platform) -> MultiPolygon | None:
    """The union of its communes, EPCI and départements; None while it names none."""
    areas = [
        rows.aggregate(area=Union("contour"))["area"]
        for rows in (
            Commune.objects.filter(platforms=platform),
            Epci.objects.filter(platforms=platform),
            Departement.objects.filter(platforms=platform),
        )
    ]
    found: list[GEOSGeometry] = [area for area in areas if area is not None]
    if not found:
        return None
    union = reduce(or_, found)
    union.normalize()
    return union if isinstance(union, MultiPolygon) else MultiPolygon(union, srid=SRID)


def terms_of(platform: Platform) -> list[int]:
    """Ids of its products, of what lies above them, and of what lies below: a platform that sells food sells cheese,
    and one that sells cheese is found by who looks for food."""
    words = vocabulary()
    named = set(platform.products.values_list("pk", flat=True))
    above = {id_ for key in named if key in words.by_id for id_ in words.by_id[key].path}
    below = {term.id for term in words.of("product") if named & set(term.path)}
    return sorted(above | below)


def _km2(territory: MultiPolygon | None) -> float:
    if territory is None:
        return 0.0
    return float(territory.transform(settings.REGION["projected_srid"], clone=True).area) / 1e6
