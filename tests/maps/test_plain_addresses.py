"""Plain pages have one address each, page by page too; any other spelling leads there, or says what is near."""

from __future__ import annotations

import re

import pytest

from geo.gazetteer import gazetteer
from maps.plain import subjects
from tests.builders import at, centre_of, point_of_sale
from tests.maps.reading import links
from tests.maps.test_pages import _strict_templates, get, names  # noqa: F401
from tests.maps.test_plain_pages import CHEESE, NOINDEX, VENDOME, section

pytestmark = pytest.mark.django_db


class TestAddresses:
    @pytest.mark.parametrize("prefix", ["", "/en"])
    @pytest.mark.parametrize("spelling", ["41269", "41269-", "41269-blois", "41269-VENDOME"])
    def test_a_commune_has_one(self, client, prefix, spelling):
        response = client.get(f"{prefix}/commune/{spelling}/")
        assert response.status_code == 301
        assert response["Location"] == f"{prefix}{VENDOME}"

    def test_a_former_code_leads_to_the_commune_of_today(self, client):
        entry = next(entry for entry in gazetteer().entries if entry.former_codes)
        response = client.get(f"/commune/{entry.former_codes[0]}-autrefois/")
        assert response.status_code == 301
        assert response["Location"].startswith(f"/commune/{entry.code}-")
        assert client.get(response["Location"]).status_code == 200

    def test_every_commune_s_address_is_plain(self):
        for entry in gazetteer().entries:
            assert re.fullmatch(r"/commune/[0-9]{5}-[a-z0-9-]*[a-z0-9]/", subjects.commune_path(entry))

    @pytest.mark.parametrize(
        ("path", "remedy"),
        [
            ("/commune/99999-vendome/", VENDOME),
            ("/commune/vendome/", VENDOME),
            ("/departement/99/", "/departement/41/"),
            ("/activite/bakry/", "/activite/bakery/"),
            ("/produit/chese/", CHEESE),
            ("/en/produit/chese/", f"/en{CHEESE}"),
            ("/produit/bakery/", "/"),
            ("/departement/41/?page=2", "/departement/41/"),
            ("/departement/41/?page=502", "/departement/41/"),
            ("/departement/41/?page=0", "/departement/41/"),
            ("/departement/41/?page=-1", "/departement/41/"),
            ("/departement/41/?page=²", "/departement/41/"),
            (f"/departement/41/?page={'9' * 5000}", "/departement/41/"),
        ],
    )
    def test_what_is_not_there_is_told_with_a_remedy(self, client, path, remedy):
        page = get(client, path, status=404)
        assert f'<a href="{remedy}">' in page
        assert NOINDEX in page

    def test_what_was_asked_for_is_text(self, client):
        page = get(client, "/produit/%3Cimg%20src=x%20onerror=alert(1)%3E/", status=404)
        assert "&lt;img src=x" in page
        assert "<img src=x" not in page


class TestPaging:
    @pytest.fixture
    def many(self):
        return [point_of_sale(f"Ferme {i:02}", pin=at(centre_of(), i * 7, 50 * i)) for i in range(45)]

    def test_end_to_end_sees_each_once(self, client, many):
        path, seen, pages = VENDOME, [], 0
        while path:
            page = get(client, path)
            seen += names(page)
            pages += 1
            following = re.search(r'rel="next"\s+href="([^"]+)"', page)
            path = following[1] if following else None
        assert pages == 3
        assert seen == sorted(place.merchant.name for place in many)

    def test_each_page_is_its_own(self, client, many):
        page = get(client, f"{VENDOME}?page=2")
        assert f'href="http://testserver{VENDOME}?page=2"' in page
        assert "21–40 sur 45" in page
        assert 'start="21"' in page
        assert re.search(rf'rel="prev"\s+href="{VENDOME}"', page)
        assert "(page 2)" in re.search(r"<title>(.*?)</title>", page)[1]
        assert not section(page, "Par activité"), "said once, on the first"
        assert client.get(f"{VENDOME}?page=1")["Location"] == VENDOME

    def test_what_else_an_address_carries_changes_nothing(self, client, many):
        page = get(client, f"{VENDOME}?utm_source=x&page=2")
        assert re.search(rf'rel="canonical"\s+href="http://testserver{VENDOME}\?page=2"', page)


def test_the_first_page_leads_to_them(client):
    page = get(client)
    assert ("Loir-et-Cher", "/departement/41/") in links(page, "departements")
    families = links(page, "families")
    assert ("Agriculture et production", "/activite/farming/") in families
    for _, href in (*links(page, "departements"), *families):
        if href != "/inscription/":  # a form, which has a cookie
            get(client, href)
    assert ("Loir-et-Cher", "/en/departement/41/") in links(get(client, "/en/"), "departements")
