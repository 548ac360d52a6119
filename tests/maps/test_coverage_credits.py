"""What pages beside the map of coverage say of it: a commune's share, and whom the figures come from."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from tests.builders import VENDOME
from tests.coverage_data import LATEST, edition, fibre, zone
from tests.maps.test_pages import text_of

pytestmark = pytest.mark.django_db
PAGE = "/commune/41269-vendome/"


def test_a_commune_s_page_says_its_share_with_the_evidence(client):
    edition({VENDOME: (176, {"ftth": 3})})
    page = client.get(PAGE).content.decode()
    text = text_of(page)
    assert "98 % des locaux ne sont pas éligibles à la fibre (173 sur 176)" in text.replace("\u00a0", " ")
    assert "édition du 30 septembre 2025" in text
    assert "Part de la commune" in text
    assert "Le haut débit, commune par commune" in text
    assert f'href="{reverse("maps:coverage")}?departement=41"' in page


def test_and_nothing_where_no_edition_is_held(client):
    assert "Internet fixe" not in client.get(PAGE).content.decode()


def test_sources_stand_with_those_of_the_other_data(client):
    fibre({VENDOME: 10}, date(2024, 12, 31))
    fibre({VENDOME: 10}, LATEST, demo=True)
    zone((1.0, 47.7, 1.1, 47.8), "BHD8", source="Val de Loire Fibre")
    text = text_of(client.get("/donnees/").content.decode())
    assert "ARCEP, Ma connexion internet, édition du 31 décembre 2024, Licence Ouverte 2.0" in text
    assert "ARCEP, Ma connexion internet (démonstration), édition du 30 septembre 2025" in text
    assert "Val de Loire Fibre, Loir-et-Cher, 30 septembre 2025" in text
