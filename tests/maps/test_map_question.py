"""Where the map finds what an answer has in a view, and the same question elsewhere: addresses that need no script."""

from __future__ import annotations

import re

import pytest

from directory.models import Consent, Merchant
from maps.backdrops import BACKDROPS
from tests.builders import at, centre_of, point_of_sale
from tests.maps.reading import asked_of
from tests.maps.test_pages import get

pytestmark = pytest.mark.django_db


def data(page, name):
    found = re.search(rf'\sdata-{name}="([^"]*)"', page)
    return found and found[1].replace("&amp;", "&")


def meta(page, pattern):
    return re.search(pattern, page)[1].replace("&amp;", "&")


@pytest.fixture
def farm():
    return point_of_sale("Ferme du Loir", pin=at(centre_of(), 0, 2_345), products=["goat_cheese"])


class TestWhatTheMapAsks:
    def test_the_question_without_its_order_page_or_box(self, client, farm):
        page = get(client, product="cheese", place="Vendôme", radius_km="20", sort="name", bbox="0,47,2,48.5")
        assert asked_of(data(page, "clusters")) == {"product": "cheese", "place": "Vendôme", "radius_km": "20"}
        assert data(page, "clusters").startswith("/api/v1/clusters/?")
        assert asked_of(data(page, "merchants")) == asked_of(data(page, "clusters"))
        assert data(page, "within") == "0.000000,47.000000,2.000000,48.500000"
        assert client.get(data(page, "clusters"), {"bbox": "0,47,2,48.5", "zoom": "9"}).status_code == 200

    def test_all_there_is(self, client, farm):
        page = get(client, sort="name")
        assert data(page, "clusters") == "/api/v1/clusters/"
        assert data(page, "within") is None
        assert data(page, "total") == "1"

    def test_the_first_view_is_the_departement_asked(self, client, farm):
        west, south, east, north = map(float, data(get(client, departement="41"), "extent").split(","))
        assert 0.5 < west < 0.7 < 2.1 < east < 2.3
        assert 47.1 < south < 47.3 < 48.0 < north < 48.2
        whole = [float(edge) for edge in data(get(client, sort="name"), "extent").split(",")]
        assert whole[0] < west
        assert whole[3] > north

    def test_the_first_view_is_refined_where_a_part_was_asked(self, client, farm):
        assert "data-refined" in get(client, commune="41269")
        assert "data-refined" not in get(client, departement="41")

    def test_rows_say_where_they_are(self, client, farm):
        page = get(client, place="Vendôme")
        assert (data(page, "id"), data(page, "lat")) == (str(farm.pk), f"{farm.pin.y:.6f}")

    def test_a_hidden_pin_is_its_commune_s(self, client):
        point_of_sale("Ferme Cachée", pin=at(centre_of(), 0, 1_500), pin_hidden=True)
        page = get(client, place="Vendôme")
        assert data(page, "lat") == f"{centre_of().lat:.6f}"


class TestElsewhere:
    def test_an_area_replaces_all_that_said_where(self, client, farm):
        for where in (
            {"q": "fromage de chèvre à 5 km de Vendôme"},
            {"product": "goat_cheese", "departement": "41"},
            {"product": "goat_cheese", "commune": "41269", "sort": "name"},
            {"product": "goat_cheese", "lat": "47.8", "lon": "1.06", "radius_km": "20", "sort": "distance"},
            {"product": "goat_cheese", "bbox": "0,47,2,48.5"},
        ):
            area = data(get(client, **where), "area-address")
            assert asked_of(area).pop("product") == "goat_cheese"
            assert set(asked_of(area)) <= {"product", "sort"}
            assert "sort=distance" not in area

    def test_around_me_keeps_what_and_how_far(self, client, farm):
        page = get(client, q="fromage de chèvre à 25 km de Blois")
        assert asked_of(data(page, "around")) == {"product": "goat_cheese", "radius_km": "25"}
        assert asked_of(data(get(client, product="goat_cheese", place="Vendôme"), "around")) == {
            "product": "goat_cheese"
        }

    def test_around_me_asks_the_words_again_where_they_ask_for_it(self, client, farm):
        assert asked_of(data(get(client, q="fromage autour de moi"), "around")) == {"q": "fromage autour de moi"}
        assert data(get(client), "around") == "/"

    def test_what_is_shared_names_the_commune(self, client, farm):
        page = get(client, product="cheese", lat="47.793", lon="1.065", radius_km="20")
        shared = "http://testserver/?product=cheese&place=Vend%C3%B4me&radius_km=20"
        assert meta(page, r'rel="canonical"\s+href="([^"]+)"') == shared
        assert meta(page, r'hreflang="en"\s+href="([^"]+)"') == shared.replace("/?", "/en/?")
        assert data(page, "url") == shared
        english = meta(page, r'<a href="(/en/[^"]*)"\s+hreflang="en"')
        assert asked_of(english) == asked_of(data(page, "clusters")), "so is who reads on in English"
        assert "data-private" in page
        assert "47.793000" in data(page, "clusters"), "the map is where the person is"

    def test_the_other_language_asks_where_one_is_too(self, client, farm):
        page = client.get("/?q=fromage+autour+de+moi").content.decode()
        english = meta(page, r'<a href="(/en/[^"]*)"\s+hreflang="en"')
        assert asked_of(english) == {"q": "fromage autour de moi"}

    def test_a_commune_is_named_so_that_it_is_found(self, client, farm):
        """Several communes of the région bear one name."""
        from geo.gazetteer import gazetteer

        names = [entry.name for entry in gazetteer().entries]
        twins = [entry for entry in gazetteer().entries if names.count(entry.name) > 1]
        assert twins
        for twin in twins[:6]:
            there = {"lat": f"{twin.position.lat:.4f}", "lon": f"{twin.position.lon:.4f}"}
            shared = data(get(client, sort="name", radius_km="200", **there), "url")
            found = client.get("/api/v1/merchants/", {"place": asked_of(shared)["place"], "radius_km": "200"}).json()
            assert round(found["features"][0]["properties"]["distance_m"], -3) == pytest.approx(
                twin.position.distance_to(at(centre_of(), 0, 2_345)), abs=1_000
            )

    def test_outside_of_the_region_a_position_is_rounded(self, client, farm):
        page = get(client, product="cheese", lat="48.8566", lon="2.3522", radius_km="200")
        assert asked_of(data(page, "url"))["lat"] == "48.860000"
        assert asked_of(data(page, "url"))["lon"] == "2.350000"

    def test_a_place_that_was_named_stays(self, client, farm):
        page = get(client, product="cheese", place="Vendôme")
        assert asked_of(data(page, "url")) == {"product": "cheese", "place": "Vendôme"}
        assert "data-private" not in page


class TestReach:
    def test_a_phone_is_shown_with_its_merchant_s_consent_alone(self, client, farm):
        Merchant.objects.filter(pk=farm.merchant_id).update(phone="0254000000")
        given = {"merchant_id": farm.merchant_id, "field": "phone", "wording": "1"}
        Consent.objects.create(audience="departement", **given)
        assert "tel:" not in get(client, place="Vendôme")
        consent = Consent.objects.create(audience="public", **given)
        assert 'href="tel:' in get(client, place="Vendôme")
        Consent.objects.filter(pk=consent.pk).update(withdrawn_at=consent.given_at)
        assert "tel:" not in get(client, place="Vendôme")

    def test_its_own_shop_comes_before_its_site(self, client, farm):
        Merchant.objects.filter(pk=farm.merchant_id).update(website="https://site.example/")
        assert 'href="https://site.example/"' in get(client, place="Vendôme")
        Merchant.objects.filter(pk=farm.merchant_id).update(shop_url="https://shop.example/")
        page = get(client, place="Vendôme")
        assert 'href="https://shop.example/"' in page
        assert "site.example" not in page

    def test_no_link_but_to_the_web(self, client, farm):
        Merchant.objects.filter(pk=farm.merchant_id).update(
            website="javascript:alert(1)", shop_url="javascript:alert(2)"
        )
        assert "javascript:" not in get(client, place="Vendôme")
        assert "javascript:" not in client.get(f"/api/v1/merchants/{farm.pk}/").content.decode()


class TestBackdrops:
    def test_their_hosts_are_allowed_on_pages_with_a_map_alone(self, client, farm):
        hosts = {f"https://{backdrop.host}" for backdrop in BACKDROPS}
        assert hosts == {"https://data.geopf.fr", "https://tile.openstreetmap.org"}

        def images(path):
            policy = client.get(path)["Content-Security-Policy"]
            return set(re.search(r"img-src ([^;]*)", policy)[1].split())

        assert images("/?place=Vend%C3%B4me") == {"'self'", "data:", *hosts}
        for path in ("/", "/aide/", f"/m/{farm.merchant_id}-ferme-du-loir/", "/?place=nulle-part-du-tout"):
            assert images(path) == {"'self'", "data:"}

    def test_are_named_where_they_are_chosen_and_where_privacy_is_told(self, client, farm):
        for page in (get(client, place="Vendôme"), get(client, "/donnees-personnelles/")):
            for backdrop in BACKDROPS:
                assert backdrop.host in page

    def test_files_of_the_map_carry_no_page_s_policy(self, client, farm):
        script = data(get(client, place="Vendôme"), "script")
        assert "Content-Security-Policy" not in client.get(script)
