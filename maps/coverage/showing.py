"""The parts of the page of coverage, each as its template takes it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import shapely

from directory.api.coverage.overlay import mapped
from geo import arcs
from geo.coverage import rule, wording
from geo.coverage.figures import LEVELS, editions
from geo.gazetteer import gazetteer
from maps.chips import Link
from maps.coverage import addresses, words
from maps.coverage.asking import SHARE, Asked
from maps.coverage.drawing import choropleth
from maps.coverage.scale import scale
from maps.coverage.table import PER_PAGE, Area, ordered
from maps.views import map_files
from maps.wording import span


def said(asked: Asked, whole: Area) -> dict[str, Any]:
    """Where the page is about, its sentence, what its figures are and how they may be used."""
    edition = asked.edition
    return {
        "above": above(asked, whole),
        "place_name": words.place_name(asked),
        "heading": words.heading(asked),
        "sentence": words.summary(asked, whole),
        "rule": rule.in_words(),
        "dated": wording.dated(edition),
        "cite": wording.cite(edition),
        "shows_demo": edition.demo,
        "exports": addresses.exports(asked),
        "own_query": urlencode(addresses.query(asked)),
        "canonical_query": urlencode(addresses.query(replace(asked, sort=SHARE))),
    }


def above(asked: Asked, whole: Area) -> list[Link]:
    """The views around this one, the widest first."""
    if not asked.departement and not asked.epci:
        return []
    links = [Link(words.whole_region(), addresses.href(asked, departement="", epci="", level="epci"))]
    if asked.epci and whole.lines:
        code = whole.lines[0].commune.departement
        closer = addresses.href(asked, departement=code, epci="", level="commune")
        links.append(Link(gazetteer().departements[code], closer))
    return links


def shown_rows(found: list[Area], asked: Asked) -> dict[str, Any] | None:
    """A page of the table; None where it has no such page."""
    first = (asked.page - 1) * PER_PAGE
    areas = ordered(found, asked)[first : first + PER_PAGE]
    if not areas:
        return None
    last, classes = first + len(areas), scale(asked.indicator)
    return {
        "heads": [(head, addresses.href(asked, sort=head.sort) if head.sort else "") for head in words.heads(asked)],
        "counts_low": asked.level != "commune",
        "rows": [words.row(area, asked, classes) | {"href": addresses.of_area(area, asked)} for area in areas],
        "caption": words.caption(asked),
        "span": span(first + 1, last, len(found)),
        "previous": addresses.href(asked, page=asked.page - 1) if asked.page > 1 else "",
        "next": addresses.href(asked, page=asked.page + 1) if last < len(found) else "",
    }


def switches(asked: Asked) -> dict[str, Any]:
    """What the form offers, each as (value, words, whether it is chosen)."""
    known = editions()
    return {
        "levels": [(level, words.level_name(level), level == asked.level) for level in reversed(LEVELS)],
        "indicators": [
            (name, wording.indicator_name(name), name == asked.indicator) for name in mapped(asked.edition)
        ],
        "editions": [
            (addresses.edition_date(entry), words.edition_option(entry), entry == asked.edition)
            for entry in known.entries
        ],
        "departements": [
            (code, name, code == asked.departement) for code, name in gazetteer().departements.items()
        ],
        "epci": asked.epci,
    }  # fmt: skip


def drawn(asked: Asked) -> dict[str, Any]:
    """The drawing and its legend. The whole région is drawn by EPCI where communes are asked for: they are too many."""
    level = asked.level
    if level == "commune" and not asked.departement and not asked.epci:
        level = "epci"
    if asked.epci:
        level = "commune"
    figures = editions().figures(asked.edition)
    return {
        "choropleth": choropleth(
            figures, asked.indicator, level, asked.departement or None, epci=asked.epci or None
        ),
        "drawn_level": words.drawn_by(level),
        "scale": scale(asked.indicator),
        "indicator_name": wording.indicator_name(asked.indicator),
        "of_premises": words.of_premises(asked.indicator),
    }  # fmt: skip


def map_data(asked: Asked, whole: Area) -> dict[str, Any]:
    """What the interactive map is made of; it first shows what is asked about."""
    shapes = arcs.communes(arcs.REGION).shapes
    bounds = shapely.total_bounds([shapes[line.commune.code] for line in whole.lines])
    return map_files() | {
        "values_url": addresses.values(asked),
        "area_url": addresses.area(asked),
        "overlay_script_url": addresses.script(),
        "extent": ",".join(f"{edge:.3f}" for edge in bounds),
    }
