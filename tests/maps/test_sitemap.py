"""sitemap.xml: every page worth finding, once in each language; nothing invented, nothing that is not published."""

from __future__ import annotations

from datetime import date, datetime
from xml.etree import ElementTree

import pytest
from django.db import connection

from directory import published
from directory.models import SearchEntry
from tests.builders import point_of_sale
from tests.coverage_data import fibre

pytestmark = pytest.mark.django_db
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"
HOST = "http://testserver"


@pytest.fixture
def catalogue():
    """A goat farm and its stall in two communes of the Loir-et-Cher; beside them, what is not to be listed."""
    farm = point_of_sale("Chèvrerie du Loir", activities=["goat_farm"], products=["goat_cheese"])
    point_of_sale(merchant=farm.merchant, kind="market_stall", commune="41018")
    point_of_sale("Inventée", commune="18033", activities=["potter"], products=["pottery"], demo=True)
    point_of_sale("Brouillon", commune="36044", activities=["potter"], products=["pottery"], status="draft")
    return farm


def read(client, path):
    response = client.get(path)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/xml")
    assert "max-age=3600" in response["Cache-Control"]
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return ElementTree.fromstring(content)


def sections(client):
    return [element.text.removeprefix(HOST) for element in read(client, "/sitemap.xml").iter(f"{SITEMAP}loc")]


def listed(client, name):
    """The French pages of a section; each stands there in English too, and each names both."""
    urls = read(client, f"/sitemap-{name}.xml").findall(f"{SITEMAP}url")
    french = [url.find(f"{SITEMAP}loc").text.removeprefix(HOST) for url in urls[::2]]
    for path, fr, en in zip(french, urls[::2], urls[1::2], strict=True):
        both = {"fr": f"{HOST}{path}", "en": f"{HOST}/en{path}"}
        for url in (fr, en):
            assert {link.get("hreflang"): link.get("href") for link in url.findall(f"{XHTML}link")} == both
        assert en.find(f"{SITEMAP}loc").text == both["en"]
    return french


def test_robots_lead_there_by_its_whole_address(client, settings):
    assert f"Sitemap: {HOST}/sitemap.xml\n" in client.get("/robots.txt").content.decode()
    settings.ALLOWED_HOSTS = ["local.example"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    response = client.get("/robots.txt", headers={"host": "local.example", "x-forwarded-proto": "https"})
    assert "Sitemap: https://local.example/sitemap.xml\n" in response.content.decode()


def test_each_section_lists_what_is_real(client, catalogue):
    address = f"/m/{catalogue.merchant_id}-chevrerie-du-loir/"
    number = catalogue.merchant_id // published.SHARE
    assert listed(client, "communes") == ["/commune/41018-blois/", "/commune/41269-vendome/"]
    assert listed(client, "departements") == ["/departement/41/"]
    assert set(listed(client, "activites")) == {"/activite/farming/", "/activite/farm/", "/activite/goat_farm/"}
    assert set(listed(client, "produits")) == {
        "/produit/food/", "/produit/dairy/", "/produit/cheese/", "/produit/goat_cheese/"
    }  # fmt: skip
    assert listed(client, f"fiches-{number}") == [address]


def test_every_page_is_there(client, catalogue):
    found = [path for section in sections(client) for path in listed(client, section[len("/sitemap-") : -len(".xml")])]
    assert len(found) == len(set(found)) > 10
    for path in found:
        response = client.get(path)
        assert response.status_code == 200, path
        assert b"noindex" not in response.content, path


def test_an_invented_stall_takes_the_sheet_away(client, catalogue):
    """The sheet shows it, and is not to be found."""
    point_of_sale(merchant=catalogue.merchant, demo=True)
    assert not listed(client, f"fiches-{catalogue.merchant_id // published.SHARE}")


def test_a_sheet_says_when_it_changed(client, catalogue):
    document = read(client, f"/sitemap-fiches-{catalogue.merchant_id // published.SHARE}.xml")
    said = {element.text for element in document.iter(f"{SITEMAP}lastmod")}
    changed = max(SearchEntry.objects.filter(merchant=catalogue.merchant).values_list("updated_at", flat=True))
    assert {datetime.fromisoformat(text) for text in said} == {changed.replace(microsecond=0)}


def test_sheets_are_in_files_of_so_many(client, catalogue, monkeypatch):
    others = [point_of_sale(f"Ferme {n}").merchant_id for n in range(5)]
    monkeypatch.setattr(published, "SHARE", 2)
    names = [section for section in sections(client) if "fiches" in section]
    assert names == sorted({f"/sitemap-fiches-{id_ // 2}.xml" for id_ in (catalogue.merchant_id, *others)})
    ids = [int(path.split("/")[2].split("-")[0]) for name in names for path in listed(client, name[9:-4])]
    assert ids == sorted([catalogue.merchant_id, *others])


def test_no_file_holds_more_than_the_protocol_allows():
    assert published.SHARE * 2 <= 50_000


def test_nothing_real_is_nothing_to_find(client):
    point_of_sale("Inventée", demo=True)
    assert sections(client) == ["/sitemap-textes.xml"]
    assert client.get("/sitemap-produits.xml").status_code == 404
    assert "/" in listed(client, "textes")


@pytest.mark.parametrize("name", ["x", "fiches-", "fiches-x", "fiches--1", f"fiches-{'9' * 30}"])
def test_other_sections_are_not_found(client, catalogue, name):
    assert client.get(f"/sitemap-{name}.xml").status_code == 404


def test_what_is_real_is_looked_up_key_by_key(catalogue):
    """Not joined, which would read every point of sale: one look-up for each commune, that ends at the first find."""
    with connection.cursor() as cursor:
        sql, values = published._having(published.Commune.objects.all(), "commune").query.sql_with_params()
        cursor.execute(f"EXPLAIN {sql}", values)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "SubPlan" in plan
    assert "Limit" in plan
    assert "Join" not in plan


def test_coverage_is_listed_once_its_figures_are_real(client):
    fibre({"41269": 10}, date(2024, 12, 31), demo=True)
    assert "/sitemap-couverture.xml" not in sections(client)
    fibre({"41269": 10})
    assert "/sitemap-couverture.xml" in sections(client)
    assert listed(client, "couverture")[:2] == ["/couverture/", "/couverture/?departement=18"]
