"""How many queries each public address makes: the same for many points of sale as for few, and no more than now."""

from __future__ import annotations

import orjson
import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from directory.demo import seed_demo
from directory.models import SearchEntry
from tests.coverage_data import edition

MERCHANTS = 400
AROUND = "lat=47.9&lon=1.9&radius_km=200&limit=200"
# Beside them, memory asks from time to time whether it is still right.
MEMORY = "geo_revision"
QUERIES = {
    f"/api/v1/merchants/?{AROUND}": 1,
    f"/api/v1/merchants/?{AROUND}&product=food&activity=farm&open=now": 1,
    f"/api/v1/merchants/?{AROUND}&text=ferme": 1,
    f"/api/v1/merchants/?{AROUND}&facets=1": 2,
    "/api/v1/merchants/?place=Blois&product=cheese&limit=100": 1,
    "/api/v1/merchants/?q=fermes+autour+de+Blois": 1,
    "/api/v1/merchants/?departement=41&limit=200": 1,
    "/api/v1/merchants.csv?departement=41": 1,  # its total; the file is read through a cursor of the server's
    "/api/v1/merchants.geojson?departement=41": 1,
    "/api/v1/clusters/?zoom=9&product=cheese": 1,
    "/api/v1/clusters/?zoom=9&product=cheese&activity=farm": 1,  # cards; and whether what was counted still holds
    "/api/v1/clusters/?zoom=22&q=fermes+autour+de+Blois": 2,  # so few that they are read again, apart
    # Platforms, and how many there are; with their territories the same.
    "/api/v1/platforms/": 2,
    "/api/v1/platforms/?lat=47.9&lon=1.9&product=cheese&geometry=1": 2,
    "/api/v1/platforms/?commune=45234&departement=45&limit=200": 2,
    "/plateformes/?departement=45&product=cheese": 3,  # and what may be chosen
    "/plateforme/en-vitrine-orleans/": 4,  # itself, how many sell there, those and their entries
    "/plateformes/couche/": 1,
    "/api/v1/merchants/{id}/": 6,
    "/api/v1/interpret/?q=fromage+%C3%A0+Blois": 0,
    "/api/v1/suggest/?q=from": 1,
    "/api/v1/communes/?departement=41&geometry=1": 2,
    "/api/v1/reverse/?lat=47.9&lon=1.9": 1,
    "/api/v1/coverage/editions/": 0,
    "/api/v1/coverage/at/?lat=47.9&lon=1.9": 2,  # the commune there, and a zone
    "/api/v1/coverage/communes/": 1,  # points of sale by commune
    "/api/v1/coverage/communes/?format=csv": 1,
    "/api/v1/coverage/communes/?departement=41&format=geojson": 2,  # and contours
    "/donnees/": 0,
    "/": 0,
    "/?q=fermes+autour+de+Blois": 5,  # platforms, and who comes there, too
    # The answer, how to reach its merchants, whether there is too much to count, what there is by term, and by place;
    # on further pages, the first two. Of a place, its platforms, too.
    "/commune/41018-blois/": 6,
    "/departement/41/": 6,
    "/activite/farm/": 5,
    "/produit/cheese/": 5,
    "/produit/cheese/?page=2": 2,
    "/sitemap.xml": 3,
    "{url}": 8,
}


@pytest.fixture(scope="module")
def _made_once(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        seed_demo(MERCHANTS, seed=5)
        edition({"41018": (100, {"ftth": 40}), "41269": (100, {"ftth": 90})})
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize(("path", "expected"), QUERIES.items())
@pytest.mark.usefixtures("_made_once")
def test_an_address_makes_so_many_queries(db, client, path, expected):
    entry = SearchEntry.objects.order_by("-id").first()
    target = path.format(id=entry.pk, url=orjson.loads(entry.card)["url"])
    read(client, target)
    with CaptureQueriesContext(connection) as made:
        read(client, target)
    asked = [one["sql"] for one in made if MEMORY not in one["sql"] and "SAVEPOINT" not in one["sql"]]
    assert len(asked) == expected, "\n".join(sql[:300] for sql in asked)


def read(client: Client, target: str) -> None:
    response = client.get(target)
    assert response.status_code == 200
    assert b"".join(response.streaming_content) if response.streaming else response.content
