"""The steps: kept as they are typed, taken up again, and nobody else's."""

from __future__ import annotations

import re
import uuid

import pytest
from django.test import Client

from directory.models import Registration
from directory.registering import drafts
from directory.registering.locating import Found, look
from maps.looking import looking
from tests.builders import owner
from tests.geocoder import FAULTS
from tests.maps.registering.filled import ANSWERS, PIN, START, WHAT, WHERE, WHO, begin, fill, row

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
PAGES = ("", "trouve/", "qui/", "ou/", "quoi/", "epingle/", "publier/", "merci/")


def text(client, address, slug):
    return client.get(f"{address}{slug}/").content.decode()


def test_each_step_leads_to_the_next(client):
    address = begin(client)
    for slug, then in (("qui", "ou"), ("ou", "quoi"), ("quoi", "epingle"), ("epingle", "publier")):
        assert client.get(address).url == f"{address}{slug}/"
        assert client.post(f"{address}{slug}/", ANSWERS[slug]).url == f"{address}{then}/"


def test_a_step_cannot_be_jumped_over(client):
    address = begin(client)
    assert client.get(f"{address}epingle/").url == f"{address}qui/"
    assert client.post(f"{address}epingle/", PIN).url == f"{address}qui/"
    assert client.get(f"{address}publier/").url == f"{address}qui/"


@pytest.mark.parametrize(
    ("slug", "given", "remedy"),
    [
        ("qui", WHO | {"siret": "123", "name": "Chez Léonie"}, "quatorze chiffres"),
        ("qui", {"name": "Chez Léonie"}, "Choisissez la sorte de lieu"),
        ("ou", WHERE | {"commune": "Chez Léonie"}, "Laquelle ? "),
        ("ou", WHERE | {"street": "Chez Léonie", "postcode": "75001"}, "Le code postal de Vendôme est 41100"),
        ("ou", WHERE | {"street": "Chez Léonie", "postcode": "45000"}, "Le code postal de Vendôme est 41100"),
        ("quoi", {"products": "Chez Léonie"}, "Choisissez le plus proche"),
        ("epingle", {"where": "typed", "typed": "Chez Léonie", "right": "on"}, "latitude"),
        ("epingle", {"where": "typed", "typed": "1.06541, 47.79312", "right": "on"}, "47.793120, 1.065410"),
        ("epingle", {"where": "typed", "typed": "48.85, 2.35", "right": "on"}, "hors de la région"),
        ("epingle", {"where": PIN["where"]}, "Cochez que"),
        ("epingle", {"where": "47.1, 1.1", "right": "on"}, "Choisissez où mettre"),
    ],
)
def test_what_is_wrong_is_said_kept_and_given_back_later(client, slug, given, remedy):
    address = begin(client)
    for before in ANSWERS:
        if before == slug:
            break
        client.post(f"{address}{before}/", ANSWERS[before])
    response = client.post(f"{address}{slug}/", given)
    assert response.status_code == 400
    for page in (response.content.decode(), text(Client(), address, slug)):
        assert remedy in page.replace("&#x27;", "'")
        assert "Chez Léonie" not in str(given) or "Chez Léonie" in page
    assert client.get(address).url == f"{address}{slug}/"


def test_null_characters_and_endless_texts_are_no_harm(client):
    address = begin(client)
    assert client.post(f"{address}qui/", WHO | {"name": "A\x00B" + "x" * 30_000}).status_code == 400
    assert len(row(address).data["who"]["said"]["name"]) == drafts.LONGEST_VALUE


def test_a_list_that_is_too_long_comes_back_whole(client):
    address = begin(client)
    fill(client, address, until="ou")
    much = "miel, " * 700
    response = client.post(f"{address}quoi/", WHAT | {"products": much})
    assert response.status_code == 400
    for page in (response.content.decode(), text(Client(), address, "quoi")):
        assert "au plus 4000 caractères" in page
        assert much.strip() in page
        assert "maxlength" not in re.search(r'<textarea name="products".*?>', page)[0], "it cuts without a word"


def test_products_are_shown_as_they_were_understood(client):
    address = begin(client)
    fill(client, address, until="ou")
    response = client.post(f"{address}quoi/", WHAT | {"do": "look"})
    page = response.content.decode()
    assert response.status_code == 200
    assert "Fromage de chèvre" in page
    assert "gardé dans vos mots" in page
    assert client.get(address).url == f"{address}epingle/"


def test_a_trade_without_a_door_is_hidden_unless_it_says_otherwise(client):
    address = begin(client)
    fill(client, address, until="quoi", quoi={"activity_1": "plumber"})
    assert re.search(r'name="hidden"[^>]*checked', text(client, address, "epingle"))
    client.post(f"{address}epingle/", PIN)
    assert "cachée" not in text(client, address, "publier")
    client.post(f"{address}epingle/", PIN | {"hidden": "on"})
    assert "cachée, seule la commune" in text(client, address, "publier")


def test_another_address_is_another_pin(client, services):
    address = begin(client)
    fill(client, address)
    assert client.post(f"{address}ou/", WHERE).url == f"{address}publier/"
    assert client.post(f"{address}ou/", WHERE | {"street": "3 rue Basse"}).url == f"{address}epingle/"


def test_the_address_service_is_away_then_back(client, services):
    service = services[1]
    FAULTS["503"].play(service)
    address = begin(client)
    fill(client, address, until="quoi")
    page = text(client, address, "epingle")
    assert "Rien n'est perdu" in page
    assert "Au centre de la commune" in page
    assert "12 Rue du Change" not in page
    service.recovers()
    assert "12 Rue du Change 41100 Vendôme" in text(client, address, "epingle")


def test_who_looks_too_many_addresses_up_goes_on_as_in_an_outage(client, services):
    for _ in range(int(looking.burst) - 1):
        looking.wait_for("127.0.0.1")
    address = begin(client)
    fill(client, address, until="quoi")
    asked = len(services[1].asked)
    client.post(f"{address}ou/", WHERE | {"street": "3 rue Basse"})
    for _ in range(3):
        page = text(client, address, "epingle")
        assert "Rien n'est perdu" in page
    assert len(services[1].asked) == asked
    client.post(f"{address}ou/", WHERE)
    assert "12 Rue du Change 41100 Vendôme" in text(client, address, "epingle"), "what is known costs nothing"


def test_an_answer_that_comes_late_is_not_of_another_address(client, monkeypatch):
    address = begin(client)
    fill(client, address, until="quoi")

    def slow(street, postcode, commune):
        """While the service is asked for one street, the person writes another."""
        if street == "3 rue Lente":
            client.post(f"{address}ou/", WHERE)
        return look(street, postcode, commune) if street == WHERE["street"] else Found()

    monkeypatch.setattr("maps.registering.filling.look", slow)
    client.post(f"{address}ou/", WHERE | {"street": "3 rue Lente"})
    data = row(address).data
    assert data["where"]["said"]["street"] == data["address"][0] == WHERE["street"]
    assert len(data["found"]["candidates"]) == 1


def test_a_line_that_drops_while_the_service_is_asked_leaves_a_step_to_go_on_with(client, monkeypatch):
    address = begin(client)
    fill(client, address, until="qui")

    def dropped(*_):
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr("maps.registering.filling.look", dropped)
        with pytest.raises(ConnectionError):
            client.post(f"{address}ou/", WHERE)
    client.post(f"{address}quoi/", WHAT)
    assert "12 Rue du Change 41100 Vendôme" in text(client, address, "epingle")


def test_what_speaks_against_a_pin_is_said_before_it_is_published(client):
    address = begin(client)
    far = {"where": "typed", "typed": "47.39, 0.69", "right": "on"}  # in Tours
    fill(client, address, epingle=far)
    for slug in ("epingle", "publier"):
        page = text(client, address, slug).replace("&#x27;", "'").replace("\xa0", " ")
        assert "L'épingle est dans Tours, à 51,1 km hors de Vendôme" in page
        assert "L'épingle est à 53 km de là où l'adresse est trouvée" in page
        assert "Internet à cet endroit" in page
    client.post(f"{address}epingle/", PIN)
    for slug in ("epingle", "publier"):
        page = text(client, address, slug)
        assert "pin-doubts" not in page
        assert "Internet à cet endroit" in page


def test_an_address_that_is_not_known_says_so(client, services):
    services[1].says()
    address = begin(client)
    fill(client, address, until="quoi")
    assert "ne connaît pas cette adresse" in text(client, address, "epingle").replace("&#x27;", "'")


# --- Whose it is -----------------------------------------------------------------------------------------------------
def test_a_guessed_key_is_nobodys(client):
    for page in PAGES:
        assert client.get(f"{START}{uuid.uuid4()}/{page}").status_code == 404


def test_an_owned_one_is_its_owners_alone(client):
    user = owner("a@example.org")
    client.force_login(user, backend=BACKEND)
    address = begin(client)
    fill(client, address)
    other = Client()
    other.force_login(owner("b@example.org"), backend=BACKEND)
    for page in PAGES:
        for method in (other.get, other.post):
            assert method(f"{address}{page}").status_code == 404
        response = Client().get(f"{address}{page}")
        assert response.url.startswith("/connexion/?next=")
    assert other.post(START, {"key": str(row(address).key), "name": "x", "commune": "Vendôme"}).url == START
    assert client.get(f"{address}publier/").status_code == 200


def test_no_copy_is_kept_and_no_site_is_told_the_key(client):
    address = begin(client)
    for response in (client.get(START), client.get(f"{address}qui/"), client.get(f"{START}{uuid.uuid4()}/qui/")):
        assert "no-store" in response["Cache-Control"]
        assert response["Referrer-Policy"] == "same-origin"


def test_what_somebody_began_is_listed_to_them_alone(client):
    user = owner("a@example.org")
    mine = Registration.objects.create(owner=user, data={"who": {"said": {"name": "Chez moi"}, "ok": True}})
    Registration.objects.create(owner=user)
    for other in (owner("b@example.org"), None):
        Registration.objects.create(owner=other, data={"who": {"said": {"name": "Ailleurs"}, "ok": True}})
    assert mine in drafts.open_of(user)
    assert not drafts.open_of(None)
    client.force_login(user, backend=BACKEND)
    page = client.get("/mon-commerce/").content.decode()
    assert f'<a href="{START}{mine.key}/">Chez moi</a>' in page
    assert "Sans nom encore" in page
    assert "Ailleurs" not in page
