"""An Answer as GeoJSON and CSV, its facets and relaxations as JSON.

Features are put together as text: the database holds their properties ready-made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from django.utils.translation import gettext as _

from directory.credits import LICENCE, attribution
from directory.facets import Facets
from directory.questions.opening import local_zone
from directory.relaxations import Relaxation
from directory.search import Answer, Hit
from directory.tables import csv_line
from directory.vocabulary import vocabulary
from geo.points import DECIMALS

CSV_COLUMNS = [
    "id", "name", "kind", "activities", "products", "labels", "services", "address", "commune_code", "commune",
    "lat", "lon", "distance_m", "pin_precision", "demo", "url",
]  # fmt: skip
OPEN_STATES = {True: "true", False: "false", None: "null"}


def feature(hit: Hit, zone: ZoneInfo | None) -> str:
    """One GeoJSON feature. It says whether it is open, and until when by the clocks of `zone`; without one, neither."""
    id_, lon, lat, metres, card, open_now, changes_at = hit
    distance = "" if metres is None else f'"distance_m":{round(metres)},'
    state = ""
    if zone is not None:
        changes = "null" if changes_at is None else f'"{_on_clock(changes_at, zone)}"'
        state = f'"open_now":{OPEN_STATES[open_now]},"open_changes_at":{changes},'
    return (
        f'{{"type":"Feature","id":{id_},"geometry":{{"type":"Point","coordinates":'
        f'[{round(lon, DECIMALS)},{round(lat, DECIMALS)}]}},"properties":{{{distance}{state}{card[1:]}}}'
    )


def moment(at: datetime) -> str:
    """A time as the région's clock shows it: "2026-05-30T12:30+02:00"."""
    return _on_clock(at.astimezone(UTC), local_zone())


@lru_cache(maxsize=1024)  # many open or close at one time: a third of the time that their features take
def _on_clock(at: datetime, zone: ZoneInfo) -> str:
    """`at` is in UTC: by a clock that is set back, two times of one hour are equal, and would be taken for one."""
    return at.astimezone(zone).isoformat(timespec="minutes")


def feature_collection(answer: Answer, summary: str, links: list[dict[str, str]], more: Mapping[str, Any]) -> bytes:
    """The page of an answer as the API gives it; `more` are members that were asked for beside it."""
    head = {
        "type": "FeatureCollection",
        "numberMatched": answer.total,
        "numberReturned": len(answer.hits),
        "summary": summary,
        "license": LICENCE,
        "attribution": attribution(),
        "links": links,
        **({} if answer.unknown_hours is None else {"unknownHours": answer.unknown_hours}),
        **more,
    }
    zone = local_zone()
    features = ",".join([feature(hit, zone) for hit in answer.hits])
    return orjson.dumps(head)[:-1] + f',"features":[{features}]}}'.encode()


def facets_json(found: Facets | None, language: str) -> dict[str, list[dict[str, Any]] | None] | None:
    """Facets with labels to show."""
    if found is None:
        return None
    labels = {code: term.label(language) for code, term in vocabulary().by_code.items()}
    labels["now"] = _("Ouvert en ce moment")
    return {
        name: None
        if counts is None
        else [{"code": facet.code, "label": labels[facet.code], "count": facet.count} for facet in counts]
        for name, counts in found.items()
    }


def relaxation_json(way: Relaxation) -> dict[str, Any]:
    """What is changed, what that gives, and the relaxed question as a query string."""
    if way.radius_km is not None:
        change: dict[str, Any] = {"radius_km": way.radius_km}
    else:
        change = {"set": dict(way.broader)} if way.broader else {"drop": ",".join(way.dropped)}
    return {**change, "count": way.count, "parameters": way.question.query_string()}


def feature_stream(hits: Iterable[Hit], total: int) -> Iterator[bytes]:
    """All of an answer as one GeoJSON document, in pieces. It does not say what is open: a file is read later."""
    head = {"type": "FeatureCollection", "numberMatched": total, "license": LICENCE, "attribution": attribution()}
    yield orjson.dumps(head)[:-1] + b',"features":['
    separator = ""
    for hit in hits:
        yield f"{separator}{feature(hit, None)}".encode()
        separator = ",\n"
    yield b"]}\n"


def csv_stream(hits: Iterable[Hit]) -> Iterator[bytes]:
    """All of an answer as CSV (RFC 4180, UTF-8); lists are separated by spaces."""
    yield csv_line(CSV_COLUMNS)
    for hit in hits:
        yield csv_line(_csv_row(hit))


def _csv_row(hit: Hit) -> list[object]:
    card = orjson.loads(hit.card)
    return [
        hit.id,
        card["name"],
        card["kind"],
        *(" ".join(card[name]) for name in ("activities", "products", "labels", "services")),
        card["address"] or "",
        card["commune"]["code"],
        card["commune"]["name"],
        round(hit.lat, DECIMALS),
        round(hit.lon, DECIMALS),
        "" if hit.distance is None else round(hit.distance),
        card["pin"]["precision"],
        "true" if card["demo"] else "false",
        card["url"],
    ]
