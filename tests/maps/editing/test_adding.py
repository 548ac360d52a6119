"""Another point of sale of a merchant: whose it may be, what it takes over, how many there may be."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from directory.models import Deletion, PointOfSale, Schedule
from maps.editing import adding
from tests.builders import owned_place, point_of_sale

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def place():
    return owned_place(name="Ferme des Prés", products=["honey"])


@pytest.fixture
def signed_in(client, place):
    client.force_login(place.merchant.owner, backend=BACKEND)
    return client


def path(place, page=""):
    return f"/mon-commerce/{place.pk}/{page}"


def is_found(client, place):
    return any(one["id"] == place.pk for one in client.get("/api/v1/merchants/?product=honey").json()["features"])


def add(client, place, **fields):
    return client.post(f"/mon-commerce/ajouter/{place.merchant_id}/", {"kind": "market_stall"} | fields)


def test_a_stall_like_the_farm(signed_in, place):
    place.schedule_id = Schedule.objects.ids_of(["Mo-Sa 09:00-12:00"])["Mo-Sa 09:00-12:00"]
    place.save()
    fields = {"name": "Étal du vendredi", "commune": "Vendôme", "like": place.pk, "same_sold": "on"}
    response = add(signed_in, place, **fields)
    stall = PointOfSale.objects.get(kind="market_stall")
    assert response["Location"] == path(stall, "epingle/")
    assert (stall.status, stall.commune_id, stall.postcode, stall.schedule) == ("draft", "41269", "41100", None)
    assert stall.pin is not None
    assert [offer.product.code for offer in stall.offers.all()] == ["honey"]
    assert [one.code for one in stall.activities.all()] == ["farm"]
    assert place.offers.count() == 1
    # A second tap finds what the first made.
    again = add(signed_in, place, **fields)
    assert again["Location"] == path(stall)
    assert PointOfSale.objects.count() == 2
    signed_in.post(path(stall), {"do": "publish"})
    assert is_found(signed_in, stall)
    assert "Étal du vendredi" in signed_in.get(path(place)).content.decode()


def test_hours_are_taken_over_where_asked(signed_in, place):
    place.schedule_id = Schedule.objects.ids_of(["24/7"])["24/7"]
    place.save()
    add(signed_in, place, kind="vending_machine", commune="Vendôme", like=place.pk, same_hours="on")
    machine = PointOfSale.objects.get(kind="vending_machine")
    assert machine.schedule.text == "24/7"
    assert machine.offers.count() == 0


@pytest.mark.parametrize(
    ("fields", "said"), [({"commune": "Paris"}, "pas dans la région"), ({"commune": "Vendôme", "kind": ""}, "champ")]
)
def test_what_cannot_be_added(signed_in, place, fields, said):
    page = add(signed_in, place, **fields)
    assert page.status_code == 422
    assert said in page.content.decode()
    assert PointOfSale.objects.count() == 1


def test_nothing_is_added_to_what_is_being_deleted(signed_in, place):
    Deletion.objects.create(merchant=place.merchant, due_at=timezone.now())
    for page in (
        signed_in.get(f"/mon-commerce/ajouter/{place.merchant_id}/"),
        add(signed_in, place, commune="Vendôme"),
    ):
        assert page["Location"] == reverse("maps:own_leaving", args=[place.merchant_id])
    assert PointOfSale.objects.count() == 1


def test_a_merchant_has_so_many_points_of_sale(signed_in, place, monkeypatch):
    monkeypatch.setattr(adding, "MOST_PLACES", 2)
    assert add(signed_in, place, commune="Vendôme").status_code == 302
    for page in (signed_in.get(f"/mon-commerce/ajouter/{place.merchant_id}/"), add(signed_in, place, commune="Blois")):
        assert "2 points de vente au plus" in page.content.decode()
        assert '<form method="post" class="stack"' not in page.content.decode()
    assert page.status_code == 422
    assert PointOfSale.objects.count() == 2


def test_a_place_is_added_to_ones_own_merchant_alone(signed_in, place):
    other = point_of_sale("Autre").merchant
    fields = {"kind": "market_stall", "commune": "Vendôme"}
    assert signed_in.get(f"/mon-commerce/ajouter/{other.pk}/").status_code == 404
    assert signed_in.post(f"/mon-commerce/ajouter/{other.pk}/", fields).status_code == 404
    asked = Client().post(f"/mon-commerce/ajouter/{place.merchant_id}/", fields)
    assert asked["Location"].startswith("/connexion/")
    assert PointOfSale.objects.count() == 2


def test_what_another_owner_has_cannot_be_taken_as_a_model(signed_in, place):
    other = point_of_sale("Autre", products=["bread"])
    fields = {"kind": "market_stall", "commune": "Vendôme", "like": other.pk, "same_sold": "on"}
    assert signed_in.post(f"/mon-commerce/ajouter/{place.merchant_id}/", fields).status_code == 422
