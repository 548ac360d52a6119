"""An Answer as GeoJSON and CSV. Features are put together as text: the database holds their properties ready-made."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from directory.credits import LICENCE, attribution
from directory.search import Answer, Hit
from geo.points import DECIMALS

CSV_COLUMNS = [
    "id", "name", "kind", "activities", "products", "labels", "services", "address", "commune_code", "commune",
    "lat", "lon", "distance_m", "pin_precision", "demo", "url",
]  # fmt: skip
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def feature(hit: Hit) -> str:
    """One GeoJSON feature. Whether it is open is null while hours are not evaluated: unknown, never closed."""
    lon, lat = hit.position.rounded(DECIMALS)
    distance = "" if hit.distance is None else f'"distance_m":{round(hit.distance)},'
    return (
        f'{{"type":"Feature","id":{hit.id},"geometry":{{"type":"Point","coordinates":[{lon},{lat}]}},'
        f'"properties":{{{distance}"open_now":null,{hit.card[1:]}}}'
    )


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
        **more,
    }
    features = ",".join(map(feature, answer.hits))
    return orjson.dumps(head)[:-1] + f',"features":[{features}]}}'.encode()


def feature_stream(hits: Iterable[Hit], total: int) -> Iterator[bytes]:
    """All of an answer as one GeoJSON document, in pieces."""
    head = {"type": "FeatureCollection", "numberMatched": total, "license": LICENCE, "attribution": attribution()}
    yield orjson.dumps(head)[:-1] + b',"features":['
    separator = ""
    for hit in hits:
        yield f"{separator}{feature(hit)}".encode()
        separator = ",\n"
    yield b"]}\n"


def csv_stream(hits: Iterable[Hit]) -> Iterator[bytes]:
    """All of an answer as CSV (RFC 4180, UTF-8); lists are separated by spaces."""
    yield _csv_line(CSV_COLUMNS)
    for hit in hits:
        yield _csv_line(_csv_row(hit))


def _csv_row(hit: Hit) -> list[object]:
    card = orjson.loads(hit.card)
    lon, lat = hit.position.rounded(DECIMALS)
    return [
        hit.id,
        _plain(card["name"]),
        card["kind"],
        *(" ".join(card[name]) for name in ("activities", "products", "labels", "services")),
        _plain(card["address"] or ""),
        card["commune"]["code"],
        _plain(card["commune"]["name"]),
        lat,
        lon,
        "" if hit.distance is None else round(hit.distance),
        card["pin"]["precision"],
        "true" if card["demo"] else "false",
        card["url"],
    ]


def _plain(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _csv_line(values: Iterable[object]) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow(values)
    return line.getvalue().encode()
