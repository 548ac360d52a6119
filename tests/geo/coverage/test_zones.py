"""Zones of a département: refused one by one with the reason, replaced by the next delivery, heard before a share."""

from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
import shapely
from django.core.management import CommandError, call_command

from directory.models import GapCase
from geo import revisions
from geo.coverage import demo, verdict
from geo.coverage.importing.errors import UnreadableFile
from geo.coverage.zones import areas
from geo.models import Departement, Edition, Revision, Zone, ZoneFile
from geo.points import Position
from geo.shapes import to_shapely
from tests.builders import VENDOME, at, centre_of, point_of_sale
from tests.coverage_data import fibre, zone
from tests.geo.coverage.zone_files import DELIVERED, deliver, zones_file

pytestmark = pytest.mark.django_db
SOURCE = "SMO Val de Loire Numérique"
# Beauce of Loir-et-Cher: well inside.
INSIDE = shapely.box(1.25, 47.70, 1.27, 47.72)
ELSEWHERE = shapely.box(1.40, 47.50, 1.42, 47.52)


def box_around(position: Position, metres: float = 400) -> shapely.Polygon:
    low, high = at(position, 225, metres), at(position, 45, metres)
    return shapely.box(low.lon, low.lat, high.lon, high.lat)


def bounds(shape: shapely.Geometry) -> tuple[float, float, float, float]:
    return shape.bounds


class TestFeatures:
    @pytest.mark.parametrize(
        ("wkt", "code"),
        [
            ("POINT (1.25 47.7)", "not_a_polygon"),
            ("LINESTRING (1.25 47.7, 1.26 47.7)", "not_a_polygon"),
            ("POLYGON EMPTY", "empty"),
            (None, "empty"),
            ("POLYGON ((1.25 47.7, 1.26 47.7, 1.25 47.7, 1.25 47.7))", "no_area"),
            ("POLYGON ((1.25 47.7, 1.250001 47.7, 1.250001 47.700001, 1.25 47.7))", "no_area"),  # a hand's breadth
            ("POLYGON ((2.3 48.8, 2.4 48.8, 2.4 48.9, 2.3 48.8))", "elsewhere"),  # Paris
            ("POLYGON ((47.7 1.25, 47.71 1.25, 47.71 1.26, 47.7 1.25))", "elsewhere"),  # axes the wrong way round
        ],
    )
    def test_what_is_no_zone_is_refused_and_the_rest_is_loaded(self, tmp_path, wkt, code):
        shape = None if wkt is None else shapely.from_wkt(wkt)
        report = deliver(zones_file(tmp_path / "zones.gpkg", [INSIDE, shape, ELSEWHERE]))
        assert [(line.line, line.outcome, line.code) for line in report.lines] == [
            (1, "loaded", ""), (2, "refused", code), (3, "loaded", ""),
        ]  # fmt: skip
        assert report.lines[1].message
        assert Zone.objects.count() == 2

    @pytest.mark.parametrize(
        ("wkt", "area"),
        [
            # A bow-tie of two equal wings, whose area cancels out as drawn.
            ("POLYGON ((1.25 47.70, 1.27 47.72, 1.27 47.70, 1.25 47.72, 1.25 47.70))", 0.0002),
            # A hole that leaves the shell.
            ("POLYGON ((1.25 47.7, 1.27 47.7, 1.27 47.72, 1.25 47.72, 1.25 47.7), "
             "(1.26 47.71, 1.28 47.71, 1.28 47.715, 1.26 47.715, 1.26 47.71))", 0.0004 - 0.01 * 0.005),
            # Two that lie over each other.
            ("MULTIPOLYGON (((1.25 47.7, 1.27 47.7, 1.27 47.72, 1.25 47.72, 1.25 47.7)), "
             "((1.26 47.7, 1.28 47.7, 1.28 47.72, 1.26 47.72, 1.26 47.7)))", 0.0006),
            # A spike without width.
            ("POLYGON ((1.25 47.7, 1.27 47.7, 1.29 47.7, 1.27 47.7, 1.27 47.72, 1.25 47.72, 1.25 47.7))", 0.0004),
            ("GEOMETRYCOLLECTION (POINT (1.2 47.7), POLYGON ((1.25 47.7, 1.27 47.7, 1.27 47.72, 1.25 47.72, "
             "1.25 47.7)))", 0.0004),
        ],
    )  # fmt: skip
    def test_what_can_be_repaired_is_and_that_is_said(self, tmp_path, wkt, area):
        (line,) = deliver(zones_file(tmp_path / "zones.gpkg", [shapely.from_wkt(wkt)])).lines
        assert (line.outcome, line.code) == ("loaded", "repaired")
        assert line.message
        found = Zone.objects.get().area
        assert found.valid
        assert found.area == pytest.approx(area, rel=1e-6)

    @pytest.mark.parametrize(("metres", "code"), [(4_500, ""), (5_500, "elsewhere")])
    def test_a_zone_may_reach_a_little_over_the_border(self, tmp_path, metres, code):
        contour = to_shapely(Departement.objects.get(pk="41").contour)
        west = Position(*min(shapely.get_coordinates(contour).tolist()))
        beyond = at(west, 270, metres)
        shape = shapely.box(beyond.lon, west.lat - 0.001, west.lon + 0.05, west.lat + 0.001)
        (line,) = deliver(zones_file(tmp_path / "zones.gpkg", [shape])).lines
        assert line.code == code

    def test_near_the_border_but_of_the_neighbour_is_refused(self, tmp_path):
        contour = to_shapely(Departement.objects.get(pk="41").contour)
        west = Position(*min(shapely.get_coordinates(contour).tolist()))
        middle = at(west, 270, 2_000)
        (line,) = deliver(zones_file(tmp_path / "zones.gpkg", [box_around(middle)])).lines
        assert line.code == "elsewhere"
        assert "Loir-et-Cher (41)" in line.message

    def test_classes_and_dates_are_read_feature_by_feature(self, tmp_path):
        shapes = [shapely.box(1.25 + i / 100, 47.7, 1.255 + i / 100, 47.705) for i in range(5)]
        fields = {"classe": ["HD3", "bon débit", "8", "", "HD3"], "date_prevue": ["2027", "", "", "", "bientôt"]}
        path = zones_file(tmp_path / "zones.gpkg", shapes, fields)
        assert [line.code for line in deliver(path).lines] == ["", "unknown_class", "", "no_class", "bad_date"]
        report = deliver(path, classes=["bon débit=BHD8"])
        assert [line.code for line in report.lines] == ["", "", "", "no_class", "bad_date"]
        assert sorted(Zone.objects.values_list("speed", "planned_on")) == [
            ("BHD8", None), ("BHD8", None), ("HD3", date(2027, 12, 31)),
        ]  # fmt: skip

    def test_the_same_feature_twice_is_refused_once(self, tmp_path):
        report = deliver(zones_file(tmp_path / "zones.gpkg", [INSIDE, ELSEWHERE, INSIDE]))
        assert [(line.code, line.message) for line in report.refused] == [("twice", "feature 1 is the same")]

    def test_too_many_vertices_are_refused(self, tmp_path, monkeypatch):
        monkeypatch.setattr(areas, "MAX_VERTICES", 100)
        report = deliver(zones_file(tmp_path / "zones.gpkg", [INSIDE.centroid.buffer(0.01, 50), INSIDE]))
        assert [line.code for line in report.lines] == ["too_detailed", ""]


class TestDeliveries:
    def test_the_same_file_twice_changes_nothing(self, tmp_path):
        path = zones_file(tmp_path / "zones.gpkg", [INSIDE, ELSEWHERE])
        assert deliver(path).wrote
        before = list(Zone.objects.order_by("pk").values()), list(ZoneFile.objects.values()), revision()
        report = deliver(path)
        assert not report.wrote
        assert str(report.diff) == "0 added, 0 changed, 0 removed, 2 unchanged"
        assert (list(Zone.objects.order_by("pk").values()), list(ZoneFile.objects.values()), revision()) == before

    def test_the_next_of_the_same_source_takes_its_place(self, tmp_path):
        deliver(zones_file(tmp_path / "t1.gpkg", [INSIDE, ELSEWHERE]))
        deliver(zones_file(tmp_path / "other.gpkg", [INSIDE]), source="Conseil départemental")
        stays = Zone.objects.get(area__bbcontains=to_point(INSIDE), file__source=SOURCE)
        third = shapely.box(1.35, 47.6, 1.36, 47.61)
        later = date(2026, 6, 30)
        report = deliver(zones_file(tmp_path / "t2.gpkg", [INSIDE, third]), delivered_on=later)
        assert str(report.diff) == "1 added, 0 changed, 1 removed, 1 unchanged"
        assert dict(ZoneFile.objects.values_list("source", "name")) == {
            SOURCE: "t2.gpkg", "Conseil départemental": "other.gpkg",
        }  # fmt: skip
        assert ZoneFile.objects.get(source=SOURCE).delivered_on == later
        assert Zone.objects.filter(file__source=SOURCE).count() == 2
        assert Zone.objects.filter(pk=stays.pk).exists(), "cases refer to it"

    def test_one_that_is_older_than_what_is_there_is_warned_of(self, tmp_path):
        deliver(zones_file(tmp_path / "new.gpkg", [INSIDE]))
        report = deliver(zones_file(tmp_path / "old.gpkg", [INSIDE]), delivered_on=date(2025, 1, 1))
        assert report.warnings == [f"new.gpkg, which it takes the place of, was delivered later: {DELIVERED}."]

    def test_one_without_a_sound_feature_leaves_what_is_there(self, tmp_path):
        deliver(zones_file(tmp_path / "good.gpkg", [INSIDE]))
        report = deliver(zones_file(tmp_path / "bad.gpkg", [shapely.Point(1.25, 47.7)]))
        assert (report.wrote, len(report.warnings)) == (False, 1)
        assert ZoneFile.objects.get().name == "good.gpkg"

    def test_a_dry_run_writes_nothing(self, tmp_path):
        zone(bounds(ELSEWHERE), "HD3", source=SOURCE)
        before = list(Zone.objects.values()), list(ZoneFile.objects.values()), revision()
        report = deliver(zones_file(tmp_path / "zones.gpkg", [INSIDE]), write=False)
        assert report.wrote
        assert str(report.diff) == "1 added, 0 changed, 1 removed, 0 unchanged"
        assert (list(Zone.objects.values()), list(ZoneFile.objects.values()), revision()) == before

    def test_the_demonstration_s_zones_go_there_and_nowhere_else(self, tmp_path):
        demo.seed_coverage(1)
        report = deliver(zones_file(tmp_path / "zones.gpkg", [INSIDE]))
        assert report.demo > 0
        assert set(ZoneFile.objects.filter(demo=True).values_list("departement", flat=True)) == {
            "18", "28", "36", "37", "45",
        }  # fmt: skip
        assert [row.demo for row in ZoneFile.objects.filter(departement="41")] == [False]
        assert Edition.objects.filter(demo=True).count() == 2
        assert not deliver(tmp_path / "zones.gpkg").wrote

    @pytest.mark.parametrize(
        ("said", "says"),
        [
            ({"departement": "75"}, "no département '75' here. Known are 18, 28, 36, 37, 41, 45"),
            ({"delivered_on": date(2126, 1, 1)}, "is to come"),
            ({"source": " "}, "say who delivered"),
            ({"source": "x" * 201}, "at most 200 characters"),
            ({"licence": "x" * 101}, "at most 100 characters"),
        ],
    )
    def test_what_is_said_of_a_delivery_is_checked(self, tmp_path, said, says):
        path = zones_file(tmp_path / "zones.gpkg", [INSIDE])
        with pytest.raises(UnreadableFile, match=says):
            deliver(path, **said)


class TestVerdict:
    """Vendôme has fibre for nine in ten; zones say otherwise of parts of it."""

    @pytest.fixture(autouse=True)
    def _commune(self):
        fibre({VENDOME: 90})

    def test_a_zone_is_heard_before_the_commune_up_to_its_edge(self, tmp_path):
        centre = centre_of(VENDOME)
        shape = box_around(centre)
        fields = {"classe": ["HD3"], "libelle": ["Le Temple"], "date_prevue": ["2027-06-30"]}
        west, _, east, north = shape.bounds
        places = {
            "inside": Position(centre.lon, centre.lat), "edge": Position(west, centre.lat),
            "corner": Position(east, north), "out": Position(west - 1e-6, centre.lat),
        }  # fmt: skip
        shops = {name: point_of_sale(name, pin=position) for name, position in places.items()}
        deliver(zones_file(tmp_path / "zones.gpkg", [shape], fields))
        said = {name: verdict.at(position) for name, position in places.items()}
        assert {name: one.evidence for name, one in said.items()} == {
            "inside": "zone", "edge": "zone", "corner": "zone", "out": "commune",
        }  # fmt: skip
        assert (said["inside"].klass, said["inside"].low, said["inside"].dated) == ("HD3", True, DELIVERED)
        assert said["inside"].source == SOURCE
        assert not said["inside"].demo
        cases = {case.point_of_sale_id: case for case in GapCase.objects.filter(in_gap=True)}
        assert cases.keys() == {shop.pk for name, shop in shops.items() if name != "out"}
        case = cases[shops["edge"].pk]
        assert (case.evidence, case.finding, case.need) == ("zone", "HD3", GapCase.Need.WORKS)
        assert case.planned_on == date(2027, 6, 30)

    def test_of_zones_over_each_other_the_last_delivered_speaks_then_the_slowest(self, tmp_path):
        centre = centre_of(VENDOME)
        shop = point_of_sale(pin=centre)
        shapes = [box_around(centre), box_around(centre, 900)]
        deliver(zones_file(tmp_path / "a.gpkg", shapes, {"classe": ["THD30", "HD05"]}))
        assert verdict.at(centre).klass == "HD05"
        assert GapCase.objects.get(point_of_sale=shop).finding == "HD05"
        earlier = date(2025, 1, 1)
        deliver(zones_file(tmp_path / "b.gpkg", shapes[:1], {"classe": ["INEL"]}), source="EPCI", delivered_on=earlier)
        assert verdict.at(centre).klass == "HD05", "what was delivered before is not asked"
        later = date(2026, 9, 30)
        deliver(zones_file(tmp_path / "c.gpkg", shapes[:1], {"classe": ["THD1G"]}), source="SMO", delivered_on=later)
        assert (verdict.at(centre).klass, verdict.at(centre).low) == ("THD1G", False)
        assert not GapCase.objects.get(point_of_sale=shop).in_gap


class TestCommand:
    def run(self, *arguments: object) -> str:
        out = StringIO()
        call_command(
            "import_zones", *map(str, arguments), "--departement=41", f"--source={SOURCE}", "--date=2026-03-31",
            stdout=out, no_color=True,
        )  # fmt: skip
        return out.getvalue()

    def test_it_says_what_became_of_each_feature(self, tmp_path):
        fields = {"cl": ["bon débit", "?"], "nom": ["=1+1", "b"]}
        path = zones_file(tmp_path / "zones.geojson", [INSIDE, ELSEWHERE], fields)
        options = ("--class-field=cl", "--class=bon débit=BHD8", "--licence=Licence Ouverte 2.0")
        said = self.run(path, *options, "--report", tmp_path / "report.csv")
        assert "2 features read = 1 loaded + 1 refused" in said
        assert "feature 2" in said
        assert "unknown_class" in said
        assert "Written, in one transaction" in said
        assert (tmp_path / "report.csv").read_text("utf-8-sig").count("\n") == 3
        zone = Zone.objects.get()
        assert (zone.speed, zone.label, zone.file.licence) == ("BHD8", "=1+1", "Licence Ouverte 2.0")
        assert "Nothing to write" in self.run(path, *options)

    def test_a_dry_run_says_so(self, tmp_path):
        path = zones_file(tmp_path / "zones.geojson", [INSIDE])
        assert "this was a dry run" in self.run(path, "--dry-run")
        assert not Zone.objects.exists()

    def test_what_cannot_be_read_is_an_error(self, tmp_path):
        with pytest.raises(CommandError, match="cannot be read"):
            self.run(tmp_path / "nothing.gpkg")
        with pytest.raises(CommandError, match="there is no such folder"):
            self.run(tmp_path / "nothing.gpkg", "--report", tmp_path / "no" / "report.csv")


def revision() -> int | None:
    revisions.forget()
    return Revision.objects.filter(name="coverage").values_list("number", flat=True).first()


def to_point(shape: shapely.Geometry):
    return Position(shape.centroid.x, shape.centroid.y).to_geos()
