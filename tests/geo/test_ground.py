"""The committed communes file is whole, and the checker that says so can tell when it is not."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import shapely
from django.conf import settings
from geographiclib.geodesic import Geodesic

from geo.ground import checking, document
from geo.ground.contours import interiors
from geo.ground.document import CommuneRecord, Ground
from geo.ground.measuring import Frame, areas_m2, deviation
from geo.points import Position

# Official list of 1 January 2026.
COUNTS = {"18": 286, "28": 363, "36": 241, "37": 272, "41": 267, "45": 325}
STRADDLING_EPCI = {
    "200040277": "CA Agglo du Pays de Dreux",
    "200066462": "CC Interco Normandie Sud Eure",
    "200067668": "CC de la Cléry, du Betz et de l'Ouanne",
    "200068088": "CC Les Bertranges",
    "247800550": "CC du Pays Houdanais (CCPH)",
}


def with_commune(ground: Ground, commune: CommuneRecord) -> Ground:
    """The ground with one commune in place of its namesake by code."""
    return replace(ground, communes=tuple(commune if c.code == commune.code else c for c in ground.communes))


def exterior(commune: CommuneRecord) -> list[tuple[float, float]]:
    return list(commune.contour.geoms[0].exterior.coords)


def shared_edge(one: CommuneRecord, other: CommuneRecord) -> tuple[tuple[float, float], tuple[float, float]]:
    """An edge of the first commune that the second has too."""
    theirs = {frozenset(edge) for edge in pairwise(exterior(other))}
    return next(edge for edge in pairwise(exterior(one)) if frozenset(edge) in theirs)


# --- The committed file ----------------------------------------------------------------------------------------------
def test_holds_every_commune_of_the_official_list_once(ground: Ground) -> None:
    assert len({commune.code for commune in ground.communes}) == len(ground.communes) == 1754
    assert Counter(commune.departement for commune in ground.communes) == COUNTS
    assert all(commune.code.startswith(commune.departement) for commune in ground.communes)
    assert sorted(ground.departements) == settings.REGION["departements"]
    assert ground.region == {"code": settings.REGION["code"], "name": settings.REGION["name"]}


def test_is_light_and_reads_in_a_diff() -> None:
    data = settings.COMMUNES_FILE.read_bytes()
    assert len(data) < 2_500_000
    features = json.loads(data)["features"]
    lines = [line for line in data.decode().splitlines() if line.startswith('{"type":"Feature"')]
    codes = [feature["properties"]["code"] for feature in features]
    assert len(lines) == len(features)
    assert codes == sorted(codes)
    assert {tuple(feature["properties"]) for feature in features} == {document.PROPERTIES}


def test_is_written_back_byte_for_byte(ground: Ground) -> None:
    assert document.dump(ground) == settings.COMMUNES_FILE.read_bytes()


def test_is_whole(ground: Ground) -> None:
    assert checking.problems(ground) == []


def test_neighbours_neither_overlap_nor_leave_a_gap(ground: Ground) -> None:
    found = checking.topology([commune.code for commune in ground.communes], ground.contours)
    assert found.overlap_share < 1e-4
    assert found.gap_share < 1e-4
    assert shapely.coverage_is_valid(ground.contours)
    assert interiors(shapely.union_all(ground.contours)).size == 0


@pytest.mark.parametrize(
    ("code", "km2"), [("45234", 27.5), ("37261", 34.7), ("18033", 68.7), ("28085", 16.9), ("41269", 23.9)]
)
def test_areas_are_those_that_insee_publishes(by_code: dict[str, CommuneRecord], code: str, km2: float) -> None:
    area = areas_m2(np.array([by_code[code].contour], dtype=object))[0] / 1e6
    assert area == pytest.approx(km2, rel=0.05)


def test_names_the_epci_that_straddle_the_edge(ground: Ground) -> None:
    assert {siren: body.name for siren, body in ground.epci.items() if body.partial} == STRADDLING_EPCI
    assert {commune.epci for commune in ground.communes} == set(ground.epci)


def test_keeps_former_communes_with_their_names(by_code: dict[str, CommuneRecord]) -> None:
    tours, malesherbois = by_code["37261"], by_code["45191"]
    assert tours.former_codes == ("37235", "37239")
    assert tours.former_names == ("Sainte-Radegonde-en-Touraine", "Saint-Symphorien")
    assert malesherbois.former_names[len(malesherbois.former_codes) :] == ("Malesherbes",)
    former = [code for commune in by_code.values() for code in commune.former_codes]
    assert len(former) == len(set(former)) == 137
    assert not set(former) & set(by_code)


def test_covers_the_former_communes_that_the_source_does_not_draw(by_code: dict[str, CommuneRecord]) -> None:
    """Barmainville and Neuvy-en-Beauce, merged into Neuville Saint Denis, were holes in the source."""
    contour = by_code["28319"].contour
    assert shapely.contains_xy(contour, [1.954, 1.874], [48.259, 48.276]).all()


def test_centres_are_the_town_halls(by_code: dict[str, CommuneRecord]) -> None:
    """Known places: place de l'Étape in Orléans, place Jean-Jaurès in Tours, parc Ronsard in Vendôme."""
    for code, lon, lat in [("45234", 1.9092, 47.9031), ("37261", 0.6893, 47.3906), ("41269", 1.0660, 47.7929)]:
        assert by_code[code].centre.distance_to(Position(lon, lat)) < 300


def test_gives_credit(ground: Ground) -> None:
    assert {row["producer"].split(",")[0] for row in ground.credits} == {"INSEE", "IGN", "DILA", "DGCL", "La Poste"}
    assert all(row["licence"] and row["package"] and row["version"] for row in ground.credits)


# --- The checker, on a ground broken on purpose ----------------------------------------------------------------------
def test_finds_an_overlap(ground: Ground, by_code: dict[str, CommuneRecord]) -> None:
    orleans = by_code["45234"]
    grown = replace(orleans, contour=shapely.MultiPolygon([orleans.contour.buffer(0.002)]))
    found = checking.problems(with_commune(ground, grown))
    assert any(problem.startswith("45147 and 45234 overlap by") for problem in found)
    assert any("do not match their neighbours'" in problem and "45234" in problem for problem in found)


def test_finds_a_sliver_of_a_metre(ground: Ground, by_code: dict[str, CommuneRecord]) -> None:
    """A vertex that one neighbour alone has, 1 m off their common edge: far below 0.01 %, and yet seen."""
    orleans, olivet = by_code["45234"], by_code["45232"]
    a, b = shared_edge(orleans, olivet)
    edge = shapely.LineString([a, b])
    off = edge.interpolate(0.5, normalized=True)
    ring = exterior(orleans)
    ring.insert(ring.index(a) + 1 if ring[ring.index(a) + 1] == b else ring.index(b) + 1, (off.x, off.y + 1e-5))
    broken = replace(orleans, contour=shapely.MultiPolygon([shapely.Polygon(ring)]))
    assert broken.contour.is_valid
    found = checking.problems(with_commune(ground, broken))
    assert [problem for problem in found if "do not match" in problem and "45232" in problem and "45234" in problem]


def test_finds_a_commune_that_is_missing(ground: Ground) -> None:
    without = replace(ground, communes=tuple(c for c in ground.communes if c.code != "45234"))
    assert any("gaps make" in problem for problem in checking.problems(without))
    expected = {commune.code for commune in ground.communes}
    assert "communes of the official list are missing: 45234" in checking.problems(without, expected)


def test_finds_a_commune_that_is_not_on_the_list(ground: Ground) -> None:
    expected = {commune.code for commune in ground.communes} - {"45234"}
    assert checking.problems(ground, expected) == ["communes are not on the official list: 45234"]


def test_a_declared_enclave_is_no_gap(ground: Ground) -> None:
    without = replace(
        ground,
        communes=tuple(c for c in ground.communes if c.code != "45234"),
        enclaves=(Position(1.9092, 47.9031),),
    )
    assert checking.problems(without) == []


def test_finds_a_centre_outside_its_commune(ground: Ground, by_code: dict[str, CommuneRecord]) -> None:
    strayed = replace(by_code["45234"], centre=by_code["37261"].centre)
    assert checking.problems(with_commune(ground, strayed)) == ["centres lie outside their commune: 45234"]


def test_finds_a_contour_that_crosses_itself(ground: Ground, by_code: dict[str, CommuneRecord]) -> None:
    ring = exterior(by_code["45234"])
    ring[1], ring[len(ring) // 2] = ring[len(ring) // 2], ring[1]
    crossed = replace(by_code["45234"], contour=shapely.MultiPolygon([shapely.Polygon(ring)]))
    assert not crossed.contour.is_valid
    assert "contours are not valid: 45234" in checking.problems(with_commune(ground, crossed))


# --- Measuring -------------------------------------------------------------------------------------------------------
def test_areas_agree_with_the_geodesic(by_code: dict[str, CommuneRecord]) -> None:
    for code in ("45234", "28319", "36229"):
        shape = by_code[code].contour.geoms[0]
        polygon = Geodesic.WGS84.Polygon()
        for lon, lat in shape.exterior.coords[:-1]:
            polygon.AddPoint(lat, lon)
        assert areas_m2(np.array([shape]))[0] == pytest.approx(abs(polygon.Compute()[2]), rel=1e-5)


def test_a_frame_measures_metres_and_comes_back() -> None:
    start, frame = Position(0.0, 47.5), Frame(0.0, 47.5)
    line = np.array([shapely.LineString([(0.0, 47.5), (0.01, 47.51)])], dtype=object)
    metres = frame.to_metres(line)
    assert metres[0].length == pytest.approx(start.distance_to(Position(0.01, 47.51)), rel=1e-4)
    assert shapely.equals_exact(frame.to_degrees(metres)[0], line[0], tolerance=1e-12)


def test_a_moved_boundary_is_measured() -> None:
    before = np.array([shapely.box(2.0, 47.0, 2.1, 47.1)], dtype=object)
    after = np.array([shapely.box(2.0, 47.0, 2.1, 47.11)], dtype=object)
    found = deviation(before, after)
    assert found.max_m == pytest.approx(Position(2.0, 47.1).distance_to(Position(2.0, 47.11)), rel=1e-3)
    assert found.max_area_change == pytest.approx(0.1, rel=0.01)
