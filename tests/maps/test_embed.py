"""An answer in another site's frame: framed there and nowhere else, compact, and told by its address."""

from __future__ import annotations

import html
import re

import pytest

from maps.embed import code
from tests.builders import point_of_sale

pytestmark = pytest.mark.django_db
HOSTILE = "</textarea></script><img src=x onerror=alert(1)>"
QUESTION = {"place": "Vendôme", "product": "cheese"}


def policy(response):
    return dict(directive.partition(" ")[::2] for directive in response["Content-Security-Policy"].split("; "))


@pytest.fixture
def cheese():
    farm = point_of_sale("Chèvrerie du Loir", products=["cheese"])
    return [farm, point_of_sale(HOSTILE, products=["cheese"], demo=True)]


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_may_be_framed_by_anybody(client, cheese, prefix):
    response = client.get(f"{prefix}/embed/", QUESTION)
    assert policy(response)["frame-ancestors"] == "*"
    assert policy(response)["default-src"] == policy(response)["base-uri"] == "'none'"
    assert "X-Frame-Options" not in response
    assert not response.cookies


@pytest.mark.parametrize("path", ["/", "/?place=41", "/aide/", "/integrer/?place=41", "/hors-ligne/", "/embedded/"])
def test_no_other_page_may(client, path):
    response = client.get(path)
    assert policy(response)["frame-ancestors"] == "'none'"
    assert response["X-Frame-Options"] == "DENY"


def test_a_refused_question_is_told_in_the_frame(client):
    for given, said in (({"product": "chese"}, "chese"), ({"show": "all"}, "both, list, map")):
        response = client.get("/embed/", given)
        assert response.status_code == 400
        assert said in html.unescape(response.content.decode())
        assert policy(response)["frame-ancestors"] == "*"


def test_shows_the_list_the_map_or_both(client, cheese):
    shows = ("list", "map", "both")
    pages = {show: client.get("/embed/", QUESTION | {"show": show}).content.decode() for show in shows}
    assert client.get("/embed/", QUESTION).content.decode() == pages["both"]
    assert [show for show, page in pages.items() if "data-map\n" in page] == ["map", "both"]
    assert [page.count('class="result"') for page in pages.values()] == [2, 2, 2], "a map that does not load has it too"
    assert "<script" not in pages["list"]
    for page in pages.values():
        assert '<meta name="robots" content="noindex">' in page
        assert '<base target="_blank">' in page
        assert "inventés pour essayer" in page
        assert "<img src=x" not in page
        assert "masthead" not in page


def test_the_code_is_made_where_the_answer_is(client, cheese):
    page = client.get("/", QUESTION).content.decode()
    address = html.unescape(re.search(r'href="(/integrer/\?[^"]+)"', page)[1])
    made = client.get(address)
    assert policy(made)["frame-src"] == "'self'"
    code = html.unescape(re.search(r"<textarea[^>]*>([^<]*)</textarea>", made.content.decode())[1])
    assert "cheese&amp;place" in code, "it is HTML, shown as text"
    source = html.unescape(re.search(r'src="([^"]+)"', code)[1])
    assert source == "http://testserver/embed/?product=cheese&place=Vend%C3%B4me"
    assert 'loading="lazy"' in code
    assert "Fromage" in re.search(r'title="([^"]+)"', code)[1]
    assert "Chèvrerie du Loir" in client.get(source).content.decode()


def test_what_is_chosen_is_in_the_code(client, cheese):
    page = client.get("/integrer/", QUESTION | {"show": "map", "height": "400"}).content.decode()
    assert html.unescape(html.unescape(page)).count("/embed/?product=cheese&place=Vend%C3%B4me&show=map") == 2
    assert "height=&quot;400&quot;" in page
    assert client.get("/integrer/", QUESTION | {"height": "9"})["Location"].startswith("/?")
    assert client.get("/integrer/", {"product": "chese"})["Location"] == "/?product=chese"


def test_a_title_cannot_end_the_code():
    made = code("https://example.org/embed/?a=1&b=2", f'"{HOSTILE}', "600")
    assert made.count("<") == 2, "the frame's own tags"
    assert html.unescape(re.search(r'title="([^"]*)"', made)[1]) == f"\"{HOSTILE} – Local d'abord"


def test_a_position_is_not_handed_on(client, cheese):
    page = client.get("/integrer/", {"product": "cheese", "lat": "47.7934", "lon": "1.0658"}).content.decode()
    assert "47.79" not in page
    assert "place=Vend%C3%B4me" in page
