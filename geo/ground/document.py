"""The communes file: GeoJSON (RFC 7946), one feature a line so that a year's change reads in a diff.

Beside the features it carries `region`, `credits`, `departements`, `epci` and `enclaves` (a point in each hole that the
région really has). Properties of a feature: `code, name, departement, epci, postcodes, population, former_codes,
former_names, centre`. `former_names` gives the name of each of `former_codes`, in their order, then the other names
that the commune itself bore under its own code.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import shapely

from geo.ground.errors import GroundError
from geo.ground.measuring import Shapes
from geo.points import DECIMALS, Position

REBUILD = "Rebuild it with `manage.py build_communes`."
INSEE_CODE = re.compile(r"(\d{2}|2[AB])\d{3}")
SIREN = re.compile(r"\d{9}")
POSTCODE = re.compile(r"\d{5}")
PROPERTIES = (
    "code",
    "name",
    "departement",
    "epci",
    "postcodes",
    "population",
    "former_codes",
    "former_names",
    "centre",
)
MAX_PROBLEMS = 20


@dataclass(frozen=True, slots=True)
class CommuneRecord:
    """A commune as the file gives it. `contour` is a shapely MultiPolygon, lon/lat."""

    code: str
    name: str
    departement: str
    epci: str | None
    postcodes: tuple[str, ...]
    population: int
    former_codes: tuple[str, ...]
    former_names: tuple[str, ...]
    centre: Position
    contour: shapely.MultiPolygon


@dataclass(frozen=True, slots=True)
class EpciRecord:
    siren: str
    name: str
    partial: bool


@dataclass(frozen=True, slots=True)
class Ground:
    """All that the file holds."""

    region: dict[str, str]
    credits: list[dict[str, str]]
    departements: dict[str, str]  # code -> name
    epci: dict[str, EpciRecord]  # by SIREN
    communes: tuple[CommuneRecord, ...]  # by code
    enclaves: tuple[Position, ...] = ()

    @property
    def contours(self) -> Shapes:
        return np.array([commune.contour for commune in self.communes], dtype=object)


def dump(ground: Ground, decimals: int = DECIMALS) -> bytes:
    """The file's bytes. Same ground, same bytes."""
    bounds = [round(float(edge), decimals) for edge in shapely.total_bounds(ground.contours)]
    lines = [
        '{"type":"FeatureCollection",',
        f'"bbox":{_json(bounds)},',
        f'"region":{_json(ground.region)},',
        *_array("credits", ground.credits),
        *_array("departements", ({"code": code, "name": name} for code, name in sorted(ground.departements.items()))),
        *_array("epci", (ground.epci[siren] for siren in sorted(ground.epci))),
        f'"enclaves":{_json([position.rounded() for position in ground.enclaves])},',
        *_array("features", (_feature(commune) for commune in ground.communes), end="}"),
    ]
    return ("\n".join(lines) + "\n").encode()


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


def _array(name: str, items: Iterable[Any], end: str = ",") -> Iterator[str]:
    rows = [_json(item) for item in items]
    yield f'"{name}":['
    yield from (f"{row}," for row in rows[:-1])
    yield from rows[-1:]
    yield f"]{end}"


def _feature(commune: CommuneRecord) -> dict[str, Any]:
    parts = list(commune.contour.geoms)
    shape = parts[0] if len(parts) == 1 else commune.contour
    return {
        "type": "Feature",
        "properties": {
            "code": commune.code,
            "name": commune.name,
            "departement": commune.departement,
            "epci": commune.epci,
            "postcodes": commune.postcodes,
            "population": commune.population,
            "former_codes": commune.former_codes,
            "former_names": commune.former_names,
            "centre": commune.centre.rounded(),
        },
        "geometry": shapely.geometry.mapping(shape),
    }


def load(path: Path) -> Ground:
    """Read and validate the whole file. Raises GroundError naming each faulty feature (the first MAX_PROBLEMS)."""
    try:
        return parse(path.read_bytes())
    except FileNotFoundError as error:
        raise GroundError(f"{path} does not exist. Make it with `manage.py build_communes`.") from error
    except GroundError as error:
        raise GroundError([f"{path.name}: {problem}" for problem in error.problems]) from error


def parse(data: bytes) -> Ground:
    """The ground from the file's bytes. Raises GroundError."""
    try:
        document = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise GroundError(f"not JSON ({error}). {REBUILD}") from error
    if not isinstance(document, dict) or not isinstance(document.get("features"), list) or not document["features"]:
        raise GroundError(f"not a GeoJSON FeatureCollection with features. {REBUILD}")
    departements, epci, enclaves = _headings(document)
    communes: list[CommuneRecord] = []
    problems: list[str] = []
    for number, feature in enumerate(document["features"], start=1):
        try:
            communes.append(_commune(feature))
        except (ValueError, TypeError, AttributeError, shapely.errors.ShapelyError) as error:
            problems.append(f"feature {number} {_label(feature)}: {error}. {REBUILD}")
    problems += _cross_checks(communes, departements, epci)
    if problems:
        left = len(problems) - MAX_PROBLEMS
        raise GroundError(problems[:MAX_PROBLEMS] + ([f"… and {left} more."] if left > 0 else []))
    communes.sort(key=lambda commune: commune.code)
    return Ground(
        document.get("region", {}), document.get("credits", []), departements, epci, tuple(communes), enclaves
    )


def _headings(document: dict[str, Any]) -> tuple[dict[str, str], dict[str, EpciRecord], tuple[Position, ...]]:
    try:
        return (
            {_text(row["code"], 3): _text(row["name"], 100) for row in document["departements"]},
            {
                _match(row["siren"], SIREN, "siren"): EpciRecord(
                    row["siren"], _text(row["name"], 200), row["partial"] is True
                )
                for row in document["epci"]
            },
            tuple(Position(*point) for point in document.get("enclaves", ())),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise GroundError(f"`departements`, `epci` or `enclaves` is not as expected ({error}). {REBUILD}") from error


def _label(feature: Any) -> str:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    properties = properties if isinstance(properties, dict) else {}
    return f"({properties.get('code', '?')} {properties.get('name', '?')})"


def _commune(feature: dict[str, Any]) -> CommuneRecord:
    given = feature.get("properties", {})
    if missing := [name for name in PROPERTIES if name not in given]:
        raise ValueError(f"property {', '.join(f'`{name}`' for name in missing)} is missing")
    population = given["population"]
    if not isinstance(population, int) or isinstance(population, bool) or population < 0:
        raise ValueError("`population` is not a count")
    former_names = tuple(_text(name, 100) for name in _list(given["former_names"], "former_names"))
    former_codes = _codes(given["former_codes"], "former_codes", INSEE_CODE)
    if len(former_names) < len(former_codes):
        raise ValueError("`former_names` does not name each of `former_codes`")
    return CommuneRecord(
        code=_match(given["code"], INSEE_CODE, "code"),
        name=_text(given["name"], 100),
        departement=_text(given["departement"], 3),
        epci=None if given["epci"] is None else _match(given["epci"], SIREN, "epci"),
        postcodes=_codes(given["postcodes"], "postcodes", POSTCODE),
        population=population,
        former_codes=former_codes,
        former_names=former_names,
        centre=_position(given["centre"]),
        contour=_contour(feature.get("geometry")),
    )


def _text(value: Any, longest: int) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > longest:
        raise ValueError(f"{value!r} is not a text of 1 to {longest} characters")
    return value


def _match(value: Any, pattern: re.Pattern[str], name: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise ValueError(f"`{name}` {value!r} is malformed")
    return value


def _list(value: Any, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(f"`{name}` is not a list")
    return value


def _codes(value: Any, name: str, pattern: re.Pattern[str]) -> tuple[str, ...]:
    return tuple(_match(item, pattern, name) for item in _list(value, name))


def _position(value: Any) -> Position:
    if not isinstance(value, list) or len(value) != 2 or not all(isinstance(number, float | int) for number in value):
        raise ValueError("`centre` is not [lon, lat]")
    lon, lat = value
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise ValueError("`centre` is outside the world")
    return Position(float(lon), float(lat))


def _contour(geometry: Any) -> shapely.MultiPolygon:
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        raise ValueError("the geometry is not a Polygon or MultiPolygon")
    shape = shapely.geometry.shape(geometry)
    if shape.is_empty or not shape.is_valid:
        raise ValueError(f"the contour is not valid ({shapely.is_valid_reason(shape)})")
    return shape if isinstance(shape, shapely.MultiPolygon) else shapely.MultiPolygon([shape])


def _cross_checks(
    communes: list[CommuneRecord], departements: dict[str, str], epci: dict[str, EpciRecord]
) -> Iterator[str]:
    for code, count in Counter(commune.code for commune in communes).items():
        if count > 1:
            yield f"code {code} stands {count} times: keep one feature. {REBUILD}"
    for commune in communes:
        if commune.departement not in departements:
            yield f"{commune.code} {commune.name}: département {commune.departement} is not listed. {REBUILD}"
        if commune.epci is not None and commune.epci not in epci:
            yield f"{commune.code} {commune.name}: EPCI {commune.epci} is not listed. {REBUILD}"
