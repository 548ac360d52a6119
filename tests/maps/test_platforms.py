"""Platforms on the public pages: beside an answer, in their list, by themselves, on sheets, on pages of places."""

from __future__ import annotations

import re

import pytest

from directory.models import Platform
from directory.models.platform import SoldOn
from tests.builders import centre_of, point_of_sale
from tests.maps.reading import links
from tests.platform_data import platform

ORLEANS, OLIVET, TOURS = "45234", "45232", "37261"
HOSTILE = "</a><script>alert(1)</script>"
SCRIPT = "javascript:alert(1)"
ASKED = "/?q=fromage+%C3%A0+Orl%C3%A9ans"
pytestmark = pytest.mark.django_db


def page(client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def beside(text: str) -> list[tuple[str, str]]:
    return links(text, "nearby")


class TestBesideAnAnswer:
    def test_one_that_serves_the_place_and_sells_what_is_asked_is_shown(self, client):
        platform("Marché d'Orléans", slug="orleans", communes=[ORLEANS], operator="Ville d'Orléans")
        shown = page(client, ASKED)
        assert beside(shown) == [
            ("Marché d'Orléans", "/plateforme/orleans/"),
            ("Aller sur marche.example.org", "https://marche.example.org/"),
        ]
        section = shown[shown.index('class="nearby"') :]
        assert "<strong>Fromage</strong>" in re.sub(r"\s*\n\s*", "", section)
        assert "Place de marché d&#x27;une ville · Ville d&#x27;Orléans" in section
        assert "vous y quittez Local d'abord" in section
        assert 'rel="noopener"' in section

    def test_one_outside_its_territory_or_that_sells_something_else_is_not(self, client):
        platform("Tours", communes=[TOURS])
        platform("Artisans", communes=[ORLEANS], products=["craft_goods"])
        assert beside(page(client, ASKED)) == []

    def test_shown_with_results_and_without_any(self, client):
        platform("Ici", communes=[ORLEANS])
        empty = page(client, ASKED)
        point_of_sale(commune=ORLEANS, products=["cheese"])
        found = page(client, ASKED)
        assert 'class="nothing"' in empty
        assert 'class="results"' in found
        assert (
            [text for text, _ in beside(empty)]
            == [text for text, _ in beside(found)]
            == ["Ici", "Aller sur marche.example.org"]
        )

    def test_a_few_and_the_way_to_all(self, client):
        for number in range(4):
            platform(f"P{number}", communes=[ORLEANS])
        found = beside(page(client, ASKED))
        assert [text for text, _ in found if text.startswith("P")] == ["P0", "P1", "P2"]
        assert found[-1] == ("Toutes les plateformes ici", f"/plateformes/?product=cheese&commune={ORLEANS}")
        assert "P3" in page(client, found[-1][1])

    def test_the_way_to_all_says_the_commune_of_a_position_not_the_position(self, client):
        for number in range(4):
            platform(f"P{number}", communes=[ORLEANS])
        here = centre_of(ORLEANS)
        found = beside(page(client, f"/?lat={here.lat}&lon={here.lon}"))
        assert found[-1][1] == f"/plateformes/?commune={ORLEANS}"

    def test_not_on_further_pages(self, client):
        platform("Ici", communes=[ORLEANS])
        assert beside(page(client, f"{ASKED}&offset=20")) == []

    def test_in_a_departement(self, client):
        platform("Loiret", departements=["45"])
        platform("Cher", departements=["18"])
        assert "Loiret" in dict(beside(page(client, "/?departement=45")))
        assert "Cher" not in dict(beside(page(client, "/?departement=45")))


class TestTheList:
    def test_by_kind(self, client):
        platform("B", communes=[ORLEANS], kind="drive")
        platform("A", communes=[ORLEANS])
        platform("Loin", departements=["37"], kind="producers_network")
        text = page(client, "/plateformes/")
        assert re.findall(r"<h2>(.*?)</h2>", text) == [
            "Places de marché des villes",
            "Drives",
            "Réseaux de producteurs",
        ]
        assert re.findall(r'href="/plateforme/\w+/">(.*?)<', text) == ["A", "B", "Loin"]

    def test_by_place_and_product_as_the_form_asks(self, client):
        platform("Ici", communes=[ORLEANS])
        platform("Miel", communes=[ORLEANS], products=["honey"])
        platform("Tours", communes=[TOURS])
        text = page(client, "/plateformes/?departement=45&product=cheese")
        assert re.findall(r'href="/plateforme/\w+/">(.*?)<', text) == ["Ici"]
        assert "<h1>Plateformes\xa0: Loiret</h1>" in text
        assert re.search(r'<option value="45" selected>', text)
        assert len(re.findall(r'href="/plateforme/', page(client, "/plateformes/?departement=&product="))) == 3

    def test_nothing_leads_on(self, client):
        platform("Tours", communes=[TOURS])
        text = page(client, "/plateformes/?departement=18&product=cheese")
        assert "Aucune plateforme" in text
        assert "/plateformes/?product=cheese" in text

    @pytest.mark.parametrize("query", ["departement=99", "lat=x&lon=1", "product=%3Cscript%3E", "nothing=1"])
    def test_a_mistake_is_told(self, client, query):
        text = page(client, f"/plateformes/?{query}", 400)
        assert "<script>" not in text
        assert '"/plateformes/"' in text

    def test_pages(self, client, monkeypatch):
        monkeypatch.setattr("maps.platforms.listing.PAGE", 2)
        for name in "ABC":
            platform(name, communes=[ORLEANS])
        first = page(client, "/plateformes/?departement=45")
        assert 'rel="next" href="/plateformes/?departement=45&amp;page=2"' in first
        assert re.findall(r'href="/plateforme/\w+/">(.*?)<', page(client, "/plateformes/?departement=45&page=2")) == [
            "C"
        ]
        page(client, "/plateformes/?page=3", 404)
        page(client, "/plateformes/?page=x", 404)


class TestItsPage:
    def test_what_it_is_and_the_way_out_first(self, client):
        platform("Marché", slug="marche", communes=[ORLEANS, OLIVET], epcis=["244500468"], departements=["41"],
                 products=["cheese"], description_fr="Le marché en ligne.")  # fmt: skip
        text = page(client, "/plateforme/marche/")
        assert links(text, "guide")[2] == ("Aller sur marche.example.org", "https://marche.example.org/")
        assert "vous quittez Local d'abord" in text
        assert "Le marché en ligne." in text
        around = dict(links(text, "guide-around"))
        assert around == {
            "Fromage": "/produit/cheese/",
            "Loir-et-Cher": "/departement/41/",
            "Orléans": "/commune/45234-orleans/",
            "Olivet": "/commune/45232-olivet/",
        }
        assert "Orléans Métropole" in text
        assert '<svg class="locator"' in text

    def test_its_merchants_here(self, client, monkeypatch):
        monkeypatch.setattr("maps.platforms.page.PAGE", 1)
        ferme, cave = point_of_sale("Ferme", commune=ORLEANS), point_of_sale("Cave", commune=TOURS)
        hidden = point_of_sale("Cachée", status="hidden")
        made = platform(slug="p", communes=[ORLEANS], sellers=[ferme.merchant, cave.merchant, hidden.merchant])
        SoldOn.objects.filter(merchant=cave.merchant).update(url="https://marche.example.org/cave/")
        text = page(client, "/plateforme/p/")
        assert "2 commerçants d'ici y vendent" in text
        assert links(text, "sellers") == [
            ("Cave", f"/m/{cave.merchant_id}-cave/"),
            ("Sa page là-bas (Cave)", "https://marche.example.org/cave/"),
        ]
        assert 'href="/plateforme/p/?page=2"' in text
        assert links(page(client, "/plateforme/p/?page=2"), "sellers") == [("Ferme", f"/m/{ferme.merchant_id}-ferme/")]
        page(client, "/plateforme/p/?page=3", 404)
        assert made.sellers.count() == 3

    @pytest.mark.parametrize("fields", [{"status": "draft"}, {"status": "hidden"}, {"link": "hidden"}], ids=str)
    def test_one_that_is_hidden_leads_on(self, client, fields):
        platform("Secrète", slug="p", communes=[ORLEANS], **fields)
        text = page(client, "/plateforme/p/", 404)
        assert "Secrète" not in text
        assert 'href="/plateformes/"' in text
        assert "Secrète" not in page(client, "/plateformes/")

    def test_one_whose_site_is_silent_says_so(self, client):
        from django.utils import timezone

        platform(slug="p", communes=[ORLEANS], link=Platform.Link.FLAGGED, failing_since=timezone.now())
        assert "Son site ne répond plus depuis le" in page(client, "/plateforme/p/")

    def test_english(self, client):
        platform(slug="p", communes=[ORLEANS], description_fr="Un marché.", description_en="A market.")
        assert "A market." in page(client, "/en/plateforme/p/")
        assert "Un marché." in page(client, "/plateforme/p/")


class TestHostileText:
    @pytest.fixture
    def hostile(self):
        seller = point_of_sale(HOSTILE, commune=ORLEANS, products=["cheese"]).merchant
        made = platform(HOSTILE, slug="p", communes=[ORLEANS], operator=HOSTILE, url=SCRIPT, sellers=[seller],
                        description_fr=HOSTILE, description_en=HOSTILE)  # fmt: skip
        SoldOn.objects.update(url=SCRIPT)
        return made, seller

    @pytest.mark.parametrize(
        "path",
        [
            ASKED,
            "/plateformes/",
            "/plateforme/p/",
            "/plateformes/couche/",
            "/commune/45234-orleans/",
            "/m/{}-script-alert-1-script/",
        ],
    )
    def test_is_shown_as_text_and_leads_nowhere(self, client, hostile, path):
        answer = client.get(path.format(hostile[1].pk), follow=True)
        text = answer.content.decode()
        assert answer.status_code == 200
        assert "&lt;script&gt;alert(1)" in text
        assert "<script>alert" not in text
        assert SCRIPT not in text


class TestElsewhere:
    def test_a_sheet_says_where_else_it_sells_after_its_own_shop(self, client):
        merchant = point_of_sale("Ferme", commune=ORLEANS).merchant
        merchant.shop_url = "https://ferme.example.org/"
        merchant.website = "https://www.ferme.example.org/"
        merchant.save()
        platform("Drive", communes=[ORLEANS], sellers=[merchant], url="https://drive.example.org/")
        platform("Marché", communes=[ORLEANS], sellers=[merchant])
        platform("Fermée", communes=[ORLEANS], sellers=[merchant], status="hidden")
        SoldOn.objects.filter(platform__name="Drive").update(url="https://drive.example.org/ferme/")
        assert links(page(client, f"/m/{merchant.pk}-ferme/"), "contact") == [
            ("Sa boutique en ligne", "https://ferme.example.org/"),
            ("Vend aussi sur Drive", "https://drive.example.org/ferme/"),
            ("Vend aussi sur Marché", "https://marche.example.org/"),
            ("Son site", "https://www.ferme.example.org/"),
        ]

    def test_pages_of_places_lead_to_theirs(self, client):
        platform("Orléans", slug="o", communes=[ORLEANS])
        platform("Loiret", slug="l", departements=["45"])
        point_of_sale(commune=ORLEANS)
        assert ("Orléans", "/plateforme/o/") in links(page(client, "/commune/45234-orleans/"), "guide-around")
        olivet = links(page(client, "/commune/45232-olivet/"), "guide-around")
        assert ("Loiret", "/plateforme/l/") in olivet
        assert ("Orléans", "/plateforme/o/") not in olivet
        assert ("Orléans", "/plateforme/o/") in links(page(client, "/departement/45/"), "guide-around")
        assert ("Orléans", "/plateforme/o/") not in links(page(client, "/departement/37/"), "guide-around")

    def test_only_real_ones_are_listed_for_search_engines(self, client):
        platform("Inventée", slug="demo", communes=[ORLEANS], demo=True)
        assert "plateformes" not in page(client, "/sitemap.xml")
        platform("Vraie", slug="vraie", communes=[ORLEANS])
        platform("Cachée", slug="cachee", communes=[ORLEANS], status="hidden")
        assert "/sitemap-plateformes.xml" in page(client, "/sitemap.xml")
        listed = b"".join(client.get("/sitemap-plateformes.xml").streaming_content).decode()
        assert re.findall(r"<loc>http://testserver(.*?)</loc>", listed) == [
            "/plateformes/", "/en/plateformes/", "/plateforme/vraie/", "/en/plateforme/vraie/",
        ]  # fmt: skip

    def test_invented_ones_are_marked_and_not_indexed(self, client):
        platform("Inventée", slug="demo", communes=[ORLEANS], demo=True)
        for path in ("/plateformes/", "/plateforme/demo/"):
            text = page(client, path)
            assert '<meta name="robots" content="noindex">' in text
            assert "démonstration" in text
        assert "Démonstration" in page(client, ASKED)
        assert "Démonstration" in page(client, "/plateformes/couche/")

    def test_the_layer_holds_outlines_by_the_name_of_each(self, client):
        platform("Orléans", slug="o", communes=[ORLEANS])
        platform("Nulle part", slug="n")
        text = page(client, "/plateformes/couche/")
        assert links(text, "platforms-layer")[0] == ("Orléans", "/plateforme/o/")
        assert len(re.findall(r'data-rings="[^"]{40,}"', text)) == 1
        assert "Nulle part" not in text
