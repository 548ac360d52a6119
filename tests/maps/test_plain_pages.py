"""Pages of communes, départements, activities and products: the API's answers, at one address each, for everybody."""

from __future__ import annotations

import html
import json
import re

import pytest

from directory import tallies
from directory.questions import Question
from maps.linked_data import breadcrumb, json_ld
from maps.plain import around
from tests.builders import at, centre_of, point_of_sale
from tests.maps.reading import links, sentence
from tests.maps.test_pages import HOSTILE, _strict_templates, get, names, text_of  # noqa: F401

pytestmark = pytest.mark.django_db

VENDOME = "/commune/41269-vendome/"
CHEESE = "/produit/cheese/"
EMPTY = "/commune/41275-la-ville-aux-clercs/"
# What the same question is to the API.
SUBJECTS = {
    VENDOME: {"commune": "41269"},
    "/departement/41/": {"departement": "41"},
    "/activite/farm/": {"activity": "farm"},
    CHEESE: {"product": "cheese"},
}
NOINDEX = '<meta name="robots" content="noindex">'


@pytest.fixture
def catalogue(village):
    """The village's four, a baker in Blois, and a goat farm in the Indre."""
    return [
        *village,
        point_of_sale("Boulangerie de Blois", commune="41018", activities=["bakery"], products=["bread"], kind="shop"),
        point_of_sale("Chèvrerie de l'Indre", commune="36044", activities=["goat_farm"], products=["goat_cheese"]),
    ]


def section(page: str, title: str) -> dict[str, tuple[str, str]]:
    """The links under a heading: by text, their address and count."""
    found = re.search(rf"<h2>{title}</h2>(.*?)</section>", page, re.DOTALL)
    each = re.findall(
        r'<a href="([^"]*)"><span>([^<]*)</span>\s*(?:<span class="count">([^<]*))?', found[1] if found else ""
    )
    return {html.unescape(text): (html.unescape(href), count) for href, text, count in each}


class TestEverySubject:
    @pytest.mark.parametrize(("path", "asked"), SUBJECTS.items())
    def test_shows_what_the_api_answers(self, client, catalogue, path, asked):
        answer = client.get("/api/v1/merchants/", asked).json()
        page = get(client, path)
        assert [html.unescape(name) for name in names(page)] == [
            feature["properties"]["name"] for feature in answer["features"]
        ]
        assert answer["numberMatched"] == len(names(page)) > 1
        assert re.search(r'<p class="lead">(.*?)</p>', page)[1] == answer["summary"]
        assert f'<meta name="description" content="{answer["summary"]}">' in page
        assert f'<meta property="og:description" content="{answer["summary"]}">' in page

    @pytest.mark.parametrize(("prefix", "language"), [("", "fr"), ("/en", "en")])
    @pytest.mark.parametrize("path", SUBJECTS)
    def test_has_one_address_in_each_language(self, client, catalogue, prefix, language, path):
        page = get(client, prefix + path)
        assert f'<html lang="{language}">' in page
        assert re.search(rf'rel="canonical"\s+href="http://testserver{prefix}{path}"', page)
        for code, alternate in (("fr", path), ("en", f"/en{path}")):
            assert re.search(rf'hreflang="{code}"\s+href="http://testserver{alternate}"', page)
        assert all(href.startswith(f"{prefix}/") for _, href in links(page, "guide-around")), "and stays in it"
        assert (" à " not in re.search(r'<p class="lead">(.*?)</p>', page)[1]) or language == "fr"

    @pytest.mark.parametrize(("path", "asked"), SUBJECTS.items())
    def test_leads_to_the_same_on_the_map(self, client, catalogue, path, asked):
        page = get(client, path)
        href = html.unescape(re.search(r'class="on-the-map" href="([^"]*)"', page)[1])
        assert names(get(client, href)) == names(page)

    @pytest.mark.parametrize("path", SUBJECTS)
    def test_real_merchants_are_for_search_engines(self, client, catalogue, path):
        assert "noindex" not in get(client, path)

    def test_needs_no_script(self, client, catalogue):
        page = get(client, VENDOME)
        assert "<script" not in page.replace('<script type="application/ld+json">', "")

    @pytest.mark.parametrize(
        ("path", "steps"),
        [
            (VENDOME, ["Accueil", "Loir-et-Cher", "Vendôme"]),
            ("/departement/41/", ["Accueil", "Loir-et-Cher"]),
            ("/activite/goat_farm/", ["Accueil", "Agriculture et production", "Ferme", "Chèvrerie"]),
            (CHEESE, ["Accueil", "Alimentation", "Produits laitiers", "Fromage"]),
        ],
    )
    def test_says_where_it_stands(self, client, catalogue, path, steps):
        page = get(client, path)
        crumbs = re.search(r'<nav class="breadcrumb".*?</nav>', page, re.DOTALL)[0]
        assert re.findall(r">([^<>\n]+)</(?:a|li)>", crumbs) == steps
        data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])
        assert data["@type"] == "BreadcrumbList"
        assert [item["name"] for item in data["itemListElement"]] == steps
        assert data["itemListElement"][-1]["item"] == f"http://testserver{path}"
        for _, href in links(page, "breadcrumb"):
            get(client, href)


class TestWhatIsAround:
    def test_what_is_there_with_counts(self, client, catalogue):
        page = get(client, VENDOME)
        activities, products = section(page, "Par activité"), section(page, "Par produit")
        assert activities["Ferme"][1] == "3"
        assert products["Fromage"][1] == "3"
        for href, count in (*activities.values(), *products.values()):
            asked = href.removeprefix("/?")
            assert client.get(f"/api/v1/merchants/?{asked}").json()["numberMatched"] == int(count) > 0

    def test_a_term_that_one_below_it_equals_goes_unsaid(self, client, catalogue):
        activities = section(get(client, VENDOME), "Par activité")
        assert "Boulangerie" in activities
        assert "Artisanat de bouche" not in activities, "the bakery is all of it"

    def test_neighbours_that_have_something(self, client, catalogue):
        point_of_sale("Ferme Voisine", commune="41226")
        point_of_sale("Ferme au Loin", commune="18033")
        found = section(get(client, VENDOME), "Aux alentours")
        assert list(found) == ["Saint-Ouen"]
        href, count = found["Saint-Ouen"]
        assert len(names(get(client, href))) == int(count) == 1

    def test_a_departement_s_towns(self, client, catalogue):
        found = section(get(client, "/departement/41/"), "Principales communes")
        assert [(name, count) for name, (_, count) in found.items()] == [("Blois", "1"), ("Vendôme", "4")]
        assert found["Vendôme"][0] == VENDOME

    def test_a_term_in_each_departement(self, client, catalogue):
        found = section(get(client, CHEESE), "Par département")
        assert {name: count for name, (_, count) in found.items()} == {"Indre": "1", "Loir-et-Cher": "3"}
        for href, count in found.values():
            assert len(names(get(client, href))) == int(count)

    def test_a_term_s_own(self, client, catalogue):
        found = section(get(client, CHEESE), "Plus précis")
        assert list(found.items()) == [
            ("Fromage de chèvre", ("/produit/goat_cheese/", "2")),
            ("Fromage de vache", ("/produit/cow_cheese/", "1")),
        ]

    def test_without_counts_links_remain(self, client, catalogue, monkeypatch):
        """Of more than MOST nothing is counted."""
        monkeypatch.setattr("maps.plain.views.facets", lambda question, now: None)
        monkeypatch.setattr(around, "MOST", 0)
        page = get(client, CHEESE)
        assert section(page, "Par département")["Cher"][1] == ""
        assert section(page, "Plus précis")["Fromage de brebis"] == ("/produit/sheep_cheese/", "")
        assert not section(page, "Par activité")


class TestNothingThere:
    def test_a_commune_leads_to_what_is_nearest(self, client, catalogue):
        page = get(client, EMPTY)
        assert NOINDEX in page
        assert "Aucune adresse à La Ville-aux-Clercs" in page
        api = client.get(
            "/api/v1/merchants/", {"place": "41160 La Ville-aux-Clercs", "radius_km": "30", "limit": "5"}
        ).json()
        assert names(page) == [feature["properties"]["name"] for feature in api["features"]]
        assert api["summary"] in html.unescape(page)
        href = html.unescape(re.search(r'class="on-the-map" href="([^"]*)"', page)[1])
        assert sentence(get(client, href)) == api["summary"]

    def test_a_region_without_anything(self, client):
        for path in (EMPTY, "/departement/41/", "/activite/farm/", CHEESE):
            page = get(client, path)
            assert NOINDEX in page
            assert not names(page)

    def test_a_term_leads_to_broader_ones(self, client, catalogue):
        page = get(client, "/produit/valencay/")
        assert NOINDEX in page
        assert "Fromage de chèvre" in " ".join(text for text, _ in links(page, "ways-on"))


class TestWhatIsPublic:
    def test_a_hidden_pin_moves_nothing(self, client, catalogue):
        hidden = point_of_sale(
            "Ferme Cachée", pin=at(centre_of(), 0, 1_500), pin_hidden=True, street="7 chemin du Secret"
        )
        paths = (VENDOME, "/departement/41/", "/activite/farm/", EMPTY)
        before = [get(client, path) for path in paths]
        assert "Ferme Cachée" in before[0]
        assert not any("Secret" in page for page in before)
        type(hidden).objects.filter(pk=hidden.pk).update(pin=at(centre_of(), 45, 500).to_geos())
        assert [get(client, path) for path in paths] == before

    @pytest.mark.parametrize("status", ["draft", "hidden", "closed"])
    def test_only_what_is_published(self, client, status):
        point_of_sale("Ferme", status=status, products=["cheese"])
        assert not any(names(get(client, path)) for path in SUBJECTS)

    @pytest.mark.parametrize("path", [*SUBJECTS, EMPTY])
    def test_demonstration_is_marked(self, client, path):
        point_of_sale("Ferme Inventée", demo=True, products=["cheese"])
        page = get(client, path)
        assert page.count(NOINDEX) == 1
        assert "inventés pour essayer le service" in page
        assert '<span class="badge">Démonstration</span>' in page

    def test_hostile_names_are_text(self, client):
        point_of_sale(HOSTILE)
        for path in (VENDOME, "/activite/farm/"):
            page = get(client, path)
            assert "&lt;/script&gt;&lt;img src=x" in page
            assert HOSTILE not in page

    def test_no_name_ends_the_data_that_it_stands_in(self):
        written = json_ld(breadcrumb([(HOSTILE, "https://example.org/?a=1&b=2")]))
        assert not set("<>&") & set(written)
        assert json.loads(written)["itemListElement"][0]["name"] == HOSTILE


def test_counts_by_place_are_the_search_s_own(client, catalogue):
    codes = ["41269", "41018", "18033", "41", "36"]
    counted = tallies.in_places(codes, Question(products=("cheese",)))
    assert counted == {"41269": 3, "41018": 0, "18033": 0, "41": 3, "36": 1}
    assert tallies.in_places(codes)["41"] == 5
    with pytest.raises(ValueError, match="terms"):
        tallies.in_places(codes, Question(text="ferme"))
