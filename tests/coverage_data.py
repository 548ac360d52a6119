"""Editions, zones and closures for tests: one call says only what the test is about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib.gis.geos import MultiPolygon, Polygon

from geo.coverage.changed import announce
from geo.coverage.figures import EditionEntry, editions
from geo.coverage.layouts import LAYOUTS
from geo.models import CommuneFigures, CopperClosure, CoverageFile, Edition, Zone, ZoneFile

TECHNOLOGIES, WIRED, ANY = "commune_techno", "commune_debit_filaire", "commune_debit"
LATEST = date(2025, 9, 30)


def edition(
    figures: Mapping[str, tuple[int, Mapping[str, int]]],
    day: date = LATEST,
    layout: str = TECHNOLOGIES,
    *,
    demo: bool = False,
) -> EditionEntry:
    """An edition's file: {code: (premises, {indicator: eligible})}; indicators left out are zero."""
    row, _ = Edition.objects.get_or_create(date=day, defaults={"demo": demo})
    file = CoverageFile.objects.create(
        edition=row, layout=layout, name=f"{layout}.csv", checksum=f"{day}{layout}", loaded=len(figures),
        source="ARCEP, Ma connexion internet", licence="Licence Ouverte 2.0",
    )  # fmt: skip
    nothing = dict.fromkeys(LAYOUTS[layout].columns.values(), 0)
    CommuneFigures.objects.bulk_create(
        CommuneFigures(file=file, code=code, premises=premises, eligible=nothing | dict(eligible))
        for code, (premises, eligible) in figures.items()
    )
    announce()
    found = editions().find(day)
    assert found is not None
    return found


def fibre(shares: Mapping[str, int], day: date = LATEST, **options: Any) -> EditionEntry:
    """An edition of a hundred premises a commune: {code: how many are eligible to fibre}."""
    return edition({code: (100, {"ftth": share}) for code, share in shares.items()}, day, **options)


def zone(
    box: tuple[float, float, float, float],
    speed: str,
    *,
    departement: str = "41",
    source: str = "SMO",
    day: date = LATEST,
    **fields: Any,
) -> Zone:
    """A zone of that speed over west, south, east, north."""
    file, _ = ZoneFile.objects.get_or_create(
        departement_id=departement,
        source=source,
        defaults={"name": "zones.gpkg", "checksum": source, "delivered_on": day},
    )
    made = Zone.objects.create(file=file, speed=speed, area=MultiPolygon(Polygon.from_bbox(box), srid=4326), **fields)
    announce()
    return made


def closure(code: str, technical_on: date, **fields: Any) -> CopperClosure:
    row = CopperClosure.objects.create(code=code, technical_on=technical_on, source="Orange", **fields)
    announce()
    return row
