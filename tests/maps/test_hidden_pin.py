"""A hidden pin that moves inside its commune changes no byte that anybody may read: every page, answer and file."""

from __future__ import annotations

import html
import re
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from directory.models import Photo, PointOfSale
from tests.builders import VENDOME, at, centre_of, point_of_sale
from tests.coverage_data import fibre

pytestmark = pytest.mark.django_db
SECRETS = ("impasse Secrète", "étiquette secrète")
# Of a form: new at each visit.
FRESH = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"|"seconds": ?[\d.]+')
NEVER = ("/agents/", "/gestion/", "/connexion/")


@pytest.fixture
def hidden(settings, tmp_path) -> PointOfSale:
    settings.MEDIA_ROOT = str(tmp_path)
    fibre({VENDOME: 10})
    place = point_of_sale(
        "Atelier Discret", pin=at(centre_of(), 10, 300), pin_hidden=True, street=SECRETS[0], pin_label=SECRETS[1],
        service_radius_km=20, activities=["farm"], products=["cheese"],
    )  # fmt: skip
    Photo.objects.create(
        point_of_sale=place, file=ContentFile(b"\xff\xd8\xff", "a.jpg"), text="Un établi", width=9, height=9, size=3
    )
    point_of_sale("Étal", merchant=place.merchant, kind="market_stall")
    point_of_sale("Voisine", pin=at(centre_of(), 90, 700), products=["cheese"])
    return place


def addresses(place: PointOfSale) -> list[str]:
    """Where anybody may read of it, before what these pages lead to."""
    door, near = place.pin, at(centre_of(), 10, 320)
    asked = ("", f"?commune={VENDOME}", "?place=Vendôme&radius_km=1", "?product=cheese&place=Vendôme&radius_km=30",
             "?q=atelier+discret", f"?lat={near.lat}&lon={near.lon}&radius_km=0.5", "?sort=updated",
             f"?bbox={door.x - 0.001},{door.y - 0.001},{door.x + 0.001},{door.y + 0.001}",
             f"?lat={near.lat}&lon={near.lon}&comes=1")  # fmt: skip
    paths = ("/", "/api/v1/merchants/", "/api/v1/merchants.csv", "/api/v1/merchants.geojson", "/embed/")
    lon, lat = centre_of().rounded()
    box = f"{lon - 0.2},{lat - 0.2},{lon + 0.2},{lat + 0.2}"
    return [
        *(path + query for path in paths for query in asked),
        *(f"/api/v1/clusters/?bbox={box}&zoom={zoom}" for zoom in (6, 8, 10, 12, 14, 16, 18)),
        f"/api/v1/merchants/{place.pk}/", f"/m/{place.merchant_id}-atelier-discret/", f"/en/m/{place.merchant_id}-x/",
        f"/signaler/{place.pk}/", f"/retirer/{place.pk}/", f"/revendiquer/{place.pk}/",
        f"/api/v1/coverage/at/?lat={near.lat}&lon={near.lon}", "/api/v1/suggest/?q=atelier",
        "/sitemap.xml", "/couverture/", f"/couverture/lieu/?commune={VENDOME}", "/departement/41/", "/produit/cheese/",
    ]  # fmt: skip


def read(first: list[str]) -> dict[str, bytes]:
    """What stands at these addresses, and at those that their pages and sitemaps lead to."""
    client, found, waiting = Client(), {}, [(path, 0) for path in first]
    while waiting:
        path, depth = waiting.pop()
        if path in found or path.startswith(NEVER):
            continue
        answer = client.get(path, follow=True)
        found[path] = FRESH.sub(b"", b"".join(answer))
        if (
            depth < 1
            and path != "/"
            and answer.headers.get("Content-Type", "").startswith(("text/html", "application/xml"))
        ):
            waiting += [(link, depth + 1) for link in links(found[path].decode(), path)]
    return found


def links(page: str, path: str) -> set[str]:
    hrefs = re.findall(r'(?:href|src|action)="([^"]+)"|<loc>([^<]+)', page)
    joined = (urlsplit(urljoin(f"http://testserver{path}", html.unescape(href or loc))) for href, loc in hrefs)
    kept = (each for each in joined if each.netloc == "testserver" and not each.path.startswith("/static/"))
    return {each.path + (f"?{each.query}" if each.query else "") for each in kept}


def test_no_public_byte_changes(hidden):
    first = addresses(hidden)
    before = read(first)
    seen = [path for path, text in before.items() if b"Atelier Discret" in text]
    assert len(seen) > 40, "pages that do not speak of it prove nothing"
    assert not [path for path, text in before.items() for secret in SECRETS if secret.encode() in text]
    PointOfSale.objects.filter(pk=hidden.pk).update(
        pin=at(centre_of(), 200, 2_400).to_geos(), pin_precision="manual", pin_source="manual", pin_score=None,
        pin_label="ailleurs", street="9 chemin d'Ailleurs", postcode="41101",
    )  # fmt: skip
    after = read(first)
    assert before.keys() == after.keys()
    assert [path for path in before if before[path] != after[path]] == []


def test_one_that_is_shown_is_seen_to_move(hidden):
    """The same addresses tell a shown pin: what the test above reads is what there is to be read."""
    PointOfSale.objects.filter(pk=hidden.pk).update(pin_hidden=False)
    first = addresses(hidden)
    before = read(first)
    PointOfSale.objects.filter(pk=hidden.pk).update(pin=at(centre_of(), 200, 2_400).to_geos())
    after = read(first)
    assert len([path for path in before if before[path] != after.get(path)]) > 20
