"""Figures by commune as files. Every line says where it comes from: a file loses what stands around its lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
from django.contrib.gis.db.models.functions import AsGeoJSON
from django.utils.translation import gettext as _

from directory import tables
from directory.api.coverage.communes import Line, Table
from directory.credits import LICENCE, ground_credits
from geo.coverage import rule, wording
from geo.models import Commune
from geo.points import DECIMALS


def keys(found: Table) -> list[str]:
    """What columns are called, in every language."""
    about = ("code", "name", "departement", "epci", "premises", "points_of_sale", "low_bandwidth")
    return [*about, *(f"eligible_{name}" for name in found.indicators), "edition", "source", "licence", "demo"]


def headings(found: Table) -> list[str]:
    """The same for people."""
    about = (
        _("Code INSEE"), _("Commune"), _("Département"), _("EPCI (SIREN)"), _("Locaux"), _("Points de vente publiés"),
        _("Zone à faible débit"),
    )  # fmt: skip
    counted = (wording.indicator_name(name) for name in found.indicators)
    return [*about, *counted, _("Édition"), _("Source"), _("Licence"), _("Démonstration")]


def rows(found: Table) -> Iterator[list[Any]]:
    edition = found.edition
    about = (
        (edition.date, wording.sources(edition), wording.licences(edition), edition.demo) if edition else (None,) * 4
    )
    for line in found.lines:
        commune = line.commune
        yield [
            commune.code, commune.name, commune.departement, commune.epci,
            line.premises, line.points_of_sale, line.low_bandwidth,
            *(line.eligible(name) for name in found.indicators), *about,
        ]  # fmt: skip


def csv(found: Table) -> bytes:
    return b"".join(tables.csv_stream(keys(found), rows(found)))


def xlsx(found: Table) -> bytes:
    about: list[tuple[str, str]] = [(_("Locaux éligibles par commune"), ""), (_("Règle"), rule.in_words())]
    if found.edition:
        about.append((_("Pour citer ces chiffres"), wording.cite(found.edition)))
    return tables.xlsx(headings(found), rows(found), _("Communes"), about)


def geojson(found: Table) -> bytes:
    """Contours of the communes of one département or EPCI, otherwise their centres."""
    names = keys(found)
    shapes = _contours(found) if found.bounded else {line.commune.code: _centre(line) for line in found.lines}
    features = [
        {
            "type": "Feature",
            "id": line.commune.code,
            "geometry": shapes[line.commune.code],
            "properties": dict(zip(names, values, strict=True)),
        }
        for line, values in zip(found.lines, rows(found), strict=True)
    ]
    head = {
        "type": "FeatureCollection",
        "license": wording.licences(found.edition) if found.edition else LICENCE,
        "attribution": [*([wording.cite(found.edition)] if found.edition else ()), *map(str, ground_credits())],
        "geometries": "contours" if found.bounded else "centres",
        "rule": rule.in_words(),
    }
    return orjson.dumps(head | {"features": features})


def _centre(line: Line) -> dict[str, Any]:
    return {"type": "Point", "coordinates": line.commune.position.rounded()}


def _contours(found: Table) -> dict[str, orjson.Fragment]:
    codes = [line.commune.code for line in found.lines]
    shapes = Commune.objects.filter(pk__in=codes).values_list("pk", AsGeoJSON("contour", precision=DECIMALS))
    return {code: orjson.Fragment(shape) for code, shape in shapes}
