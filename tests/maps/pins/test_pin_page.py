"""The page of a pin without a script: seen, confirmed, moved in two steps, hidden, put back; by its owner alone."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from directory.models import PointOfSale
from directory.pinning.owners import seen
from geo.points import Position
from maps.fields import coordinates
from tests.builders import VENDOME, at, centre_of, owned_place
from tests.geocoder import FAULTS, feature

pytestmark = pytest.mark.django_db
NBSP = "\u00a0"


def path(place):
    return reverse("maps:pin", args=[place.pk])


def text(response):
    return re.sub(r"\s+", " ", html.unescape(response.content.decode()).replace(NBSP, " "))


def pin_of(place):
    return Position.from_geos(PointOfSale.objects.get(pk=place.pk).pin)


def post(client, place, do, **fields):
    return client.post(path(place), {"do": do, "seen": seen(place), **fields})


class TestSeen:
    def test_it_says_where_how_and_what_is_known_of_the_line(self, mine, place):
        page = text(mine.get(path(place)))
        assert "60 m au nord du centre de Vendôme" in page
        assert "À la rue, pas au numéro ; score 0,62 ; base adresse nationale" in page
        assert "Internet à cet endroit" in page
        assert reverse("maps:report", args=[place.pk]) in page
        assert "no-store" in mine.get(path(place))["Cache-Control"]

    def test_what_the_address_service_finds_is_a_list(self, mine, place, address_service):
        there = at(centre_of(), 90, 900)
        address_service.says(feature("12 Rue du Change 41100 Vendôme", lon=there.lon, lat=there.lat))
        page = text(mine.get(path(place)))
        assert "12 Rue du Change 41100 Vendôme" in page
        assert re.search(r"au numéro ; 900 m à l'est de l'épingle", page)
        assert "à 900 m de là où l'adresse est trouvée" in page, "farther than a house number allows"

    def test_without_the_service_the_rest_works(self, mine, place, address_service):
        FAULTS["503"].play(address_service)
        page = text(mine.get(path(place)))
        assert "Le service d'adresses ne répond pas" in page
        assert "Au centre de la commune" in page

    def test_a_draft_has_no_report_to_be_linked_to(self, mine, place):
        PointOfSale.objects.update(status="draft")
        assert reverse("maps:report", args=[place.pk]) not in text(mine.get(path(place)))


class TestConfirming:
    def test_one_tap_and_it_is_placed_by_hand(self, mine, place):
        response = post(mine, place, "confirm")
        assert response.status_code == 302
        row = PointOfSale.objects.get(pk=place.pk)
        assert (row.pin_precision, row.pin_source, row.pin_by) == ("manual", "manual", place.merchant.owner)
        assert pin_of(place).distance_to(at(centre_of(), 0, 60)) < 0.1
        assert row.confirmed_at is not None

    def test_a_commune_s_centre_is_nobody_s_door(self, mine, place):
        PointOfSale.objects.update(pin_precision="commune", pin_source="gazetteer")
        place.refresh_from_db()
        assert "L'épingle est bien là" not in text(mine.get(path(place)))
        post(mine, place, "confirm")
        assert PointOfSale.objects.get(pk=place.pk).pin_precision == "commune"

    def test_not_what_was_moved_meanwhile(self, mine, place):
        opened = seen(place)
        there = at(centre_of(), 90, 500)
        PointOfSale.objects.update(pin=there.to_geos())
        page = text(mine.post(path(place), {"do": "confirm", "seen": opened}, follow=True))
        assert "a changé entre-temps" in page
        assert PointOfSale.objects.get(pk=place.pk).pin_precision == "street"


class TestMoving:
    there = staticmethod(lambda: at(centre_of(), 90, 400))

    def test_coordinates_are_looked_at_and_then_saved(self, mine, place):
        typed = coordinates(self.there()).replace(", ", " ").replace(".", ",")
        page = text(post(mine, place, "preview", where="typed", typed=typed))
        assert "400 m à l'est du centre de Vendôme" in page
        assert "Oui, l'épingle est à la bonne porte" in page
        assert pin_of(place).distance_to(self.there()) > 300, "nothing is saved yet"
        assert post(mine, place, "save", where="typed", typed=typed).status_code == 302
        assert pin_of(place).distance_to(self.there()) < 0.2

    def test_whoever_types_coordinates_means_them(self, mine, place):
        post(mine, place, "save", where="keep", typed=coordinates(self.there()))
        assert pin_of(place).distance_to(self.there()) < 0.2

    def test_a_place_that_the_service_found_keeps_its_precision_and_is_the_owner_s(self, mine, place, address_service):
        address_service.says(feature(lon=self.there().lon, lat=self.there().lat, score=0.91))
        post(mine, place, "save", where=coordinates(self.there()))
        row = PointOfSale.objects.get(pk=place.pk)
        assert (row.pin_precision, row.pin_source, row.pin_score) == ("housenumber", "ban", 0.91)
        assert row.pin_by == place.merchant.owner

    def test_the_centre_of_the_commune_is_chosen_and_stays(self, mine, place):
        post(mine, place, "save", where="centre")
        row = PointOfSale.objects.get(pk=place.pk)
        assert (row.pin_precision, row.pin_source, row.pin_by) == ("commune", "manual", place.merchant.owner)

    @pytest.mark.parametrize(
        ("typed", "said"),
        [("", "sont attendus"), ("chez moi", "sont attendus"), ("48.8566, 2.3522", "hors de la région"),
         ("<script>", "sont attendus")],
    )  # fmt: skip
    def test_what_cannot_be_is_refused_with_a_remedy(self, mine, place, typed, said):
        response = post(mine, place, "save", where="typed", typed=typed)
        assert response.status_code == 422
        assert said in text(response)
        assert "<script>" not in response.content.decode()
        assert pin_of(place).distance_to(at(centre_of(), 0, 60)) < 0.1

    def test_the_wrong_way_round_is_proposed_the_right_way(self, mine, place):
        there = self.there()
        page = text(post(mine, place, "preview", where="typed", typed=f"{there.lon:.6f}, {there.lat:.6f}"))
        assert f"c'y est : {coordinates(there)}" in page

    def test_no_place_of_one_s_own_making(self, mine, place):
        assert post(mine, place, "save", where="48.000000, 2.000000").status_code == 422

    def test_a_warning_is_a_question(self, mine, place):
        far = coordinates(centre_of("41018"))
        page = text(post(mine, place, "preview", where="typed", typed=far))
        assert "L'épingle est dans Blois" in page
        assert post(mine, place, "save", where="typed", typed=far).status_code == 302

    def test_changed_meanwhile_both_are_shown_and_nothing_is_lost(self, mine, place):
        opened, typed = seen(place), coordinates(self.there())
        PointOfSale.objects.update(pin=at(centre_of(), 180, 700).to_geos())
        response = mine.post(path(place), {"do": "save", "seen": opened, "where": "typed", "typed": typed})
        page = text(response)
        assert response.status_code == 409
        assert "700 m au sud" in page
        assert "400 m à l'est" in page
        again = re.search(r'name="seen" value="(\w+)"', response.content.decode())[1]
        assert (
            mine.post(path(place), {"do": "save", "seen": again, "where": "typed", "typed": typed}).status_code == 302
        )
        assert pin_of(place).distance_to(self.there()) < 0.2

    def test_no_means_to_change_what_was_typed(self, mine, place):
        typed = coordinates(self.there())
        assert f'value="{typed}"' in text(post(mine, place, "edit", where="typed", typed=typed))


class TestHiding:
    def test_shown_before_it_is_saved_and_then_nowhere(self, mine, place, client):
        page = text(post(mine, place, "preview", where="keep", hidden="on"))
        assert "Cachée : le public ne voit que la commune" in page
        post(mine, place, "save", where="keep", hidden="on")
        assert PointOfSale.objects.get(pk=place.pk).pin_hidden
        client.logout()
        sheet = reverse("maps:sheet", args=[place.merchant_id, "-"])
        public = text(client.get(sheet, follow=True))
        assert place.street not in public
        assert "Position au centre de la commune" in public

    def test_a_hidden_pin_that_moves_changes_no_public_byte(self, mine, place, client):
        post(mine, place, "save", where="keep", hidden="on")
        place.refresh_from_db()
        sheet = reverse("maps:sheet", args=[place.merchant_id, "-"])
        before = client.get(sheet, follow=True).content
        post(mine, place, "save", where="typed", typed=coordinates(at(centre_of(), 200, 600)), hidden="on")
        assert pin_of(place).distance_to(at(centre_of(), 200, 600)) < 0.2
        assert client.get(sheet, follow=True).content == before


class TestPast:
    there = staticmethod(lambda: at(centre_of(), 90, 400))

    def test_undone_right_after(self, mine, place):
        post(mine, place, "save", where="typed", typed=coordinates(self.there()))
        place.refresh_from_db()
        assert "Annuler mon dernier changement" in text(mine.get(path(place)))
        post(mine, place, "undo")
        assert pin_of(place).distance_to(at(centre_of(), 0, 60)) < 0.1

    def test_a_hidden_pin_stays_hidden_when_an_older_one_returns(self, mine, place):
        post(mine, place, "save", where="typed", typed=coordinates(self.there()))
        shown = place.history.order_by("history_date").first().pk
        place.refresh_from_db()
        post(mine, place, "save", where="keep", hidden="on")
        place.refresh_from_db()
        page = text(mine.post(path(place), {"do": "restore", "state": shown, "seen": seen(place)}, follow=True))
        assert "elle reste cachée" in page
        assert pin_of(place).distance_to(at(centre_of(), 0, 60)) < 0.1
        assert PointOfSale.objects.get(pk=place.pk).pin_hidden

    def test_hiding_is_undone_by_a_button_that_says_so_for_an_hour(self, mine, place):
        post(mine, place, "save", where="keep", hidden="on")
        place.refresh_from_db()
        assert "l'adresse et l'épingle redeviennent publiques" in text(mine.get(path(place)))
        post(mine, place, "undo")
        place.refresh_from_db()
        assert not place.pin_hidden
        post(mine, place, "save", where="keep", hidden="on")
        place.refresh_from_db()
        place.history.update(history_date=timezone.now() - timedelta(hours=2))
        assert "Ce changement ne s'annule plus" in text(
            mine.post(path(place), {"do": "undo", "seen": seen(place)}, follow=True)
        )
        assert PointOfSale.objects.get(pk=place.pk).pin_hidden

    @pytest.mark.parametrize("do", ["restore", "undo"])
    def test_a_page_that_is_out_of_date_overwrites_nobody_s_pin(self, mine, place, do):
        post(mine, place, "save", where="typed", typed=coordinates(self.there()))
        place.refresh_from_db()
        page = mine.get(path(place)).content.decode()
        state = re.search(r'name="state"\s+value="(\d+)"', page)[1]
        opened = re.search(r'name="seen"\s+value="(\w+)"', page)[1]
        other = at(centre_of(), 180, 700)
        PointOfSale.objects.update(pin=other.to_geos())
        for sent in ({"seen": opened}, {}):
            page = text(mine.post(path(place), {"do": do, "state": state} | sent, follow=True))
            assert "a changé entre-temps" in page
            assert pin_of(place).distance_to(other) < 0.1

    def test_another_commune_that_returns_is_looked_at(self, mine, place):
        there = place.history.order_by("history_date").first().pk
        PointOfSale.objects.update(commune="41003")  # Areines, beside it
        place.refresh_from_db()
        post(mine, place, "restore", state=there, address="1")
        row = PointOfSale.objects.get(pk=place.pk)
        assert row.commune_id == VENDOME
        assert "changed" in row.reviews

    def test_listed_in_words(self, mine, place):
        post(mine, place, "save", where="typed", typed=coordinates(at(centre_of(), 90, 400)))
        page = text(mine.get(path(place)))
        past = page[page.index("Ce qu'elle a été") :]
        assert "400 m à l'est" in past
        assert "60 m au nord" in past
        assert "par vous" in past

    @pytest.mark.parametrize("state", ["", "0", "-1", "²", "x", "9" * 20, "9" * 5_000])
    def test_nothing_of_one_s_own_making_comes_back(self, mine, place, state):
        assert mine.post(path(place), {"do": "restore", "state": state}).status_code == 404


class TestOthers:
    ADDRESSES = ("pin", "pin_outline", "own_address", "pin_choice")

    @pytest.mark.parametrize("name", ADDRESSES)
    def test_another_owner_s_is_not_found(self, mine, name):
        theirs = owned_place("autre@example.org", name="La leur")
        assert mine.get(reverse(f"maps:{name}", args=[theirs.pk])).status_code == 404

    @pytest.mark.parametrize("name", ADDRESSES)
    def test_nobody_is_asked_to_sign_in(self, client, place, name):
        response = client.get(reverse(f"maps:{name}", args=[place.pk]))
        assert response.status_code == 302
        assert "/connexion/" in response["Location"]

    @pytest.mark.parametrize(
        ("name", "fields"),
        [("pin", {"do": "confirm"}), ("pin", {"do": "save", "where": "centre"}), ("pin_choice", {"do": "take"}),
         ("pin_choice", {"do": "keep"}), ("own_address", {"street": "Volée", "commune": "Blois"})],
    )  # fmt: skip
    def test_nor_written(self, mine, name, fields):
        theirs = owned_place("autre@example.org", name="La leur")
        before = PointOfSale.objects.filter(pk=theirs.pk).values().get()
        response = mine.post(reverse(f"maps:{name}", args=[theirs.pk]), fields | {"seen": seen(theirs)})
        assert response.status_code == 404
        assert PointOfSale.objects.filter(pk=theirs.pk).values().get() == before

    def test_another_s_past_is_none_of_one_s_own(self, mine, place):
        theirs = owned_place("autre@example.org", name="La leur", pin=at(centre_of(), 90, 5_000))
        state = theirs.history.first().pk
        assert mine.post(path(place), {"do": "restore", "state": state}).status_code == 404
        assert pin_of(place).distance_to(at(centre_of(), 0, 60)) < 0.1

    def test_the_outline_is_the_commune_over_its_neighbours(self, mine, place):
        found = mine.get(reverse("maps:pin_outline", args=[place.pk])).json()["features"]
        assert found[-1]["properties"]["name"] == "Vendôme"
        assert len(found) == 13
