"""How far one comes: what is typed, what is refused with which words, and that the search knows at once."""

from __future__ import annotations

import pytest

from directory.models import PointOfSale
from geo.models import Commune
from tests.builders import owned_place, owner

pytestmark = pytest.mark.django_db
BLOIS = "41018"


@pytest.fixture
def place():
    return owned_place(name="Plomberie du Loir", activities=["plumber"])


@pytest.fixture
def signed_in(client, place):
    client.force_login(place.merchant.owner, backend="django.contrib.auth.backends.ModelBackend")
    return client


def path(place):
    return f"/mon-commerce/{place.pk}/zone/"


def served(place):
    row = PointOfSale.objects.get(pk=place.pk)
    return row.service_radius_km, sorted(row.service_communes.values_list("pk", flat=True))


def coming_to(client, where):
    answer = client.get("/api/v1/merchants/", {"place": where, "comes": "1"}).json()
    return [feature["id"] for feature in answer["features"]]


def test_a_distance_and_communes_as_a_person_types_them(signed_in, place):
    sent = signed_in.post(path(place), {"radius_km": "15", "communes": "blois, La Chaussée St Victor\n45000 Orléans"})
    assert sent.status_code == 302
    assert served(place) == (15, [BLOIS, "41047", "45234"])
    assert coming_to(signed_in, "Blois") == [place.pk]
    assert coming_to(signed_in, "Chartres") == []
    page = signed_in.get(path(place)).text
    assert "jusqu&#x27;à 15 km" in page
    assert "3 communes : Blois, La Chaussée-Saint-Victor, Orléans" in page
    sheet = signed_in.get(f"/m/{place.merchant_id}/", follow=True).text
    assert "Livre ou se déplace jusqu&#x27;à 15 km" in sheet
    detail = signed_in.get(f"/api/v1/merchants/{place.pk}/").json()["properties"]
    assert detail["service_communes"] == [BLOIS, "41047", "45234"]


def test_what_it_shows_is_read_as_the_same_again(signed_in, place):
    twins = list(Commune.objects.filter(name="Amilly").values_list("pk", flat=True))
    assert len(twins) == 2
    place.service_communes.set(Commune.objects.filter(pk__in=[*twins, BLOIS]))
    before = served(place)
    form = signed_in.get(path(place)).context["form"]
    signed_in.post(path(place), {"radius_km": "", "communes": form.initial["communes"]})
    assert served(place) == before


def test_the_whole_intercommunal_area(signed_in, place):
    signed_in.post(path(place), {"whole_epci": "on"})
    epci = Commune.objects.get(pk=place.commune_id).epci_id
    assert served(place)[1] == sorted(Commune.objects.filter(epci=epci).values_list("pk", flat=True))
    assert len(served(place)[1]) > 10


def test_nothing_is_nowhere(signed_in, place):
    signed_in.post(path(place), {"radius_km": "15", "communes": "Blois"})
    signed_in.post(path(place), {"radius_km": "", "communes": ""})
    assert served(place) == (None, [])
    assert coming_to(signed_in, "Blois") == []
    assert "vous ne livrez pas" in signed_in.get(path(place)).text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"communes": "Blois, Xyzzyville"}, "« Xyzzyville » n&#x27;est pas une commune de la région"),
        ({"communes": "Amilly"}, "« Amilly » : laquelle ?"),
        ({"radius_km": "0"}, "supérieure ou égale à 1"),
        ({"radius_km": "500"}, "inférieure ou égale à 200"),
        ({"radius_km": "loin"}, "nombre entier"),
        ({"communes": "Blois," * 301}, "300 communes au plus"),
    ],
)
def test_what_is_refused_stays_typed(signed_in, place, typed, said):
    refused = signed_in.post(path(place), {"radius_km": "", "communes": ""} | typed)
    assert refused.status_code == 422
    assert said in refused.text
    assert next(iter(typed.values())) in refused.text
    assert served(place) == (None, [])


def test_it_is_the_owner_s_alone(client, place):
    assert "/connexion/" in client.get(path(place)).url
    client.force_login(owner("autre@example.org"), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(path(place)).status_code == 404
    assert client.post(path(place), {"radius_km": "15"}).status_code == 404
    assert served(place) == (None, [])
