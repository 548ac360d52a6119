"""The admin: a point of sale, its pin and where it comes from."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from directory.models import (
    PointOfSale,
    Source,
    SourceRecord,
)
from directory.pinning.around import TOLERANCE_M, metres_outside
from geo.models import Commune
from geo.points import Position
from tests.builders import VENDOME, at, centre_of, point_of_sale
from tests.maps.admin_desk import (
    BLOIS,
    MERCHANTS,
    NASTY,
    PLACES,
    SIRETS,
    errors_of,
    form_of,
    pin_at,
    saved,
    staff_with,
    submit,
    typed_in,
)

pytestmark = pytest.mark.django_db


class TestPin:
    def test_a_moved_pin_says_who_moved_it(self, desk, agent):
        place = point_of_sale(reviews=["doubtful_pin", "duplicate"], pin_label="1 Rue du Test 41100 Vendôme")
        there = at(centre_of(), 45, 400)
        before = timezone.now()
        saved(submit(desk, form_of(place), **pin_at(there)))
        place.refresh_from_db()
        assert Position.from_geos(place.pin).distance_to(there) < 0.2
        assert (place.pin_precision, place.pin_source, place.pin_score, place.pin_label) == (
            "manual",
            "manual",
            None,
            "",
        )
        assert place.pin_by == agent
        assert before <= place.pin_at <= timezone.now()
        assert place.reviews == ["duplicate"]

    def test_an_unmoved_pin_keeps_its_provenance_to_the_last_digit(self, desk):
        place = point_of_sale(pin=Position(1.0653430123456, 47.7925509876543), reviews=["doubtful_pin"])
        place.refresh_from_db()
        before = {
            name: getattr(place, name) for name in ("pin_precision", "pin_source", "pin_score", "pin_at", "pin_by")
        }
        pin = place.pin.coords
        saved(submit(desk, form_of(place), street="3 rue Neuve"))
        place.refresh_from_db()
        assert {name: getattr(place, name) for name in before} == before
        assert place.pin.coords == pin
        assert place.reviews == ["doubtful_pin"]

    def test_a_pin_moved_meanwhile_by_the_geocoder_is_not_put_back(self, desk):
        place = point_of_sale()
        url, there = form_of(place), at(centre_of(), 200, 500)
        data = typed_in(desk, url, street="4 rue Neuve")
        PointOfSale.objects.filter(pk=place.pk).update(pin=there.to_geos(), pin_score=0.97)
        saved(desk.post(url, {**data, "_continue": "1"}))
        place.refresh_from_db()
        assert Position.from_geos(place.pin).distance_to(there) < 0.2
        assert (place.pin_precision, place.pin_source, place.pin_score) == ("housenumber", "ban", 0.97)

    def test_a_pin_taken_away_leaves_room_for_the_geocoder(self, desk):
        place = point_of_sale()
        saved(submit(desk, form_of(place), pin_lat="", pin_lon=""))
        place.refresh_from_db()
        assert place.pin is None
        assert (place.pin_precision, place.pin_source, place.pin_at, place.pin_by) == ("", "", None, None)

    def test_a_first_pin(self, desk):
        place = point_of_sale()
        PointOfSale.objects.filter(pk=place.pk).update(pin=None, pin_precision="", pin_source="")
        saved(submit(desk, form_of(place), pin_lat="47,7925", pin_lon="1,0653"))
        place.refresh_from_db()
        assert place.pin.coords == pytest.approx((1.0653, 47.7925))
        assert place.pin_precision == "manual"

    @pytest.mark.parametrize(
        ("lat", "lon"),
        [("47.79", ""), ("", "1.06"), ("91", "1"), ("47", "181"), ("nan", "1"), ("1e3", "1"), ("x", "y")],
    )
    def test_what_is_not_a_position_is_refused(self, desk, lat, lon):
        place = point_of_sale()
        assert "pin" in errors_of(submit(desk, form_of(place), pin_lat=lat, pin_lon=lon))
        place.refresh_from_db()
        assert place.pin_source == "ban"

    def test_far_outside_the_commune_is_asked_for(self, desk):
        place = point_of_sale()
        far = centre_of(BLOIS)
        response = submit(desk, form_of(place), **pin_at(far))
        metres = metres_outside(Commune.objects.get(pk=VENDOME), far.to_geos())
        (message,) = errors_of(response)["pin"]
        assert f"{metres / 1000:.1f}".replace(".", ",") + " km hors de Vendôme, dans Blois" in message
        saved(submit(desk, form_of(place), pin_confirmed="on", **pin_at(far)))
        place.refresh_from_db()
        assert place.pin_precision == "manual"

    def test_two_kilometres_are_the_limit(self, desk):
        place, commune = point_of_sale(), Commune.objects.get(pk=VENDOME)
        ways = [at(centre_of(), 20, metres) for metres in range(0, 15_000, 50)]
        gaps = [metres_outside(commune, way.to_geos()) for way in ways]
        beyond = next(i for i, gap in enumerate(gaps) if gap > TOLERANCE_M)
        assert 0 < gaps[beyond - 1] <= TOLERANCE_M < gaps[beyond] < TOLERANCE_M + 100
        assert "pin" in errors_of(submit(desk, form_of(place), **pin_at(ways[beyond])))
        saved(submit(desk, form_of(place), **pin_at(ways[beyond - 1])))

    def test_a_far_pin_that_was_there_before_does_not_stop_other_edits(self, desk):
        place = point_of_sale(pin=centre_of(BLOIS))
        saved(submit(desk, form_of(place), street="5 rue Neuve"))
        place.refresh_from_db()
        assert place.street == "5 rue Neuve"

    def test_another_commune_is_compared_with_the_pin_too(self, desk):
        place = point_of_sale()
        assert "pin" in errors_of(submit(desk, form_of(place), commune=BLOIS))

    def test_the_form_works_without_javascript(self, desk):
        place = point_of_sale()
        page = desk.get(form_of(place)).content.decode()
        assert re.search(r'<label for="id_pin_lat">Latitude</label>', page)
        assert re.search(r'<input type="number"[^>]*name="pin_lon"[^>]*value="1\.06', page)
        assert re.search(r"data-pin-map\s+hidden", page), "the map appears when its script has run"

    def test_the_sources_own_points_are_given_to_the_map(self, desk):
        place = point_of_sale()
        source = Source.objects.create(slug="s", name=f"Liste {NASTY}", producer="P", licence="L")
        SourceRecord.objects.create(
            source=source, external_id="1", point_of_sale=place, fields={}, row_hash="", imported_at=timezone.now(),
            point=at(centre_of(), 90, 250).to_geos(),
        )  # fmt: skip
        page = desk.get(form_of(place)).content.decode()
        assert "data-sources=" in page
        assert NASTY not in page
        assert "à 250 m de l’épingle" in page

    def test_the_outline_of_a_commune_and_its_neighbours(self, desk):
        features = desk.get(f"{PLACES}communes/{VENDOME}/contours/").json()["features"]
        roles = [feature["properties"]["role"] for feature in features]
        assert roles == [*["beside"] * 12, "commune"]
        assert features[-1]["properties"]["name"] == "Vendôme"
        assert features[-1]["geometry"]["type"] == "MultiPolygon"
        assert desk.get(f"{PLACES}communes/99999/contours/").status_code == 404


class TestForm:
    def test_published_needs_a_commune(self, desk):
        place = point_of_sale()
        message = errors_of(submit(desk, form_of(place), commune=""))["commune"][0]
        assert "publié" in message

    def test_a_siret_is_used_once_among_the_living(self, desk):
        place, twin = point_of_sale(), point_of_sale("La Jumelle", siret=SIRETS[0])
        assert "La Jumelle" in errors_of(submit(desk, form_of(place), siret=SIRETS[0]))["siret"][0]
        PointOfSale.objects.filter(pk=twin.pk).update(status="closed")
        saved(submit(desk, form_of(place), siret=SIRETS[0]))

    def test_hours_are_checked_and_their_row_is_shared_not_edited(self, desk):
        place, other = point_of_sale(), point_of_sale("Autre")
        assert "hours" in errors_of(submit(desk, form_of(place), hours="lundi matin"))
        for shop in (place, other):
            saved(submit(desk, form_of(shop), hours="Mo-Fr 09:00-12:00"))
        saved(submit(desk, form_of(place), hours="Mo-Sa 09:00-12:00"))
        place.refresh_from_db(), other.refresh_from_db()
        assert (place.schedule.text, other.schedule.text) == ("Mo-Sa 09:00-12:00", "Mo-Fr 09:00-12:00")
        saved(submit(desk, form_of(place), hours=""))
        place.refresh_from_db()
        assert place.schedule is None

    def test_an_offer_says_what(self, desk):
        place = point_of_sale(products=["cheese"])
        url = form_of(place)
        data = typed_in(desk, url) | {
            "offers-TOTAL_FORMS": "2", "offers-1-id": "", "offers-1-point_of_sale": str(place.pk),
            "offers-1-product": "", "offers-1-line": "", "offers-1-unit": "pièce",
        }  # fmt: skip
        response = desk.post(url, {**data, "_continue": "1"})
        assert "Choisissez un produit" in response.content.decode()
        saved(desk.post(url, {**data, "offers-1-line": "crottin", "_continue": "1"}))
        assert set(place.offers.values_list("line", flat=True)) == {"", "crottin"}
        response = desk.post(url, {**data, "offers-1-line": "x", "offers-1-season_first": "4", "_continue": "1"})
        assert "les deux mois" in response.content.decode()

    def test_merging_is_not_done_by_choosing_a_state(self, desk):
        place = point_of_sale()
        assert "status" in errors_of(submit(desk, form_of(place), status="merged"))
        gone = point_of_sale("Fusionnée", status="merged", merged_into=place)
        page = desk.get(form_of(gone)).content.decode()
        assert 'name="status"' not in page
        assert form_of(place) in page
        assert "Fusionnée" in desk.get(form_of(place)).content.decode()

    def test_contact_data_of_a_source_is_for_those_who_may_view_merchants(self, desk):
        place = point_of_sale()
        source = Source.objects.create(slug="s", name="S", producer="P", licence="L")
        SourceRecord.objects.create(
            source=source, external_id="1", point_of_sale=place, row_hash="", imported_at=timezone.now(),
            fields={"name": "Ferme", "phone": "0254770000", "contact_email": "a@b.fr", "tel": ["0600000000"]},
        )  # fmt: skip
        assert "0254770000" in desk.get(form_of(place)).content.decode()
        others = staff_with("view_pointofsale", "view_sourcerecord")
        for url in (form_of(place), f"/gestion/directory/sourcerecord/{place.source_records.get().pk}/change/"):
            page = others.get(url).content.decode()
            assert "réservé" in page
            for secret in ("0254770000", "a@b.fr", "0600000000"):
                assert secret not in page
        assert others.get(f"{MERCHANTS}{place.merchant_id}/change/").status_code == 403


class TestConfirming:
    def test_who_says_that_all_is_right_confirms_it(self, desk):
        place = point_of_sale()
        saved(submit(desk, form_of(place), confirmed="on"))
        place.refresh_from_db()
        assert timezone.now() - place.confirmed_at < timedelta(minutes=1)

    def test_who_does_not_say_so_does_not(self, desk):
        place = point_of_sale()
        saved(submit(desk, form_of(place), street="2 rue du Test"))
        place.refresh_from_db()
        assert (place.street, place.confirmed_at) == ("2 rue du Test", None)
