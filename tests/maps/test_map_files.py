"""What the map is made of: folium's script as a file, and our own outlines."""

from __future__ import annotations

import json
import re

import brotli
import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from directory.api.errors import Problem
from geo import revisions
from geo.models import Commune
from maps import folium_map, outlines
from maps.drawing import drawing

LIGHT = 60_000  # bytes, compressed


@pytest.mark.django_db
class TestScript:
    def test_has_no_other_host_and_no_page(self):
        script = folium_map.map_script().content.decode()
        assert "export function makeMap" in script
        assert "https://" not in script
        assert "http://" not in script
        assert "<" not in script
        for asset in ("jquery", "bootstrap", "cdn"):
            assert asset not in script.lower()

    def test_is_the_same_in_every_process(self):
        first = folium_map.map_script()
        revisions.forget()
        assert folium_map.map_script() == first

    def test_has_a_highest_zoom(self):
        assert '"maxZoom": 16' in folium_map.map_script().content.decode()

    def test_draws_no_box_that_one_would_not_see(self):
        assert '"boxZoom": false' in folium_map.map_script().content.decode()

    def test_knows_the_family_of_every_activity(self):
        families = folium_map.families()
        assert set(families) >= {"farming", "food_craft", "eating_out", "services"}
        assert "goat_farm" in families["farming"]

    def test_is_kept_for_ever_under_its_version_only(self, client):
        version = folium_map.map_script().version
        current = client.get(f"/carte/carte-{version}.js")
        assert current["Content-Type"].startswith("text/javascript")
        assert "immutable" in current["Cache-Control"]
        assert "immutable" not in client.get("/carte/carte-old.js")["Cache-Control"]

    def test_every_family_has_its_own_shape(self):
        sprite = (settings.BASE_DIR / "maps/static/maps/img/pins.svg").read_text()
        shapes = dict(re.findall(r'<symbol id="(\w+)".*?<path fill="currentColor"[^>]* d="([^"]+)"', sprite))
        assert set(shapes) == {*folium_map.families(), "other"}
        assert len(set(shapes.values())) == len(shapes)


@pytest.mark.django_db
class TestOutlines:
    def test_are_light(self, client):
        ground = outlines.ground()
        paths = [f"/carte/contours-{ground.version}.json"]
        paths += [f"/carte/communes-{code}-{ground.version}.json" for code in settings.REGION["departements"]]
        for path in paths:
            response = client.get(path)
            assert response.status_code == 200
            assert "immutable" in response["Cache-Control"]
            assert len(brotli.compress(response.content, quality=5)) < LIGHT

    def test_are_not_made_for_another_departement(self, client):
        assert client.get("/carte/communes-99-x.json").status_code == 404

    def test_name_every_commune(self):
        ground = outlines.ground()
        for code in settings.REGION["departements"]:
            given = json.loads(outlines.communes_content(ground.version, code))
            assert len(given["names"]) == Commune.objects.filter(departement=code).count()

    def test_agree_along_the_border_of_two_departements(self):
        """Both files hold the same lines there, to the unit."""
        version = outlines.ground().version
        one, other = (json.loads(outlines.communes_content(version, code)) for code in ("41", "45"))
        assert len(set(one["outer"]) & set(other["outer"])) > 20
        assert not set(one["inner"]) & set(other["inner"])

    def test_name_the_largest_towns_first(self):
        given = json.loads(outlines.ground().content)
        assert given["main"] == len(settings.REGION["departements"])
        assert [name for name, _, _ in given["names"][:2]] == ["Tours", "Orléans"]

    def test_a_drawing_of_the_region_is_a_few_kilobytes(self):
        made = drawing()
        assert sum(len(area.path) for area in made.areas) < 5_000
        assert {town.name for town in made.towns} >= {"Tours", "Orléans", "Bourges"}


class TestProblemPage:
    """Rendered where the database is forbidden to the test."""

    @pytest.mark.parametrize(("language", "home"), [("fr", "/"), ("en", "/en/")])
    def test_needs_nothing(self, language, home, settings, tmp_path):
        settings.STATIC_ROOT = tmp_path  # no manifest: static files were never collected
        problem = Problem(503, "database_unavailable", "Indisponible", "Réessayez.", retry_after=5)
        with translation.override(language):
            page = render_to_string("maps/problem.html", {"problem": problem}, RequestFactory().get("/"))
        assert f'href="{home}"' in page
        assert "Indisponible" in page
        assert re.search(r"\b5\b", page)
        assert "/static/maps/css/base.css" in page
