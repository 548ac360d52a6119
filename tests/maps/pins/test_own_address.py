"""The owner's address: saved at once, looked up again, and the owner is asked which pin to keep."""

from __future__ import annotations

import pytest
from django.urls import reverse

from directory.models import PinRequest, PointOfSale
from directory.pinning.owners import change, seen
from geo.points import Position
from maps.looking import looking
from tests.builders import at, centre_of, point_of_sale
from tests.geocoder import BLOIS, FAULTS, feature
from tests.maps.pins.test_pin_page import pin_of, text

pytestmark = pytest.mark.django_db
SIRET = "73282932000074"


def write(client, place, follow=True, **fields):
    given = {"street": "3 rue Neuve", "postcode": "41100", "commune": "Vendôme", "siret": "", "seen": seen(place)}
    return client.post(reverse("maps:own_address", args=[place.pk]), given | fields, follow=follow)


def choose(client, place, do):
    place.refresh_from_db()
    return client.post(reverse("maps:pin_choice", args=[place.pk]), {"do": do, "seen": seen(place)}, follow=True)


@pytest.fixture
def neue(address_service):
    """Where the new address is."""
    there = at(centre_of(), 90, 1_200)
    address_service.says(feature("3 Rue Neuve 41100 Vendôme", lon=there.lon, lat=there.lat))
    return there


def test_saved_at_once_and_the_pin_waits_for_a_choice(mine, place, neue):
    page = text(write(mine, place))
    row = PointOfSale.objects.get(pk=place.pk)
    assert row.street == "3 rue Neuve"
    assert pin_of(place).distance_to(at(centre_of(), 0, 60)) < 0.1, "nothing moved"
    assert "Quelle épingle garder ?" in page
    assert "60 m au nord" in page
    assert "1,2 km à l'est" in page
    assert "À 1,2 km de celle d'aujourd'hui" in page


def test_the_choice_can_be_left_and_come_back_to(mine, place, neue):
    write(mine, place)
    page = text(mine.get(reverse("maps:pin", args=[place.pk])))
    assert "L'adresse a changé depuis que l'épingle est là" in page
    assert reverse("maps:pin_choice", args=[place.pk]) in page
    choose(mine, place, "keep")
    assert "L'adresse a changé" not in text(mine.get(reverse("maps:pin", args=[place.pk])))


def test_the_old_one_is_kept_as_placed_by_its_owner(mine, place, neue):
    write(mine, place)
    choose(mine, place, "keep")
    row = PointOfSale.objects.get(pk=place.pk)
    assert (row.pin_precision, row.pin_by, row.street) == ("manual", place.merchant.owner, "3 rue Neuve")
    assert pin_of(place).distance_to(at(centre_of(), 0, 60)) < 0.1


def test_or_the_new_one_is_taken(mine, place, neue):
    write(mine, place)
    choose(mine, place, "take")
    row = PointOfSale.objects.get(pk=place.pk)
    assert (row.pin_precision, row.pin_by) == ("housenumber", place.merchant.owner)
    assert pin_of(place).distance_to(neue) < 0.2


def test_the_service_away_the_pin_stays_and_a_request_waits(mine, place, address_service):
    FAULTS["503"].play(address_service)
    page = text(write(mine, place))
    assert "Le service d'adresses ne répond pas" in page
    assert PointOfSale.objects.get(pk=place.pk).street == "3 rue Neuve"
    assert pin_of(place).distance_to(at(centre_of(), 0, 60)) < 0.1
    assert PinRequest.objects.get(pk=place.pk).why == "address_changed"


def test_who_looks_too_many_addresses_up_waits_as_in_an_outage(mine, place, neue):
    for _ in range(int(looking.burst)):
        looking.wait_for("127.0.0.1")
    assert "Le service d'adresses ne répond pas" in text(write(mine, place))
    assert PointOfSale.objects.get(pk=place.pk).street == "3 rue Neuve"
    assert PinRequest.objects.get(pk=place.pk).why == "address_changed"


def test_a_pin_placed_by_hand_does_not_wait_for_anything(mine, place, address_service):
    PointOfSale.objects.update(pin_precision="manual", pin_source="manual")
    place.refresh_from_db()
    FAULTS["503"].play(address_service)
    assert "l'épingle reste où vous l'avez mise" in text(write(mine, place))
    assert not PinRequest.objects.exists()


def test_while_the_service_is_away_no_centre_is_taken_for_the_address(mine, place, address_service):
    FAULTS["503"].play(address_service)
    write(mine, place)
    assert "Prendre celle-ci" not in text(choose(mine, place, "take"))
    assert pin_of(place).distance_to(at(centre_of(), 0, 60)) < 0.1


def test_a_placeholder_that_is_kept_is_nobody_s_door(mine, place, neue):
    PointOfSale.objects.update(pin_precision="commune", pin_source="gazetteer")
    place.refresh_from_db()
    write(mine, place)
    choose(mine, place, "keep")
    assert PointOfSale.objects.get(pk=place.pk).pin_precision == "commune"


def test_the_next_commune_is_looked_at_even_where_the_pin_is_near(mine, place, address_service):
    FAULTS["503"].play(address_service)
    near = at(centre_of("41003"), 0, 100)  # Areines
    PointOfSale.objects.update(pin=near.to_geos())
    place.refresh_from_db()
    write(mine, place, commune="Areines")
    assert "changed" in PointOfSale.objects.get(pk=place.pk).reviews


def test_another_commune_warns_of_the_old_pin(mine, place, address_service):
    blois = centre_of(BLOIS)
    there = at(blois, 90, 300)
    found = feature("3 Rue Neuve 41000 Blois", lon=there.lon, lat=there.lat, citycode=BLOIS, city="Blois")
    address_service.says(found)
    page = text(write(mine, place, commune="Blois", postcode="41000"))
    assert "L'épingle est dans Vendôme, à" in page


def test_already_there(mine, place, address_service):
    now = Position.from_geos(place.pin)
    address_service.says(feature(lon=now.lon, lat=now.lat))
    assert "l'épingle y est déjà" in text(write(mine, place))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"commune": "Paris", "postcode": ""}, "n'est pas dans la région"),
        ({"commune": ""}, "obligatoire"),
        ({"commune": "Vineuil", "postcode": ""}, "Laquelle ?"),
        ({"postcode": "45000"}, "Le code postal de Vendôme est 41100"),
        ({"postcode": "75001"}, "Le code postal de Vendôme est 41100"),
        ({"siret": "123"}, "SIRET n'est pas valide"),
        ({"siret": SIRET}, "déjà celui de « Boulangerie »"),
    ],
)
def test_what_cannot_be_says_what_would_do_and_loses_nothing(mine, place, fields, said):
    point_of_sale("Boulangerie", siret=SIRET)
    response = write(mine, place, **fields)
    page = text(response)
    assert response.status_code == 422
    assert said in page
    assert 'value="3 rue Neuve"' in page
    assert PointOfSale.objects.get(pk=place.pk).street == "12 rue du Change"


def test_a_siret_that_somebody_writes_at_the_same_moment_is_said_beside_it(mine, place, monkeypatch):
    def in_time(*args, **kwargs):
        point_of_sale("Boulangerie", siret=SIRET)
        return change(*args, **kwargs)

    monkeypatch.setattr("maps.pins.address.change", in_time)
    response = write(mine, place, siret=SIRET)
    assert response.status_code == 422
    assert "déjà celui de « Boulangerie »" in text(response)
    assert 'value="3 rue Neuve"' in text(response)
    assert PointOfSale.objects.get(pk=place.pk).street == "12 rue du Change"


def test_changed_meanwhile_is_told_and_nothing_typed_is_lost(mine, place, neue):
    opened = seen(place)
    PointOfSale.objects.filter(pk=place.pk).update(street="5 place Saint-Martin")
    response = write(mine, place, seen=opened)
    assert response.status_code == 409
    assert "5 place Saint-Martin" in text(response)
    assert 'value="3 rue Neuve"' in text(response)
    place.refresh_from_db()
    write(mine, place)
    assert PointOfSale.objects.get(pk=place.pk).street == "3 rue Neuve"
