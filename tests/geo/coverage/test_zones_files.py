"""Files of zones: three formats in any coordinates; what is none, or no safe one, is refused with the remedy."""

from __future__ import annotations

import json
import re
import sqlite3
import zipfile

import numpy as np
import pytest
import shapely
from pyogrio.raw import write as write_layer

from geo.coverage.importing.errors import UnreadableFile
from geo.coverage.zones import reading
from geo.models import Zone
from geo.shapes import to_shapely
from tests.geo.coverage.zone_files import deliver, lambert93, projected, zipped, zones_file

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:'crs' was not provided")]
# West of Blois; its four corners tell longitude from latitude, and left from right.
BOX = shapely.box(1.25, 47.52, 1.31, 47.55)


def web_mercator(lon: float, lat: float) -> tuple[float, float]:
    radius = 6_378_137.0
    return radius * np.radians(lon), radius * np.log(np.tan(np.pi / 4 + np.radians(lat) / 2))


def degrees(lon: float, lat: float) -> tuple[float, float]:
    return lon, lat


def test_the_oracle_is_ign_s():
    """The origin of Lambert-93, and the worked example of NT/G 71: Paris's meridian, to the metre."""
    assert lambert93(3, 46.5) == pytest.approx((700_000, 6_600_000), abs=0.01)


@pytest.mark.parametrize("name", ["zones.geojson", "zones.gpkg", "zones.zip"])
@pytest.mark.parametrize(
    ("crs", "project"), [("EPSG:2154", lambert93), ("EPSG:4326", degrees), ("EPSG:3857", web_mercator)]
)
def test_corners_land_where_they_are(tmp_path, name, crs, project):
    deliver(zones_file(tmp_path / name, [projected(BOX, project)], crs=crs))
    (zone,) = Zone.objects.all()
    assert shapely.hausdorff_distance(to_shapely(zone.area), BOX) < 1e-7  # 1 cm
    assert shapely.get_num_coordinates(to_shapely(zone.area)) == 5


@pytest.mark.parametrize("name", ["zones.geojson", "zones.gpkg", "zones.zip"])
def test_values_are_read_alike_from_each_format(tmp_path, name):
    fields = {
        "class_debit": ["HD3", "8"],
        "libelle": ["Hameau de la Brèche — Œuf", ""],
        "date_prevue": ["2027-06-30", "T1 2028"],
    }
    deliver(zones_file(tmp_path / name, [BOX, shapely.box(1.40, 47.52, 1.41, 47.53)], fields))
    assert [(zone.speed, zone.label, str(zone.planned_on)) for zone in Zone.objects.order_by("speed")] == [
        ("BHD8", "", "2028-03-31"),
        ("HD3", "Hameau de la Brèche — Œuf", "2027-06-30"),
    ]


class TestCoordinates:
    @pytest.mark.parametrize("name", ["zones.gpkg", "zones.zip"])
    def test_a_file_without_any_names_the_remedy(self, tmp_path, name):
        path = zones_file(tmp_path / name, [projected(BOX, lambert93)], crs=None)
        with pytest.raises(UnreadableFile, match="--crs EPSG:2154"):
            deliver(path)
        deliver(path, crs="EPSG:2154")
        assert Zone.objects.get().area.centroid.x == pytest.approx(1.28, abs=1e-6)

    @pytest.mark.parametrize("number", [-1, 0])
    def test_a_geopackage_that_says_undefined_names_it_too(self, tmp_path, number):
        path = zones_file(tmp_path / "zones.gpkg", [projected(BOX, lambert93)])
        with sqlite3.connect(path) as package:
            package.execute("UPDATE gpkg_contents SET srs_id = ?", [number])
            package.execute("UPDATE gpkg_geometry_columns SET srs_id = ?", [number])
        package.close()
        with pytest.raises(UnreadableFile, match="does not say what its coordinates are"):
            deliver(path)

    def test_metres_that_pass_for_degrees_are_refused_with_the_remedy(self, tmp_path):
        path = tmp_path / "zones.geojson"
        feature = {"type": "Feature", "properties": {"classe": "HD3"}}
        feature["geometry"] = shapely.geometry.mapping(projected(BOX, lambert93))
        path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
        (line,) = deliver(path).lines
        assert line.code == "bad_coordinates"
        assert "--crs EPSG:2154" in line.message
        assert not deliver(path, crs="EPSG:2154").refused

    @pytest.mark.parametrize("crs", ["EPSG:999999", "Lambert", 'LOCAL_CS["Chantier",UNIT["metre",1]]'])
    def test_a_system_that_leads_nowhere_is_refused(self, tmp_path, crs):
        path = zones_file(tmp_path / "zones.gpkg", [BOX])
        with pytest.raises(UnreadableFile, match=rf"^{re.escape(crs)} is no coordinate system .* --crs EPSG:2154"):
            deliver(path, crs=crs)

    @pytest.mark.filterwarnings("ignore:invalid value encountered")
    def test_what_is_no_number_is_refused(self, tmp_path):
        broken = shapely.from_wkt("POLYGON ((1.25 47.52, nan 47.52, 1.31 47.55, 1.25 47.52))")
        report = deliver(zones_file(tmp_path / "zones.gpkg", [broken, BOX]))
        assert [line.code for line in report.lines] == ["bad_coordinates", ""]


class TestLayers:
    def test_several_are_listed_and_one_is_chosen(self, tmp_path):
        path = zones_file(tmp_path / "zones.gpkg", [BOX], layer="etat_2026")
        zones_file(path, [BOX], layer="projets", append=True)
        with pytest.raises(UnreadableFile, match=r"--layer\. Layers with shapes: etat_2026, projets"):
            deliver(path)
        with pytest.raises(UnreadableFile, match="no layer 'etat'"):
            deliver(path, layer="etat")
        assert deliver(path, layer="projets").read == 1

    def test_a_table_without_shapes_is_none(self, tmp_path):
        path = zones_file(tmp_path / "zones.gpkg", [BOX], layer="zones")
        styles = np.array(["x"], dtype=object)
        write_layer(path, None, [styles], np.array(["style"], dtype=object), layer="layer_styles", append=True)
        assert deliver(path).read == 1


class TestFields:
    def test_without_a_usual_name_the_field_must_be_said(self, tmp_path):
        fields = {"cl_down": ["HD3"], "quoi": ["Hameau"], "quand": ["2027"]}
        path = zones_file(tmp_path / "zones.gpkg", [BOX], fields)
        with pytest.raises(UnreadableFile, match=r"--class-field\. Fields: cl_down, quoi, quand"):
            deliver(path)
        deliver(path, fields={"class": "cl_down", "label": "quoi", "planned": "quand"})
        zone = Zone.objects.get()
        assert (zone.speed, zone.label, str(zone.planned_on)) == ("HD3", "Hameau", "2027-12-31")

    def test_one_that_is_not_there_is_refused(self, tmp_path):
        with pytest.raises(UnreadableFile, match=r"'nom' \(--label-field\). Fields: classe"):
            deliver(zones_file(tmp_path / "zones.gpkg", [BOX]), fields={"label": "nom"})

    def test_dates_and_numbers_of_a_database_are_read(self, tmp_path):
        fields = {"debit": np.array([8.0, 30.5]), "date_prevue": np.array(["2027-06-30", "NaT"], dtype="datetime64[D]")}
        deliver(zones_file(tmp_path / "zones.gpkg", [BOX, shapely.box(1.40, 47.52, 1.41, 47.53)], fields))
        zones = Zone.objects.order_by("speed")
        assert [(zone.speed, str(zone.planned_on)) for zone in zones] == [("BHD8", "2027-06-30"), ("THD30", "None")]


class TestUnsafe:
    @pytest.mark.parametrize(
        "content",
        [
            b"", b"classe;libelle\nHD3;x\n", b"PK\x03\x04 cut off", b"SQLite format 3\0 cut off", b'{"a": 1}',
            b'<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>'
            b"</OGRVRTDataSource>",
        ],
    )  # fmt: skip
    def test_what_is_no_such_file_is_refused(self, tmp_path, content):
        path = tmp_path / "zones.geojson"
        path.write_bytes(content)
        with pytest.raises(UnreadableFile, match=r"^zones\.geojson: "):
            deliver(path)

    def test_a_file_that_is_not_there_is_said(self, tmp_path):
        with pytest.raises(UnreadableFile, match="cannot be read"):
            deliver(tmp_path / "zones.gpkg")

    def test_an_archive_must_hold_one_shapefile(self, tmp_path):
        parts = [tmp_path / "a.zip", tmp_path / "b.zip"]
        for part in parts:
            zones_file(part, [BOX])
        both = zipped(tmp_path / "both.zip", *(part.with_suffix(".shp") for part in parts))
        with pytest.raises(UnreadableFile, match=r"there are 2: livraison/a\.shp, livraison/b\.shp"):
            deliver(both)
        with pytest.raises(UnreadableFile, match="there are 0"):
            deliver(zipped(tmp_path / "none.zip", tmp_path / "a.shp", leave_out=[".shp"]))

    def test_a_bomb_is_not_unpacked(self, tmp_path, monkeypatch):
        path = tmp_path / "bomb.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("zones.shp", bytes(50_000_000))
        assert path.stat().st_size < 100_000
        monkeypatch.setattr(reading, "MAX_UNPACKED", 5_000_000)
        with pytest.raises(UnreadableFile, match="more than 5,000,000 bytes; it is not opened"):
            deliver(path)

    def test_parts_of_an_archive_stay_in_their_folder(self, tmp_path):
        zones_file(tmp_path / "a.zip", [BOX])
        path = tmp_path / "b.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for part in (".shp", ".shx", ".dbf", ".prj"):
                archive.write(tmp_path / f"a{part}", f"../../a{part}")
        assert deliver(path).read == 1

    @pytest.mark.parametrize(("limit", "says"), [("MAX_BYTES", "more than 1 bytes"), ("MAX_FEATURES", "2 features")])
    def test_there_is_an_end_to_size(self, tmp_path, monkeypatch, limit, says):
        path = zones_file(tmp_path / "zones.gpkg", [BOX, BOX])
        monkeypatch.setattr(reading, limit, 1)
        with pytest.raises(UnreadableFile, match=says):
            deliver(path)
