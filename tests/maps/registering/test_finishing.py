"""The end of a registration: the mailbox is proven, one button, one merchant."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client

from directory.models import ChamberAgent, Merchant, Official, PinRequest, PointOfSale
from geo.points import Position
from tests.builders import owner, point_of_sale
from tests.geocoder import FAULTS
from tests.maps.registering.filled import PIN, WHO, begin, fill, row
from tests.register import FARM

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
EMAIL = "chevrier@example.org"


@pytest.fixture
def filled(client) -> str:
    address = begin(client)
    fill(client, address)
    return address


def sign_in(client, email=EMAIL):
    user = owner(email)
    client.force_login(user, backend=BACKEND)
    return user


def test_by_a_link_to_the_mailbox_from_nothing_to_published(client, filled):
    page = client.get(f"{filled}publier/").content.decode()
    assert "du centre de Vendôme (au numéro)" in page
    assert client.post(f"{filled}publier/", {"email": EMAIL, "consent": "on"}).url == "/connexion/envoye/"
    assert not Merchant.objects.exists()
    phone = Client()
    link = re.search(r"http://testserver(/\S+)", mail.outbox[-1].body)[1]
    assert phone.post(link).url == f"{filled}publier/"
    page = phone.get(f"{filled}publier/").content.decode()
    assert 'name="email"' not in page
    assert re.search(r'name="consent"[^>]*checked', page)
    assert row(filled).owner.email == EMAIL
    assert phone.post(f"{filled}publier/", {"consent": "on"}).url == f"{filled}merci/"
    place = PointOfSale.objects.get()
    assert (place.status, place.merchant.owner.email, place.siret) == ("published", EMAIL, FARM)
    assert (place.pin_precision, place.pin_label) == ("housenumber", "12 Rue du Change 41100 Vendôme")
    assert f"/m/{place.merchant_id}/" in phone.get(f"{filled}merci/").content.decode()


def test_published_twice_is_published_once(client, filled):
    sign_in(client)
    for _ in range(2):
        assert client.post(f"{filled}publier/", {"consent": "on"}).url == f"{filled}merci/"
    assert Merchant.objects.count() == 1
    assert client.post(f"{filled}qui/", WHO | {"name": "Autre"}).url == f"{filled}merci/"
    assert Merchant.objects.get().name == WHO["name"]


def test_the_history_has_the_owner(client, filled):
    user = sign_in(client)
    client.post(f"{filled}publier/", {"consent": "on"})
    assert PointOfSale.objects.get().history.first().history_user == user


@pytest.mark.parametrize("desk", ["staff", "official", "chamber"])
def test_an_account_that_opens_a_desk_owns_nothing_and_sends_the_link(client, filled, desk):
    user = sign_in(client, "agent@example.org")
    if desk == "staff":
        User.objects.update(is_staff=True)
    elif desk == "official":
        Official.objects.create(user=user, departement_id="41")
    else:
        ChamberAgent.objects.create(user=user, chamber="agriculture")
    assert "ne peut pas tenir de fiche" in client.get(f"{filled}publier/").content.decode()
    assert client.post(f"{filled}publier/", {"consent": "on"}).status_code == 400
    assert not Merchant.objects.exists()
    assert client.post(f"{filled}publier/", {"email": EMAIL, "consent": "on"}).url == "/connexion/envoye/"
    assert mail.outbox[-1].to == [EMAIL]
    assert row(filled).owner is None


def test_a_pin_far_out_is_looked_at(client):
    address = begin(client)
    fill(client, address, epingle={"where": "typed", "typed": "47.39, 0.69", "right": "on"})
    sign_in(client)
    client.post(f"{address}publier/", {"consent": "on"})
    assert PointOfSale.objects.get().reviews == ["new", "doubtful_pin"]


def test_without_consent_nothing_is_published(client, filled):
    sign_in(client)
    response = client.post(f"{filled}publier/", {})
    assert response.status_code == 400
    assert "rien n&#x27;est publié" in response.content.decode()
    assert not Merchant.objects.exists()


@pytest.mark.parametrize("given", [{"email": "chez moi", "consent": "on"}, {"email": EMAIL}])
def test_a_mistake_sends_nothing_and_gives_back(client, filled, given):
    response = client.post(f"{filled}publier/", given)
    assert response.status_code == 400
    assert given["email"] in response.content.decode()
    assert mail.outbox == []
    assert given["email"] in client.get(f"{filled}publier/").content.decode()


def test_a_mail_server_that_is_away_loses_nothing(client, filled, monkeypatch):
    monkeypatch.setattr("maps.registering.finishing.send_proof", lambda *_: False)
    response = client.post(f"{filled}publier/", {"email": EMAIL, "consent": "on"}, follow=True)
    assert "Tout est gardé" in response.content.decode()


def test_the_mailbox_of_another_makes_nobody_the_owner(client, filled):
    client.post(f"{filled}publier/", {"email": EMAIL, "consent": "on"})
    other = Client()
    sign_in(other, "autre@example.org")
    other.get(f"{filled}publier/")
    assert row(filled).owner is None


def test_a_siret_registered_meanwhile_leads_to_the_claim(client, filled):
    sign_in(client)
    twin = point_of_sale("Chez Paul", siret=FARM)
    assert client.post(f"{filled}publier/", {"consent": "on"}).url == f"{filled}trouve/"
    assert f"/revendiquer/{twin.pk}/" in client.get(f"{filled}trouve/").content.decode()
    assert Merchant.objects.count() == 1


@pytest.mark.parametrize("at", ["47.79312, 1.06541", "47,79312 1,06541"])
def test_a_pin_by_coordinates(client, at):
    address = begin(client)
    fill(client, address, epingle=PIN | {"where": "typed", "typed": at})
    sign_in(client)
    client.post(f"{address}publier/", {"consent": "on"})
    place = PointOfSale.objects.get()
    assert (place.pin_precision, Position.from_geos(place.pin)) == ("manual", Position(1.06541, 47.79312))


def test_the_name_of_a_person_is_told_to_be_public(client):
    address = begin(client, name="Marie Dupont")
    fill(client, address, qui=WHO | {"name": "Marie Dupont"})
    sign_in(client)
    assert "le nom d'une personne" in client.get(f"{address}publier/").content.decode().replace("&#x27;", "'")


def test_the_address_service_away_for_the_whole_of_it(client, services):
    FAULTS["503"].play(services[1])
    address = begin(client)
    fill(client, address, epingle={"where": "centre"})
    sign_in(client)
    assert "sera affinée" in client.get(f"{address}publier/").content.decode()
    client.post(f"{address}publier/", {"consent": "on"})
    place = PointOfSale.objects.get()
    assert (place.status, place.pin_precision) == ("published", "commune")
    assert PinRequest.objects.get(point_of_sale=place).state == "waiting"
    assert "sera affinée" in client.get(f"{address}merci/").content.decode()
