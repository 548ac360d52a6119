"""The drawing of coverage, its layer and what an area tells."""

from __future__ import annotations

import json
import re

import pytest
from django.urls import reverse

from geo.coverage.figures import editions
from geo.gazetteer import gazetteer
from maps.coverage.drawing import choropleth
from maps.overlays import overlay_script
from tests.coverage_data import fibre
from tests.maps.coverage_reading import AREINES, BLOIS, PAGE, VENDOME, read, rows

pytestmark = pytest.mark.django_db


class TestDrawing:
    def test_has_the_classes_of_the_table(self, figures):
        made = choropleth(editions().figures(figures), "ftth", "commune", "41", marked=[VENDOME])
        assert len(made.areas) == 267
        steps = {area.name: area.step for area in made.areas if area.step is not None}
        assert steps == {"Vendôme": 0, "Blois": 3}
        assert [area.name for area in made.areas if area.marked] == ["Vendôme"]
        assert made.areas[-1].marked

    @pytest.mark.parametrize(("level", "areas"), [("departement", 6), ("epci", 82)])
    def test_of_the_region_is_a_few_kilobytes(self, figures, level, areas):
        made = choropleth(editions().figures(figures), "ftth", level)
        assert len(made.areas) >= areas - 2
        assert sum(len(area.path) for area in made.areas) < 25_000

    def test_of_an_epci_in_two_departements_is_of_its_part_as_in_the_table_and_on_the_map(self, client):
        epci, parts = "200070183", {}
        for entry in gazetteer().entries:
            if entry.epci == epci:
                parts[entry.departement] = entry.code
        known = fibre({parts["41"]: 10, parts["45"]: 95})
        made = choropleth(editions().figures(known), "ftth", "epci", "41")
        assert {area.step for area in made.areas if area.code == epci} == {0}
        page = read(client, level="epci", departement="41")
        assert ["100", "10 % 10", "Écart très large"] in [row[:3] for row in rows(page).values()]
        values = re.search(r'data-values="([^"]+)"', page)[1]
        assert client.get(values).json()["classes"][epci] == 0
        told = client.get(re.search(r'data-area="([^"]+)"', page)[1], {"code": epci}).json()
        assert "10" in told["lines"][0]

    def test_areas_lie_on_the_paper(self, figures):
        made = choropleth(editions().figures(figures), "ftth", "commune", epci=gazetteer().commune(BLOIS).epci)
        for area in made.areas:
            assert re.fullmatch(r"(M\d+ \d+l[-\d ]+z)+", area.path)
            x, y = map(int, re.match(r"M(\d+) (\d+)", area.path).groups())
            assert 0 <= x <= made.width
            assert 0 <= y <= made.height


class TestMap:
    def test_module_is_folium_s_and_the_same_in_every_process(self, client):
        script = overlay_script()
        overlay_script.cache_clear()
        assert overlay_script() == script
        text = script.content.decode()
        assert text.count("map.createPane(") == 2
        assert '"url(#gap-4)"' in text
        assert "<" not in text
        assert "immutable" in client.get(f"/carte/couverture-{script.version}.js")["Cache-Control"]
        assert "immutable" not in client.get("/carte/couverture-old.js")["Cache-Control"]

    def test_tells_of_an_area(self, client, figures):
        told = json.loads(client.get("/couverture/lieu/", {"level": "departement", "code": "41"}).content)
        assert told["name"] == "Loir-et-Cher"
        assert told["href"] == f"{PAGE}?departement=41"
        said = " ".join(told["lines"]).replace("\xa0", " ").replace("\u202f", " ")
        assert "68 % des locaux sont éligibles à la fibre (820 sur 1 200)." in said
        assert "Communes à faible débit : 1 sur 267." in said
        assert "édition du 30 septembre 2025" in said

    def test_tells_of_what_is_unknown(self, client, figures):
        told = json.loads(client.get("/couverture/lieu/", {"level": "commune", "code": AREINES}).content)
        assert told["lines"][0] == "Aucun chiffre dans cette édition."
        assert told["href"] == "/commune/41003-areines/"

    def test_has_no_other_areas(self, client, figures):
        assert client.get("/couverture/lieu/", {"level": "commune", "code": "75056"}).status_code == 404

    def test_layer_has_its_legend_and_source(self, client, figures):
        layer = read(client, path=reverse("maps:coverage_layer"))
        assert "Part des locaux éligibles à la fibre" in layer
        assert "moins de 25 %" in layer
        assert "édition du 30 septembre 2025" in layer
        assert 'data-values="/api/v1/coverage/overlay/?level=commune&indicator=ftth"' in layer

    def test_layer_without_any_edition(self, client):
        layer = read(client, path=reverse("maps:coverage_layer"))
        assert "Aucune édition" in layer
        assert "data-values" not in layer
