"""What an answer leads to when it is empty, and what its rows say of hours and seasons."""

from __future__ import annotations

import re

import pytest

from tests.maps.reading import asked_of, links, sentence, total
from tests.maps.test_asking import _now  # noqa: F401
from tests.maps.test_pages import _strict_templates, get, names, text_of  # noqa: F401

pytestmark = pytest.mark.django_db


class TestNoDeadEnd:
    def test_each_way_on_gives_its_count(self, client, village):
        for q in (
            "fromage de vache bio à 5 km de Vendôme",
            "miel de châtaignier à 20 km de Vendôme",
            "boulangerie ouverte lundi soir dans le Loir-et-Cher",
            "fromage à Blois ouvert dimanche",
        ):
            page = get(client, q=q)
            assert not names(page)
            assert not links(page, "filters")
            ways = links(page, "ways-on")
            assert ways, q
            for text, href in ways:
                count = int(re.search(r"(\d+) adresses?$", text)[1])
                assert total(get(client, href)) == count, f"{q}: {text}"

    def test_they_are_said_in_words(self, client, village):
        page = get(client, q="fromage de vache bio à 9 km de Vendôme ouvert dimanche")
        texts = [text for text, _ in links(page, "ways-on")]
        assert "Sans «\u00a0agriculture biologique\u00a0» 1 adresse" in texts

    def test_several_are_joined(self, client, village):
        page = get(client, product="honey", label="organic", open_on="1", open_part="evening", text="Zanzibar")
        assert "Sans «\u00a0Zanzibar\u00a0», «\u00a0ag" in text_of(page)

    def test_those_without_hours_are_counted_apart(self, client, village):
        page = get(client, q="fromage ouvert dimanche")
        assert names(page) == ["Ferme des Prés"]
        assert re.search(r"\bhoraires\b.*inconnus", sentence(page))
        href = next(href for text, href in links(page, "answer") if "horaires" in text)
        assert asked_of(href) == {"product": "cheese"}
        assert "horaires" not in text_of(get(client, q="fromage dimanche matin", product="bread")).split("Liste")[0]


class TestRows:
    def test_whether_it_is_open_is_said(self, client, village):
        text = text_of(get(client, q="fromage ou pain"))
        assert "Ouvert · ferme à 12\u00a0h\u00a030" in text
        assert "Fermé · ouvre dimanche à 9\u00a0h" in text
        assert "Horaires inconnus" in text

    def test_in_season_is_said_of_what_was_asked(self, client, village):
        shown = get(client, q="fraises")
        assert "de saison" in text_of(re.search(r'<p class="sells">.*?</p>', shown, re.DOTALL)[0])
        assert "de saison" not in text_of(
            re.search(r'<ol class="results".*?</ol>', get(client, q="pain"), re.DOTALL)[0]
        )

    def test_the_month_that_was_asked(self, client, village):
        def sells(**asked):
            return text_of(re.search(r'<p class="sells">.*?</p>', get(client, **asked), re.DOTALL)[0]).strip()

        assert sells(product="strawberries", season="5").startswith("Fraises en mai")
        assert sells(product="strawberries", season="now").startswith("Fraises de saison")
        assert sells(q="strawberries", path="/en/", season="5").startswith("Strawberries in May")

    def test_the_sheet_says_it_too(self, client, village):
        merchant = village[0].merchant_id
        page = get(client, client.get(f"/m/{merchant}/")["Location"])
        assert "Ouvert · ferme à 12\u00a0h\u00a030" in page


def test_what_was_not_taken_into_account_is_told(client, village):
    page = get(client, q="fromage xylophone sauf à Blois")
    assert "Non pris en compte : « sauf à Blois », « xylophone »" in text_of(page).replace("\u00a0", " ")
    assert "Non pris en compte" not in text_of(get(client, q="je cherche du fromage pas cher à Vendôme"))
