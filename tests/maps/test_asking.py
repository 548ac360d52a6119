"""Asking in plain words on the page: one field, chips, filters, and no dead end."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from maps import views
from tests.builders import point_of_sale
from tests.directory.catalogue import NOW, stock
from tests.maps.reading import asked_of, carried, field, links, sentence, total
from tests.maps.test_pages import HOSTILE, _strict_templates, get, names, text_of  # noqa: F401

pytestmark = pytest.mark.django_db
WORDS = "fermes à moins de 10 km de Vendôme qui vendent du fromage"


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    """A Wednesday in June, 10:20."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


class TestTheField:
    def test_words_are_answered_as_by_the_api(self, client, village):
        page = get(client, q=WORDS)
        answer = client.get("/api/v1/merchants/", {"q": WORDS}).json()
        assert names(page) == [feature["properties"]["name"] for feature in answer["features"]]
        assert len(names(page)) == answer["numberMatched"] == 2
        assert sentence(page) == answer["summary"]
        assert field(page) == WORDS

    def test_the_canonical_address_is_explicit(self, client, village):
        page = get(client, q=WORDS)
        canonical = re.search(r'rel="canonical"\s+href="([^"]+)"', page)[1].replace("&amp;", "&")
        assert asked_of(canonical) == {"activity": "farm", "product": "cheese", "place": "Vendôme"}
        assert names(get(client, canonical)) == names(page)

    def test_what_words_cannot_say_is_carried_along(self, client, village):
        box = "0.9,47.7,1.2,47.9"
        page = get(client, product="cheese", bbox=box, sort="name")
        assert carried(page) == {"bbox": box, "sort": "name"}
        again = get(client, q="pain", **carried(page))
        assert names(again) == ["Boulangerie"]
        assert carried(again) == {"bbox": box, "sort": "name"}

    def test_a_new_place_replaces_what_was_carried(self, client, village):
        page = get(client, q="fromage à Vendôme", bbox="2.5,47.7,2.6,47.9", departement="18", sort="name")
        assert len(names(page)) == 2
        assert carried(page) == {"sort": "name"}

    def test_a_moment_is_carried_along(self, client, village):
        page = get(client, product="cheese", open_at="2027-06-10T10:30")
        assert field(page) == "Fromage"
        assert carried(page) == {"open_at": "2027-06-10T10:30"}
        assert sentence(get(client, q=field(page), **carried(page))) == sentence(page)

    def test_a_month_is_said(self, client, village):
        page = get(client, product="strawberries", season="1")
        assert field(page) == "Fraises, de saison en janvier"
        assert not names(page)
        assert sentence(get(client, q=field(page))) == sentence(page)

    @pytest.mark.parametrize(
        ("asked", "shown"),
        [
            ({"q": "miel", "product": "bread"}, "Pain"),
            ({"q": "fromage à Blois", "place": "Vendôme"}, "Fromage, à Vendôme"),
            ({"q": "fromage dimanche", "open": "now"}, "Fromage, ouvert maintenant"),
            ({"q": "fromage  dimanche", "sort": "name", "limit": "5"}, "fromage  dimanche"),
        ],
    )
    def test_what_parameters_change_is_said_anew(self, client, village, asked, shown):
        page = get(client, **asked)
        assert field(page) == shown
        assert names(get(client, q=field(page), **carried(page))) == names(page)

    def test_a_position_is_of_use_around_me_only(self, client, village):
        here = {"lat": "47.793", "lon": "1.066"}
        near = get(client, q="fromage autour de moi", **here)
        assert len(names(near)) == 2
        assert carried(near) == here
        assert len(names(get(client, q="fromage", **here))) == 3

    def test_around_me_without_a_position(self, client, village):
        page = get(client, q="fromage autour de moi")
        assert "Autour de ma position" in page
        assert "Ajoutez une commune à votre question" in page
        assert len(names(page)) == 3, "meanwhile, cheese anywhere"
        assert '<h1 class="meanwhile">En attendant votre position\u00a0: 3 adresses vendent du fromage' in page
        assert page.index("data-here") < page.index('class="chips"')
        near = get(client, q="fromage autour de moi", lat="47.793", lon="1.066")
        assert "data-locate" not in near
        assert "En attendant" not in near

    @pytest.mark.parametrize("q", ["de la", "?!", "je cherche", "autour de moi"])
    def test_what_asks_nothing_is_helped(self, client, village, q):
        page = get(client, q=q)
        assert not names(page)
        assert field(page) == q
        assert len(links(page, "examples")) == 5
        assert '<meta name="robots" content="noindex">' in page
        assert ("Autour de ma position" in page) == (q == "autour de moi")

    def test_what_is_hostile_is_text(self, client, village):
        for path in ("/", "/en/"):
            for q in (HOSTILE, f"fromage {HOSTILE} Vendôme", f'"{HOSTILE}', f"de la {HOSTILE[:2]}"):
                page = get(client, path, q=q)
                assert "<img src=x" not in page
                assert field(page) == q

    def test_other_meanings_are_offered(self, client):
        point_of_sale("Vigneron", activities=["winemaker"], products=["chinon"], commune="37072")
        page = get(client, q="chinon")
        ((text, href),) = links(page, "other-meanings")
        wine, place = {"product": "chinon"}, {"place": "Chinon"}
        assert asked_of(href) in (wine, place)
        assert text in ("la commune de Chinon", "du chinon")
        assert names(get(client, href)) == ["Vigneron"]

    def test_namesakes_are_told_apart(self, client):
        point_of_sale("Fromagerie", products=["cheese"], commune="28006")
        ((text, href),) = links(get(client, q="fromage à Amilly"), "other-meanings")
        assert text == "la commune d'Amilly (Eure-et-Loir)"
        assert names(get(client, href)) == ["Fromagerie"]
        assert field(get(client, href)) == "Fromage, à Amilly (28)"


class TestChips:
    def test_each_drops_its_part(self, client, village):
        page = get(client, q="fermes bio Léopoldine, fromage, à 20 km de Vendôme, ouvert dimanche matin, de saison")
        dropped = {
            text.removeprefix("Retirer\u00a0: ").removesuffix("×").strip(): asked_of(href)
            for text, href in links(page, "chips")
            if text.startswith("Retirer")
        }
        whole = {
            "activity": "farm", "product": "cheese", "label": "organic", "place": "Vendôme", "radius_km": "20",
            "open_on": "7", "open_part": "morning", "season": "now", "text": "Léopoldine",
        }  # fmt: skip
        parts = {
            "Ferme": ["activity"],
            "Fromage": ["product"],
            "Agriculture biologique": ["label"],
            "20\u00a0km autour de Vendôme": ["place", "radius_km"],
            "Ouvert dimanche matin": ["open_on", "open_part"],
            "De saison": ["season"],
            "«\u00a0Léopoldine\u00a0»": ["text"],
        }
        assert dropped == {
            text: {name: value for name, value in whole.items() if name not in names_} for text, names_ in parts.items()
        }

    def test_the_field_then_says_the_rest(self, client, village):
        page = get(client, q=WORDS)
        href = next(href for text, href in links(page, "chips") if text.startswith("Retirer") and "Ferme" in text)
        rest = get(client, href)
        assert field(rest) == "Fromage, à Vendôme"
        assert names(get(client, q=field(rest))) == names(rest)

    def test_each_is_changed(self, client, village):
        page = get(client, q="fromage à 10 km de Vendôme ouvert dimanche")
        menus = {text: asked_of(href) for text, href in links(page, "menu")}
        assert menus["20\u00a0km"]["radius_km"] == "20"
        assert "10\u00a0km" not in menus
        assert menus["Tout le département\u00a0: Loir-et-Cher"]["place"] == "Loir-et-Cher"
        assert menus["Produits laitiers 1"]["product"] == "dairy"
        assert menus["Fromage de vache 1"]["product"] == "cow_cheese"
        assert menus["Ouvert dimanche matin"]["open_part"] == "morning"
        assert menus["Ouvert maintenant"]["open"] == "now"
        assert not any("chèvre" in text for text in menus), "nothing is left by what gives nothing"

    def test_an_order_that_loses_its_start_is_let_go(self, client, village):
        page = get(client, product="cheese", place="Vendôme", sort="distance")
        href = next(href for text, href in links(page, "chips") if "autour" in text)
        assert asked_of(href) == {"product": "cheese"}


class TestFilters:
    @pytest.mark.parametrize("q", ["", "fromage", "à 15 km de Vendôme", "ferme ouverte dimanche", "fraises de saison"])
    def test_a_count_is_what_the_click_shows(self, client, q):
        stock()
        page = get(client, **({"q": q} if q else {"sort": "name"}))
        whole = total(page)
        counted = [(text, href) for text, href in links(page, "filters") if re.search(r" [\d\u202f]+$", text)]
        assert len(counted) > 5
        for text, href in counted:
            count = int(re.search(r"(\d+)$", text)[1])
            assert 0 < count < whole
            assert total(get(client, href)) == count, f"{text} {href}"

    def test_one_that_is_set_is_taken_away(self, client, village):
        page = get(client, product="cheese")
        text, href = next(link for link in links(page, "filters") if link[0].startswith("✓"))
        assert text.endswith("Fromage")
        assert asked_of(href) == {}
        below = [text for text, _ in links(page, "filters") if text.startswith("Fromage")]
        assert sorted(below) == ["Fromage de chèvre 1", "Fromage de vache 1"]
        assert not any("Pain" in text for text, _ in links(page, "filters")), "it would replace, not narrow"
        assert not any("Ferme 3" in text for text, _ in links(page, "filters")), "all of them are farms"

    def test_open_now(self, client, village):
        page = get(client, product="cheese")
        href = next(href for text, href in links(page, "filters") if text == "Ouvert maintenant 1")
        shown = get(client, href)
        assert names(shown) == ["Chèvrerie du Loir"]
        assert any(text.startswith("✓ Retirer\u00a0: Ouvert maintenant") for text, _ in links(shown, "filters"))


def test_questions_that_are_offered_are_understood(client, village, monkeypatch):
    """In every month, in both languages: nothing in them is left to search names for."""
    for month in range(1, 13):
        now = NOW.replace(month=month, year=2028)
        for path in ("/", "/en/"):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(timezone, "now", lambda now=now: now)
                for text, href in links(get(client, path), "examples"):
                    asked = views.read(views.asked(client.get(href).wsgi_request.GET, now), now)
                    assert asked.understood is not None
                    assert asked.question.text == "", text
                    assert asked.question.centre or asked.question.departements, text
