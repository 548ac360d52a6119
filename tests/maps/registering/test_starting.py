"""How a registration begins, and who that may be."""

from __future__ import annotations

import uuid

import pytest

from directory.models import Registration
from maps.registering.starting import starting
from tests.builders import owner, point_of_sale
from tests.geocoder import FAULTS
from tests.maps.registering.filled import START, WHERE, WHO, begin, row
from tests.register import FARM, SHOP, STALL, business, establishment

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def found(client, address):
    return client.get(f"{address}trouve/").content.decode()


def test_by_siret_the_register_fills_in(client, services):
    services[0].says(business(establishment(liste_enseignes=["LE BON CHEVRE"])))
    address = begin(client, siret=FARM, name="", commune="")
    assert client.get(address).url == f"{address}qui/"
    page = client.get(f"{address}qui/").content.decode()
    assert 'value="Le Bon Chevre"' in page
    assert "Repris du registre" in page
    client.post(f"{address}qui/", WHO)
    page = client.get(f"{address}ou/").content.decode()
    assert 'value="12 Rue du Change"' in page
    assert 'value="Vendôme"' in page


def test_by_name_one_is_chosen_and_the_others_forgotten(client, services):
    services[0].says(business(establishment(FARM), establishment(STALL, adresse="PLACE SAINT MARTIN 41100 VENDOME")))
    address = begin(client)
    page = found(client, address)
    assert FARM in page
    assert "Place Saint Martin" in page
    assert client.post(f"{address}trouve/", {"siret": STALL}).url == f"{address}qui/"
    assert STALL in client.get(f"{address}qui/").content.decode()
    assert FARM not in str(row(address).data)


def test_none_of_them(client, services):
    services[0].says(business())
    address = begin(client)
    assert client.post(f"{address}trouve/", {"siret": ""}).url == f"{address}qui/"
    assert FARM not in str(row(address).data)


def test_one_that_was_not_offered_cannot_be_chosen(client, services):
    services[0].says(business())
    address = begin(client)
    client.post(f"{address}trouve/", {"siret": SHOP})
    assert row(address).data["chosen"] is None


def test_a_closed_business_says_so_and_goes_on_by_hand(client, services):
    services[0].says(business(establishment(etat_administratif="F", date_fermeture="2024-06-30")))
    address = begin(client, siret=FARM, name="", commune="")
    page = found(client, address)
    assert "fermé depuis le 30 juin 2024" in page
    assert "C'est moi" not in page
    assert client.post(f"{address}trouve/", {}).url == f"{address}qui/"


def test_out_of_the_region_says_so(client, services):
    services[0].says(business(establishment(commune="75056", code_postal="75001", libelle_commune="PARIS")))
    page = found(client, begin(client, siret=FARM, name="", commune=""))
    assert "(PARIS) est hors de la région" in page


def test_who_asked_not_to_be_named_writes_its_name(client, services):
    services[0].says(business(statut_diffusion="P", nom_complet="DUPONT MARIE"))
    address = begin(client, siret=FARM, name="", commune="")
    page = client.get(f"{address}qui/").content.decode()
    assert "ne sont pas publics" in page
    assert "upont" not in page
    assert "DUPONT" not in str(row(address).data)


@pytest.mark.parametrize("fault", ["503", "429 with Retry-After", "time-out", "truncated JSON", "HTML"])
def test_the_register_is_away_and_nothing_is_lost(client, services, fault):
    FAULTS[fault].play(services[0])
    address = begin(client, siret=FARM, name="", commune="")
    page = client.get(f"{address}qui/").content.decode()
    assert "ne répond pas" in page
    assert FARM in page


def test_the_register_knows_nobody_of_that_siret(client):
    page = client.get(f"{begin(client, siret=FARM, name='', commune='')}qui/").content.decode()
    assert "ne vous trouve pas" in page


# --- Here already ----------------------------------------------------------------------------------------------------
def test_the_same_siret_is_shown_and_claimed(client, services):
    services[0].says(business())
    twin = point_of_sale("Chez Paul", siret=FARM)
    address = begin(client, siret=FARM, name="", commune="")
    page = found(client, address)
    assert "Chez Paul" in page
    assert f"/revendiquer/{twin.pk}/" in page
    assert "remplis moi-même" not in page
    assert client.post(f"{address}trouve/", {}).url == f"{address}trouve/"


def test_of_a_draft_nothing_is_told(client, services):
    services[0].says(business(nom_complet="AUTRE"))
    point_of_sale("Marie Dupont", siret=FARM, status="draft")
    page = found(client, begin(client, siret=FARM, name="", commune=""))
    assert "sans être publiée" in page
    assert "Dupont" not in page


def test_of_a_draft_of_that_name_neither(client):
    point_of_sale("Chèvrerie du Loir", status="draft")
    address = begin(client)
    assert client.get(address).url == f"{address}qui/"
    assert "annuaire</h2>" not in found(client, address)


def test_a_hidden_pins_street_is_not_told(client):
    point_of_sale("Chèvrerie du Loir", street="3 impasse Secrète", pin_hidden=True)
    page = found(client, begin(client))
    assert "Chèvrerie du Loir" in page
    assert "Secrète" not in page


def test_a_name_of_the_commune_may_be_another(client):
    point_of_sale("CHEVRERIE du Loir")
    address = begin(client)
    assert "peut-être la vôtre" in found(client, address)
    assert client.post(f"{address}trouve/", {}).url == f"{address}qui/"
    assert client.post(f"{address}qui/", WHO).url == f"{address}ou/"
    assert client.post(f"{address}ou/", WHERE).url == f"{address}quoi/"


def test_a_name_is_also_looked_for_once_the_address_is_known(client):
    point_of_sale("Chèvrerie du Loir")
    address = begin(client, siret=FARM, name="", commune="")
    assert client.post(f"{address}qui/", WHO).url == f"{address}ou/"
    assert client.post(f"{address}ou/", WHERE).url == f"{address}trouve/"


# --- The form --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("given", "remedy"),
    [
        ({}, "Donnez votre SIRET, ou votre nom"),
        ({"siret": "123"}, "Ce SIRET n&#x27;est pas valide"),
        ({"name": "Chez Paul"}, "Donnez aussi la commune"),
        ({"commune": "Vendôme"}, "Donnez aussi le nom"),
        ({"name": "Chez Paul", "commune": "Quimper"}, "pas dans la région"),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_given_back(client, given, remedy):
    response = client.post(START, {"key": str(uuid.uuid4()), **given})
    page = response.content.decode()
    assert response.status_code == 400
    assert remedy in page
    assert all(value in page for value in given.values())
    assert not Registration.objects.exists()


@pytest.mark.parametrize("key", ["", "abc", None])
def test_a_form_that_lost_its_key_goes_on_with_another(client, key):
    given = {"name": "Chez Paul", "commune": "Vendôme"} | ({} if key is None else {"key": key})
    response = client.post(START, given)
    assert response.status_code == 302
    assert response.url == f"{START}{Registration.objects.get().key}/qui/"


def test_a_second_tap_begins_nothing_new(client, services):
    key = str(uuid.uuid4())
    assert begin(client, key=key) == begin(client, key=key)
    assert Registration.objects.count() == 1
    assert len(services[0].asked) == 1


def test_who_begins_too_many_waits(client):
    for _ in range(starting.burst):
        starting.wait_for("127.0.0.1")
    response = client.post(START, {"key": str(uuid.uuid4()), "name": "Chez Paul", "commune": "Vendôme"})
    assert response.status_code == 429
    assert not Registration.objects.exists()


def test_who_is_signed_in_owns_it_from_the_start(client):
    user = owner()
    client.force_login(user, backend=BACKEND)
    assert row(begin(client)).owner == user
