"""From the sources to the ground of one région. Pure: no network, no database, no file."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely

from geo.ground import contours, document
from geo.ground.document import CommuneRecord, EpciRecord, Ground
from geo.ground.errors import GroundError
from geo.ground.measuring import Deviation, Frame, deviation
from geo.ground.sources import Divisions, Official, Outlines, Package
from geo.points import DECIMALS, Position

LICENCE = "Licence Ouverte 2.0"
MAX_BYTES = 2_450_000
BYTES_PER_COMMUNE = 1_400  # what that is for Centre-Val de Loire; Occitanie, 4,446 communes, needs 3.9 MB
# Metres, tried in this order until the file is small enough. The source keeps no bend under about 150 m (square root
# of its area), so smaller steps would change nothing.
TOLERANCES_M = (0.0, 150.0, 200.0, 300.0, 400.0, 600.0, 800.0, 1200.0)
# A town hall no farther than this from its commune is outside only because the contour is generalised; those that the
# source misplaced are 200 m to 40 km away.
NEAR_MISS_M = 50.0


@dataclass(frozen=True, slots=True)
class Built:
    """The ground, its bytes, and how it was made."""

    ground: Ground
    data: bytes
    tolerance_m: float
    deviation: Deviation
    notes: tuple[str, ...]  # what the sources lacked, and what was done about it


def build(
    region: str,
    divisions: Divisions,
    outlines: Outlines,
    credits: list[dict[str, str]],
    max_bytes: int | None = None,
    decimals: int = DECIMALS,
) -> Built:
    """The ground of `region` (INSEE code) at the least tolerance that fits `max_bytes`. Raises GroundError.

    `max_bytes` is by default MAX_BYTES, more where communes are many.
    """
    if region not in divisions.regions:
        known = ", ".join(f"{code} {name}" for code, name in sorted(divisions.regions.items()))
        raise GroundError(f"No région has the code {region}. Take one of: {known}.")
    official = {code: commune for code, commune in divisions.communes.items() if commune.region == region}
    allowed = max(MAX_BYTES, len(official) * BYTES_PER_COMMUNE) if max_bytes is None else max_bytes
    coverage = contours.prepare(outlines, official)
    for tolerance in TOLERANCES_M:
        shapes = coverage.at(tolerance, decimals)
        drawn = dict(zip(coverage.codes, shapes, strict=True))
        ground = _assemble(region, divisions, official, drawn, outlines, credits, coverage.enclaves)
        data = document.dump(ground, decimals)
        if len(data) <= allowed:
            notes = tuple(f"{official[code].name} ({code}): {note}" for code, note in coverage.notes)
            return Built(ground, data, tolerance, deviation(coverage.source, shapes), notes)
    raise GroundError(
        f"{len(data):,} bytes at the coarsest tolerance, {allowed:,} allowed: raise --max-bytes or lower --decimals."
    )


def credits_for(divisions: Package, history: Package, outlines: Package) -> list[dict[str, str]]:
    """Whom to thank, for what, under which licence; `date` is the day that the data describe, when known."""
    rows = [
        ("codes, names, former codes", "INSEE, Code officiel géographique", divisions, divisions.date),
        ("population", "INSEE, populations de référence", divisions, divisions.date),
        ("EPCI", "DGCL, liste et composition des EPCI à fiscalité propre", divisions, divisions.date),
        ("postcodes", "La Poste, base officielle des codes postaux", divisions, divisions.date),
        ("former names", "INSEE, historique des communes", history, history.date),
        ("contours (generalised)", "IGN, ADMIN EXPRESS", outlines, outlines.date),
        ("centres (town halls)", "DILA, annuaire de l'administration", outlines, ""),
    ]
    return [
        {"what": what, "producer": producer, "licence": LICENCE, "package": package.name, "version": package.version}
        | ({"date": date} if date else {})
        for what, producer, package, date in rows
    ]


def _assemble(
    region: str,
    divisions: Divisions,
    official: dict[str, Official],
    drawn: contours.Contours,
    outlines: Outlines,
    credits: list[dict[str, str]],
    enclaves: tuple[shapely.Polygon, ...],
) -> Ground:
    bodies = {body.siren: body for body in divisions.epci if not body.members.isdisjoint(official)}
    epci_of = {code: body.siren for body in bodies.values() for code in body.members}
    return Ground(
        region={"code": region, "name": divisions.regions[region]},
        credits=credits,
        departements={code: name for code, (name, home) in divisions.departements.items() if home == region},
        epci={
            siren: EpciRecord(siren, body.name, not body.members <= official.keys()) for siren, body in bodies.items()
        },
        communes=tuple(
            _record(official[code], epci_of.get(code), drawn[code], outlines.town_halls.get(code), divisions.names)
            for code in sorted(official)
        ),
        enclaves=tuple(interior_point(hole) for hole in enclaves),
    )


def _record(
    commune: Official,
    epci: str | None,
    contour: shapely.MultiPolygon,
    town_hall: shapely.Point | None,
    names: dict[str, list[str]],
) -> CommuneRecord:
    former_names = [names.get(code, [code])[-1] for code in commune.former_codes]
    return CommuneRecord(
        code=commune.code,
        name=commune.name,
        departement=commune.departement,
        epci=epci,
        postcodes=commune.postcodes,
        population=commune.population,
        former_codes=commune.former_codes,
        former_names=(*former_names, *_other_names(commune, former_names, names)),
        centre=centre_of(contour, town_hall),
        contour=contour,
    )


def _other_names(commune: Official, former_names: list[str], names: dict[str, list[str]]) -> Iterator[str]:
    """Names that the commune bore under its own code, as 45191 Le Malesherbois was Malesherbes."""
    seen = {_plain(name) for name in (commune.name, *former_names)}
    for name in names.get(commune.code, ()):
        if _plain(name) not in seen:
            seen.add(_plain(name))
            yield name


def _plain(name: str) -> str:
    """Letters alone: a change of accent, hyphen or case is no other name."""
    decomposed = unicodedata.normalize("NFKD", name.casefold().replace("œ", "oe"))
    return "".join(letter for letter in decomposed if letter.isalnum())


def centre_of(contour: shapely.MultiPolygon, town_hall: shapely.Point | None) -> Position:
    """The town hall where it lies inside; the inside next to it when it misses by NEAR_MISS_M; else a point inside."""
    if town_hall is not None and not town_hall.is_empty:
        position = Position(round(town_hall.x, DECIMALS), round(town_hall.y, DECIMALS))
        if shapely.contains_xy(contour, position.lon, position.lat):
            return position
        frame = Frame(position.lon, position.lat)
        metric = np.array([contour], dtype=object)
        near = shapely.intersection(frame.to_metres(metric)[0], shapely.Point(0, 0).buffer(2 * NEAR_MISS_M))
        if not near.is_empty and shapely.distance(near, shapely.Point(0, 0)) <= NEAR_MISS_M:
            return interior_point(frame.to_degrees(np.array([near], dtype=object))[0])
    return interior_point(contour)


def interior_point(shape: shapely.Geometry) -> Position:
    """A point inside the largest part of a shape."""
    parts = shapely.get_parts(shape)
    point = shapely.point_on_surface(parts[int(np.argmax(shapely.area(parts)))])
    return Position(round(point.x, DECIMALS), round(point.y, DECIMALS))
