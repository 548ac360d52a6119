"""The communes file goes into the database as a diff, and a faulty one changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from geo import revisions
from geo.ground import loading
from geo.ground.errors import GroundError
from geo.ground.loading import load_communes
from geo.models import Commune, Departement, Epci, Revision
from tests.builders import point_of_sale

pytestmark = pytest.mark.django_db
SECOND_REGION = Path(__file__).parents[1] / "fixtures" / "second_region"
Edit = Callable[[dict[str, Any]], None]


def write(document: dict[str, Any], folder: Path) -> Path:
    path = folder / "communes.geojson"
    path.write_text(json.dumps(document))
    return path


@pytest.fixture
def edited(tmp_path: Path) -> Callable[[Edit], Path]:
    """The committed file with one edit."""

    def edit_file(edit: Edit) -> Path:
        document = json.loads(settings.COMMUNES_FILE.read_bytes())
        edit(document)
        return write(document, tmp_path)

    return edit_file


def feature(document: dict[str, Any], code: str) -> dict[str, Any]:
    return next(found for found in document["features"] if found["properties"]["code"] == code)


def renamed(code: str, name: str) -> Edit:
    return lambda document: feature(document, code)["properties"].update(name=name)


def merged(code: str, into: str) -> Edit:
    """The first commune becomes a part of the second."""

    def edit(document: dict[str, Any]) -> None:
        gone, heir = feature(document, code), feature(document, into)
        document["features"].remove(gone)
        whole = shapely.union_all([shapely.geometry.shape(each["geometry"]) for each in (gone, heir)])
        heir["geometry"] = json.loads(shapely.to_geojson(whole))
        heir["properties"]["former_codes"].insert(0, code)
        heir["properties"]["former_names"].insert(0, gone["properties"]["name"])

    return edit


def snapshot() -> list[Any]:
    """A digest of every row of every table that a load writes."""
    tables = ("geo_departement", "geo_epci", "geo_commune", "geo_revision")
    with connection.cursor() as cursor:
        rows = []
        for table in tables:
            cursor.execute(f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t")
            rows.append(cursor.fetchone())
    return rows


def number() -> int:
    return Revision.objects.get(name="communes").number


def writes(queries: CaptureQueriesContext) -> list[str]:
    verbs = ("INSERT", "UPDATE", "DELETE")
    return [query["sql"][:80] for query in queries if query["sql"].lstrip().startswith(verbs)]


def test_everything_is_loaded() -> None:
    load_communes(settings.COMMUNES_FILE, force=True)
    assert (Departement.objects.count(), Epci.objects.count(), Commune.objects.count()) == (6, 82, 1754)
    orleans = Commune.objects.get(pk="45234")
    assert (orleans.name, orleans.departement.name, orleans.epci.name) == ("Orléans", "Loiret", "Orléans Métropole")
    assert orleans.postcodes == ["45000", "45100"]
    assert orleans.contour.contains(orleans.centre)
    assert Epci.objects.filter(partial=True).count() == 5


def test_departements_and_epci_are_the_union_of_their_communes() -> None:
    """PostGIS, which had no part in it, is the oracle."""
    with connection.cursor() as cursor:
        for table, column, key in (("geo_departement", "departement_id", "code"), ("geo_epci", "epci_id", "siren")):
            cursor.execute(
                f"""
                SELECT count(*),
                       bool_and(ST_IsValid(g.contour)),
                       bool_and(ST_Contains(g.contour, g.centre)),
                       max(ST_Area(ST_SymDifference(g.contour, u.whole)) / ST_Area(g.contour))
                FROM {table} g
                JOIN (SELECT {column} AS id, ST_Union(contour) AS whole FROM geo_commune GROUP BY 1) u ON u.id = g.{key}
                """
            )
            count, valid, centred, difference = cursor.fetchone()
            assert count == {"geo_departement": 6, "geo_epci": 82}[table]
            assert (valid, centred) == (True, True)
            assert difference < 1e-9


def test_the_same_file_is_skipped_at_once() -> None:
    load_communes(settings.COMMUNES_FILE, force=True)
    before = number()
    with CaptureQueriesContext(connection) as queries:
        report = load_communes(settings.COMMUNES_FILE)
    assert report.skipped
    assert len(queries) == 1
    assert number() == before


def test_loading_twice_writes_nothing() -> None:
    load_communes(settings.COMMUNES_FILE, force=True)
    before = snapshot()
    with CaptureQueriesContext(connection) as queries:
        report = load_communes(settings.COMMUNES_FILE, force=True)
    assert (report.writes, report.communes.unchanged, report.epci.unchanged) == (0, 1754, 82)
    assert writes(queries) == []
    assert snapshot() == before


def test_a_changed_name_is_reported_and_bumps_the_revision(edited: Callable[[Edit], Path]) -> None:
    load_communes(settings.COMMUNES_FILE, force=True)
    before = number()
    path = edited(renamed("45234", "Orléans-la-Neuve"))
    report = load_communes(path)
    assert report.communes.changed == ["Orléans-la-Neuve (45234): name"]
    assert (report.communes.added, report.communes.removed, report.communes.unchanged) == ([], [], 1753)
    assert report.departements.writes == report.epci.writes == 0
    assert Commune.objects.get(pk="45234").name == "Orléans-la-Neuve"
    assert number() == before + 1
    assert revisions.checksum_of("communes") == report.checksum


def test_a_merger_removes_one_commune_and_changes_the_other(edited: Callable[[Edit], Path]) -> None:
    report = load_communes(edited(merged("45232", into="45234")))
    assert report.communes.removed == ["Olivet (45232)"]
    assert report.communes.changed == ["Orléans (45234): former_codes, former_names, contour"]
    assert not Commune.objects.filter(pk="45232").exists()
    assert Commune.objects.get(former_codes__contains=["45232"]).pk == "45234"


def test_a_commune_that_is_referred_to_is_not_removed(edited: Callable[[Edit], Path]) -> None:
    point_of_sale(commune="45232")
    before = snapshot()
    with pytest.raises(GroundError) as caught:
        load_communes(edited(merged("45232", into="45234")))
    (problem,) = caught.value.problems
    assert problem.startswith("Olivet (45232) is not in the file, but 1 row refers to it (")
    assert problem.endswith("Its successor is Orléans (45234): move them there, then load again.")
    assert snapshot() == before


def overlap(document: dict[str, Any]) -> None:
    feature(document, "97607")["geometry"] = feature(document, "97611")["geometry"]


FAULTS: dict[str, tuple[Edit, str]] = {
    "missing property": (
        lambda document: feature(document, "97611")["properties"].pop("postcodes"),
        r"feature \d+ \(97611 Mamoudzou\): property `postcodes` is missing",
    ),
    "code twice": (
        lambda document: document["features"].append(feature(document, "97611")),
        "code 97611 stands 2 times",
    ),
    "malformed code": (
        lambda document: feature(document, "97611")["properties"].update(code="9761"),
        "`code` '9761' is malformed",
    ),
    "unknown département": (
        lambda document: feature(document, "97611")["properties"].update(departement="99"),
        "département 99 is not listed",
    ),
    "unknown EPCI": (
        lambda document: feature(document, "97611")["properties"].update(epci="999999999"),
        "EPCI 999999999 is not listed",
    ),
    "negative population": (
        lambda document: feature(document, "97611")["properties"].update(population=-1),
        "`population` is not a count",
    ),
    "former code without a name": (
        lambda document: feature(document, "97611")["properties"].update(former_codes=["97699"]),
        "does not name each of `former_codes`",
    ),
    "centre out of the world": (
        lambda document: feature(document, "97611")["properties"].update(centre=[45.2, -147.9]),
        "`centre` is outside the world",
    ),
    "no geometry": (lambda document: feature(document, "97611").update(geometry=None), "not a Polygon"),
    "a bow tie": (
        lambda document: feature(document, "97611").update(
            geometry={"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}
        ),
        "the contour is not valid",
    ),
    "an open ring of two points": (
        lambda document: feature(document, "97611").update(
            geometry={"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}
        ),
        r"feature \d+ \(97611 Mamoudzou\)",
    ),
    "an overlap": (overlap, "97607 and 97611 overlap"),
    "no feature": (lambda document: document.update(features=[]), "not a GeoJSON FeatureCollection"),
    "no list of EPCI": (lambda document: document.pop("epci"), "`epci`"),
    "another région": (lambda document: document.update(region={"code": "94"}), "Set REGION_FILE"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_file_says_where_and_changes_nothing(fault: str, tmp_path: Path, settings: Any) -> None:
    """On the small région's file: the fault is found before the database is looked at."""
    settings.REGION = {**settings.REGION, "code": "06"}
    edit, message = FAULTS[fault]
    document = json.loads((SECOND_REGION / "communes.geojson").read_bytes())
    edit(document)
    before = snapshot()
    with pytest.raises(GroundError, match=message):
        load_communes(write(document, tmp_path))
    assert snapshot() == before


def test_a_failure_while_writing_changes_nothing(
    edited: Callable[[Edit], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any) -> None:
        raise RuntimeError("power cut")

    before = snapshot()
    monkeypatch.setattr(loading.revisions, "bump", fail)
    with pytest.raises(RuntimeError, match="power cut"):
        load_communes(edited(merged("45232", into="45234")))
    assert snapshot() == before


def test_text_that_is_no_json_and_a_file_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "communes.geojson"
    with pytest.raises(GroundError, match="build_communes"):
        load_communes(path)
    path.write_text("{")
    with pytest.raises(GroundError, match="not JSON"):
        load_communes(path)


def test_the_command_prints_a_report_and_no_traceback(edited: Callable[[Edit], Path], tmp_path: Path) -> None:
    out = StringIO()
    call_command("load_communes", edited(renamed("45234", "Orléans-la-Neuve")), stdout=out)
    assert "Communes: 0 added, 1 changed, 0 removed, 1753 unchanged" in out.getvalue()
    assert "changed Orléans-la-Neuve (45234): name" in out.getvalue()
    with pytest.raises(CommandError, match="Nothing is written"):
        call_command("load_communes", tmp_path / "absent")


def test_a_small_region_overseas_replaces_this_one(settings: Any) -> None:
    settings.REGION = {**settings.REGION, "code": "06"}
    report = load_communes(SECOND_REGION / "communes.geojson")
    assert (len(report.communes.added), len(report.communes.removed)) == (17, 1754)
    assert list(Departement.objects.values_list("code", "name")) == [("976", "Mayotte")]
    assert Epci.objects.count() == 5
    assert (SECOND_REGION / "communes.geojson").stat().st_size < 60_000
