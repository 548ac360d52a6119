"""The doubtful pins on a map: a list of links that is complete by itself."""

from __future__ import annotations

import re

import pytest

from directory.models import PointOfSale
from geo.points import Position
from maps.admin import doubtful_map
from tests.builders import point_of_sale
from tests.maps.admin_desk import BLOIS, DOUBTFUL, NASTY, log_in, staff_with

pytestmark = pytest.mark.django_db
MAP = f"{DOUBTFUL}carte/"


@pytest.fixture
def places():
    doubtful = {"reviews": ["doubtful_pin"], "pin_score": 0.6}
    return [
        point_of_sale("Ferme A", pin=Position(1.0654, 47.7931), **doubtful),
        point_of_sale(NASTY, commune="28103", pin_precision="commune", **doubtful),
        point_of_sale("Sûre"),
        point_of_sale("Fermée", status="closed", **doubtful),
    ]


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def test_it_lists_the_doubtful_with_their_place_and_the_way_to_their_form(admin_client, places):
    page = text_of(admin_client.get(MAP))
    links = re.findall(r'<a href="([^"]+)"\s+data-lat="([^"]+)"\s+data-lon="([^"]+)">([^<]*)</a>', page)
    assert [link[3] for link in links] == ["Ferme A", "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;"]
    assert links[0][:3] == (f"/gestion/directory/pointofsale/{places[0].pk}/change/?file=epingles", "47.7931", "1.0654")
    assert "au numéro" in page
    assert "précision ou score faibles" in page
    assert "Sûre" not in page
    assert "Fermée" not in page


def test_it_is_bounded_to_a_departement_and_the_walk_stays_there(admin_client, places):
    page = text_of(admin_client.get(MAP, {"departement": "28"}))
    assert "Ferme A" not in page
    assert f"{places[1].pk}/change/?file=epingles&amp;departement=28" in page
    west, south, east, north = map(float, re.search(r'data-bounds="([^"]+)"', page)[1].split())
    assert 0.5 < west < 1 < 1.9 < east < 2.1
    assert 47.9 < south < 48.1 < 48.8 < north < 49
    assert f'{MAP}?departement=28"' in text_of(admin_client.get(DOUBTFUL, {"departement": "28"}))


def test_it_says_when_there_are_more_than_it_shows(admin_client, places, monkeypatch):
    monkeypatch.setattr(doubtful_map, "MOST", 1)
    page = text_of(admin_client.get(MAP))
    assert "Seules les 1 premières sont là" in page
    assert page.count("data-lat=") == 1


def test_it_costs_the_same_for_many(admin_client, django_assert_max_num_queries):
    for n in range(30):
        point_of_sale(f"Ferme {n}", reviews=["doubtful_pin"], commune=BLOIS)
    with django_assert_max_num_queries(12):
        text_of(admin_client.get(MAP))
    PointOfSale.objects.update(pin=None, pin_precision="")
    assert "Aucune épingle douteuse ici." in text_of(admin_client.get(MAP))


def test_it_is_for_those_who_see_points_of_sale(client, places, django_user_model):
    assert staff_with("view_pointofsale").get(MAP).status_code == 200
    other = django_user_model.objects.create_user("other", is_staff=True)
    assert log_in(other).get(MAP).status_code == 403
    assert client.get(MAP).status_code == 302
