"""The search page and the pages around it: complete HTML, strict, the same answer as the API's."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.template import engines
from django.test.utils import CaptureQueriesContext

from directory.models import SearchEntry
from tests.builders import at, centre_of, point_of_sale

pytestmark = pytest.mark.django_db
UNDEFINED = "UNDEFINED-VARIABLE"
TEXT_PAGES = ["/mentions-legales/", "/donnees-personnelles/", "/accessibilite/", "/donnees/", "/aide/"]
HOSTILE = "</script><img src=x onerror=alert(1)>"


@pytest.fixture(autouse=True)
def _strict_templates(settings, monkeypatch):
    """Undefined variables show; static files need no set-up."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", UNDEFINED)


@pytest.fixture
def farms():
    """Cheese at 2.3 and 8 km, cheese hidden in Vendôme, bread, and cheese too far away."""
    centre = centre_of()
    return [
        point_of_sale("Chèvrerie du Loir", pin=at(centre, 0, 2_345), activities=["goat_farm"],
                      products=["bread", "goat_cheese", "eggs"], labels=["organic"]),
        point_of_sale("Ferme des Prés", pin=at(centre, 90, 8_000), activities=["dairy_farm"], products=["cow_cheese"]),
        point_of_sale("Ferme Cachée", pin=at(centre, 0, 1_500), commune="41200", pin_hidden=True, products=["cheese"],
                      street="7 chemin du Secret"),
        point_of_sale("Ferme au Loin", pin=at(centre, 90, 12_000), products=["cheese"]),
        point_of_sale("Boulangerie", activities=["bakery"], products=["bread"], kind="shop"),
    ]  # fmt: skip


class Strict(HTMLParser):
    """Refuses what a strict policy would: inline scripts, styles and handlers, and files of another host."""

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        assert tag != "style"
        assert not any(name == "style" or name.startswith("on") for name in given), given
        if tag == "link" and given["rel"] in ("icon", "stylesheet"):
            assert given["href"].startswith("/static/")
        elif tag in ("script", "img") and given.get("type") != "application/ld+json":  # data, which no browser runs
            assert given["src"].startswith("/static/")


def get(client, path="/", status=200, **parameters):
    """A page, checked for what every page owes."""
    response = client.get(path, parameters)
    assert response.status_code == status
    page = response.content.decode()
    assert UNDEFINED not in page
    assert not response.cookies
    assert "Cookie" not in response["Vary"], "the session was read"
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    Strict().feed(page)
    assert re.search(r"<title>\S.*\S</title>", page)
    assert re.search(r'<meta name="description"\s+content="\S', page)
    return page


def names(page):
    return re.findall(r'<li class="result".*?<h3>\s*<a [^>]*>([^<]*)</a>', page, re.DOTALL)


def text_of(page):
    """The page's text, on one line."""
    return re.sub(r"[ \n]+", " ", re.sub(r"<[^>]*>", " ", page))


class TestEveryPage:
    @pytest.mark.parametrize(("prefix", "language"), [("", "fr"), ("/en", "en")])
    @pytest.mark.parametrize("path", ["/", *TEXT_PAGES])
    def test_in_both_languages(self, client, prefix, language, path):
        page = get(client, prefix + path)
        assert f'<html lang="{language}">' in page
        for code, alternate in (("fr", path), ("en", f"/en{path}")):
            assert re.search(rf'hreflang="{code}"\s+href="http://testserver{alternate}"', page)
        assert re.search(rf'rel="canonical"\s+href="http://testserver{prefix}{path}"', page)

    @pytest.mark.parametrize("path", ["/", *TEXT_PAGES])
    def test_the_footer_says_who(self, client, settings, path):
        page = get(client, path)
        legal = settings.REGION["legal"]
        assert all(legal[name] in page for name in ("publisher", "host", "dpo_email", "contact_email"))
        assert all(f'href="{text_page}"' in page for text_page in TEXT_PAGES)

    def test_english_is_english(self, client, farms):
        page = get(client, "/en/", place="Vendôme", product="cheese")
        assert "What are you looking for, and where?" in page
        assert "2.3" in page
        assert "within" in page
        assert "Itinéraire" not in page

    def test_robots(self, client):
        response = client.get("/robots.txt")
        assert response["Content-Type"].startswith("text/plain")
        assert b"User-agent: *" in response.content

    def test_nothing_is_written(self, client):
        assert client.post("/", {"place": "Vendôme"}).status_code == 405


class TestHome:
    def test_offers_questions_and_departements(self, client, settings):
        page = get(client)
        examples = re.search(r'<ul class="examples">(.*?)</ul>', page, re.DOTALL)[1]
        links = re.findall(r'href="(/\?[^"]+)"', examples)
        assert len(links) == 5
        for link in links:
            get(client, link.replace("&amp;", "&"))
        assert "Loir-et-Cher" in page
        assert page.count('<path d="M') == len(settings.REGION["departements"])
        assert not names(page)

    def test_an_untouched_form_asks_nothing(self, client):
        for nothing in ({"q": " "}, {"activity": "", "place": " ", "radius_km": "10"}):
            assert "Par exemple" in get(client, **nothing)


class TestAnswers:
    def test_the_same_as_the_api(self, client, farms):
        question = {"place": "Vendôme", "product": "cheese", "radius_km": "10"}
        answer = client.get("/api/v1/merchants/", question).json()
        page = get(client, **question)
        assert names(page) == [feature["properties"]["name"] for feature in answer["features"]]
        assert len(names(page)) == answer["numberMatched"] == 3
        assert f"<h1>{answer['summary']}</h1>" in page
        assert f'content="{answer["summary"]}"' in page

    def test_what_matches_is_said_first(self, client, farms):
        page = get(client, place="Vendôme", product="cheese")
        sells = re.search(r'Chèvrerie du Loir.*?<p class="sells">(.*?)</p>', page, re.DOTALL)[1]
        assert re.sub(r"\s+", " ", sells).strip() == "<strong>Fromage de chèvre</strong> · Œufs, Pain"
        assert "Agriculture biologique" in page

    def test_distances_in_words(self, client, farms):
        point_of_sale("Ferme Voisine", commune="41226", pin_hidden=True, products=["cheese"])
        text = text_of(get(client, place="Vendôme", product="cheese"))
        assert "2,3\u00a0km · Vendôme" in text
        assert "environ" in text

    def test_empty_fields_are_dropped(self, client, farms):
        sent = get(client, activity="", product="cheese", place="Vendôme", radius_km="10")
        meant = get(client, product="cheese", place="Vendôme")
        assert names(sent) == names(meant)
        canonical = re.search(r'rel="canonical"\s+href="([^"]+)"', sent)[1]
        assert canonical == "http://testserver/?product=cheese&amp;place=Vend%C3%B4me"

    def test_the_field_says_what_parameters_ask(self, client, farms):
        page = get(client, activity="farm", product="cheese", place="Vendôme", radius_km="3.5", label="organic")
        assert 'value="Ferme, Fromage, Agriculture biologique, à 3,5 km autour de Vendôme"' in page

    def test_several_codes_are_asked_together(self, client, farms):
        assert len(names(get(client, activity=["bakery", "goat_farm"]))) == 2

    def test_a_radius_without_a_centre_is_let_go(self, client, farms):
        assert len(names(get(client, product="bread", radius_km="20"))) == 2
        assert len(names(get(client, place="Loir-et-Cher", product="cheese", radius_km="10", sort="distance"))) == 4

    def test_the_last_chip_leads_home(self, client, farms):
        page = get(client, place="Loir-et-Cher")
        assert re.search(r'<ul class="chips".*?href="/"', page, re.DOTALL)

    def test_pages(self, client):
        centre = centre_of()
        for i in range(25):
            point_of_sale(f"Ferme {i:02}", pin=at(centre, i * 14, 100 + 50 * i))
        first = get(client, place="Vendôme", activity="farm")
        assert "1–20 sur 25" in first
        following = re.search(r'rel="next"\s+href="([^"]+)"', first)[1].replace("&amp;", "&")
        second = get(client, following)
        assert "21–25 sur 25" in second
        assert 'start="21"' in second
        assert len(set(names(first) + names(second))) == 25
        assert "Revenir au début" in get(client, place="Vendôme", activity="farm", offset="100")

    def test_few_queries(self, client, farms):
        get(client, place="Vendôme", product="cheese")
        with CaptureQueriesContext(connection) as queries:
            get(client, place="Vendôme", product="cheese")
        assert len(queries) == 5, "the answer, its facets, who comes there, how its merchants are reached, platforms"
        assert not any("django_session" in query["sql"] for query in queries)


class TestMistakes:
    def test_each_is_told(self, client):
        page = get(client, status=400, place="Zzyzx sur Mer", activity="goat_frm", product="cheese", radius_km="900")
        text = page.replace("&#x27;", "'")
        assert "« Zzyzx sur Mer » n'est pas un lieu connu" in text
        assert "200" in text
        assert "« goat_frm » est inconnu." in text
        assert "« chese » est inconnu." in get(client, status=400, product="chese")
        assert 'value="Fromage"' in page, "what could be understood"
        assert "activity=goat_farm" in page, "the nearest code is one tap away"
        assert '<meta name="robots" content="noindex">' in page

    def test_words_that_are_too_long_are_told_beside_the_field(self, client):
        page = get(client, status=400, q="miel " * 101)
        assert 'id="q-mistake"' in page
        assert 'aria-invalid="true"' in page

    def test_an_unknown_parameter_is_told(self, client):
        page = get(client, status=400, place="Vendôme", colour="red")
        assert "colour" in page

    def test_what_was_typed_is_escaped(self, client):
        page = get(client, status=400, place=HOSTILE, activity=HOSTILE, colour=HOSTILE)
        assert HOSTILE not in page
        assert "<img src=x" not in page

    def test_in_english(self, client):
        assert "is not a place known here" in get(client, "/en/", status=400, place="Zzyzx sur Mer")

    def test_problems_say_what_to_do(self, client):
        response = client.get("/nulle-part/")
        page = response.content.decode()
        assert response.status_code == 404
        assert UNDEFINED not in page
        assert 'href="/aide/"' in page
        assert not response.cookies


class TestWhatMayBeSeen:
    def test_hostile_names_are_text(self, client):
        point_of_sale(HOSTILE)
        page = get(client, activity="farm")
        assert HOSTILE not in page
        assert "&lt;/script&gt;&lt;img src=x" in page

    def test_a_hidden_pin_stays_hidden(self, client, farms):
        hidden = farms[2]
        before = get(client, place="Vendôme", product="cheese")
        assert "Secret" not in before
        type(hidden).objects.filter(pk=hidden.pk).update(pin=at(centre_of(), 45, 500).to_geos())
        assert get(client, place="Vendôme", product="cheese") == before

    def test_demonstration_merchants_are_marked(self, client):
        point_of_sale("Ferme Inventée", demo=True)
        page = get(client, activity="farm")
        assert '<meta name="robots" content="noindex">' in page
        assert "inventés pour essayer le service" in page
        assert '<span class="badge">Démonstration</span>' in page

    def test_others_are_not(self, client, farms):
        page = get(client, activity="farm")
        assert "noindex" not in page
        assert "badge" not in page
        assert SearchEntry.objects.count() == 5
