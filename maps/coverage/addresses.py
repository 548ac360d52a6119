"""Where the page of coverage leads: itself asked otherwise, closer views, the files of what it shows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import override

from directory.api.coverage.overlay import mapped
from geo.coverage.figures import EditionEntry, editions
from maps import overlays
from maps.chips import Link
from maps.coverage.asking import SHARE, Asked, default_level
from maps.coverage.table import Area
from maps.plain.subjects import commune_path


def start() -> str:
    return reverse("maps:coverage")


def href(asked: Asked, **changes: Any) -> str:
    """The page of what is asked otherwise, from its first rows."""
    return with_query(start(), query(replace(asked, **{"page": 1} | changes)))


def query(asked: Asked) -> dict[str, Any]:
    """Parameters that ask the same, without those that go without saying."""
    given = {
        "level": asked.level if asked.level != default_level(asked.departement, asked.epci) else "",
        "indicator": asked.indicator if asked.indicator != mapped(asked.edition)[0] else "",
        "edition": edition_date(asked.edition),
        "departement": asked.departement,
        "epci": asked.epci,
        "sort": asked.sort if asked.sort != SHARE else "",
        "page": asked.page if asked.page > 1 else "",
    }
    return {name: value for name, value in given.items() if value}


def edition_date(edition: EditionEntry) -> str:
    """Which edition; nothing for the default one, whose address is always the latest's."""
    return edition.date.isoformat() if edition != editions().default else ""


def with_query(address: str, given: dict[str, Any]) -> str:
    asked = urlencode({name: value for name, value in given.items() if value})
    return f"{address}?{asked}" if asked else address


def of_area(area: Area, asked: Asked) -> str:
    """A closer view of what lies in an area; of a commune, its own page."""
    if asked.level == "commune":
        return commune_path(area.lines[0].commune)
    closer = {"departement": area.code, "epci": ""} if asked.level == "departement" else {"epci": area.code}
    return href(asked, **closer, level="commune", sort=SHARE)


def exports(asked: Asked) -> list[Link]:
    """All communes of what is shown, as files."""
    given = {"departement": asked.departement, "epci": asked.epci, "edition": edition_date(asked.edition)}
    address = reverse("api:coverage_communes")
    return [
        Link(name, with_query(address, given | {"format": format_name}))
        for name, format_name in (("CSV", "csv"), ("XLSX", "xlsx"), ("GeoJSON", "geojson"))
    ]


def values(asked: Asked) -> str:
    """What the interactive map draws."""
    return with_query(reverse("api:coverage_overlay"), _drawn(asked))


def area(asked: Asked) -> str:
    """What is told of an area on the map: its code is added to this."""
    return with_query(reverse("maps:coverage_area"), _drawn(asked))


def _drawn(asked: Asked) -> dict[str, str]:
    """All of the région, whichever part is looked at; of EPCI in a département, what lies in it, as in the table."""
    return {
        "level": asked.level,
        "indicator": asked.indicator,
        "edition": edition_date(asked.edition),
        "departement": asked.departement if asked.level == "epci" else "",
    }


def script() -> str:
    with override("fr"):  # one address for all languages, so that caches hold one copy
        return reverse("maps:overlay_script", args=[overlays.overlay_script().version])
