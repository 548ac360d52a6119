"""The page of coverage without JavaScript: its sentence, switches, drawing, legend and table, for each thing asked."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest

from geo.gazetteer import gazetteer
from geo.points import Position
from tests.builders import point_of_sale
from tests.coverage_data import WIRED, edition, fibre
from tests.maps.coverage_reading import AREINES, BLOIS, PAGE, VENDOME, names, read, rows

pytestmark = pytest.mark.django_db
HOSTILE = "</script><img src=x onerror=alert(1)>"


class TestSentence:
    def test_counts_communes_premises_and_points_of_sale(self, client, figures):
        point_of_sale("Ferme", commune=VENDOME)
        page = read(client, departement="41")
        assert "1 commune sur 267 est une zone à faible débit : 200 locaux, 1 point de vente publié." in page
        assert "32 % des locaux ne sont pas éligibles à la fibre (380 sur 1 200)" in page
        assert "265 communes n'ont pas de chiffres dans cette édition." in page

    def test_where_there_is_none(self, client, figures):
        assert "En Indre-et-Loire, aucune commune sur 272 n'est une zone à faible débit." in read(
            client, departement="37"
        )

    def test_prints_the_rule_the_source_and_how_to_cite(self, client, figures):
        page = read(client)
        assert "moins de 50 % des locaux de la commune éligibles à la fibre" in page
        assert "ARCEP, Ma connexion internet, édition du 30 septembre 2025" in page
        assert "calculs Local d'abord" in page
        assert "Démonstration" not in page

    def test_says_what_is_invented(self, client):
        fibre({VENDOME: 10}, demo=True)
        page = read(client)
        assert "Chiffres de démonstration : inventés pour essayer le service." in page
        assert '<meta name="robots" content="noindex">' in page


class TestTable:
    def test_of_a_departement_has_its_communes_the_widest_gap_first(self, client, figures):
        page = read(client, departement="41")
        assert names(page)[:2] == ["Vendôme", "Blois"]
        assert len(names(page)) == 100
        found = rows(page)
        assert found["Vendôme"] == ["200", "10 % 20", "Écart très large", "0", "oui"]
        assert found["Blois"] == ["1 000", "80 % 800", "Écart réduit", "0", "non"]
        assert found["Areines"] == ["", "inconnu", "Inconnu", "0", "inconnu"]

    def test_by_departement_is_made_of_sums(self, client, figures):
        found = rows(read(client, level="departement"))
        assert found["Loir-et-Cher"] == ["1 200", "68 % 820", "Écart moyen", "0", "1 sur 267"]
        # Three of three thousand lack it: not 100 %.
        assert found["Indre-et-Loire"][:2] == ["3 000", "99,9 % 2 997"]

    def test_by_epci_counts_what_lies_in_the_departement(self, client, figures):
        page = read(client, level="epci", departement="41")
        epcis = {entry.epci for entry in gazetteer().entries if entry.departement == "41"}
        assert len(names(page)) == len(epcis)

    @pytest.mark.parametrize(
        ("sort", "first"),
        [
            ("-share", "Blois"),
            ("ftth", "Vendôme"),
            ("-premises", "Blois"),
            ("-points_of_sale", "Areines"),
            ("name", "Ambloy"),
        ],
    )
    def test_is_ordered_as_asked(self, client, figures, sort, first):
        point_of_sale("Ferme", commune=AREINES)
        assert names(read(client, departement="41", sort=sort))[0] == first

    def test_what_is_not_known_is_last_in_either_order(self, client, figures):
        for sort in ("share", "-share"):
            assert set(names(read(client, departement="41", sort=sort))[:2]) == {"Vendôme", "Blois"}

    def test_says_its_order_and_leads_to_the_other(self, client, figures):
        page = read(client, departement="41", sort="-premises")
        head = re.search(r'<th[^>]*aria-sort="descending"[^>]*>\s*<a href="([^"]+)"', page)
        assert head[1] == f"{PAGE}?departement=41&sort=premises#tableau"
        assert page.count("aria-sort") == 1

    def test_pages_hold_every_commune_once(self, client, figures):
        found = [name for page in range(1, 4) for name in rows(read(client, departement="41", page=page))]
        assert len(found) == 267
        assert "La liste n'a pas cette page." in read(client, 404, departement="41", page=4)

    def test_leads_to_closer_views_and_to_the_communes(self, client, figures):
        assert f'href="{PAGE}?departement=41"' in read(client, level="departement")
        epci = gazetteer().commune(BLOIS).epci
        assert f'href="{PAGE}?epci={epci}"' in read(client)
        assert 'href="/commune/41018-blois/"' in read(client, departement="41")

    def test_of_an_epci_has_its_communes_only(self, client, figures):
        epci = gazetteer().commune(BLOIS).epci
        page = read(client, epci=epci)
        assert len(names(page)) == sum(entry.epci == epci for entry in gazetteer().entries)
        assert f'href="{PAGE}?departement=41"' in page

    def test_has_every_indicator_of_the_edition(self, client):
        edition({VENDOME: (100, {"8": 85, "30": 60, "100": 50, "1000": 40})}, layout=WIRED)
        page = read(client, departement="41", indicator="30")
        assert rows(page)["Vendôme"][:6] == ["100", "85 % 85", "60 % 60", "50 % 50", "40 % 40", "Écart moyen"]
        assert "40 % des locaux ne sont pas éligibles à 30 Mbit/s filaires (40 sur 100)" in page

    def test_offers_its_figures_as_files(self, client, figures):
        page = read(client, departement="41")
        assert "/api/v1/coverage/communes/?departement=41&format=csv" in page


class TestAsking:
    def test_another_edition(self, client, figures):
        fibre({BLOIS: 10}, date(2024, 12, 31))
        page = read(client, departement="41", edition="2024-12-31")
        assert rows(page)["Blois"][1] == "10 % 10"
        assert f'href="{PAGE}?edition=2024-12-31&departement=41&sort=name#tableau"' in page
        assert '<option value="2024-12-31" selected>31 décembre 2024</option>' in page

    def test_empty_fields_of_the_form_are_no_mistake(self, client, figures):
        page = read(client, level="departement", indicator="ftth", departement="", edition="")
        assert len(names(page)) == 6

    @pytest.mark.parametrize(
        "query",
        [{"edition": "2001-01-01"}, {"indicator": HOSTILE}, {"level": "canton"}, {"departement": "75"}, {"sort": "x"},
         {"page": "-1"}, {"colour": "red"}],
    )  # fmt: skip
    def test_mistakes_are_told(self, client, figures, query):
        page = client.get(PAGE, query)
        assert page.status_code == 400
        assert f'href="{PAGE}"' in page.content.decode()
        assert HOSTILE not in page.content.decode()

    def test_without_any_edition(self, client):
        page = read(client)
        assert "Aucune édition des chiffres" in page
        assert "import_coverage" in page

    def test_the_other_language_asks_the_same_and_orders_are_one_page_to_search_engines(self, client, figures):
        page = read(client, departement="41", sort="-premises")
        assert 'href="/en/couverture/?departement=41&sort=-premises"' in page
        assert re.search(r'rel="canonical"\s+href="http://testserver/couverture/\?departement=41"', page)

    def test_in_english(self, client, figures):
        page = read(client, path="/en/couverture/", departement="41")
        assert '<html lang="en">' in page
        assert 'href="/en/commune/41018-blois/"' in page


class TestPlace:
    def test_tells_of_a_commune(self, client, figures):
        page = read(client, place="vendome")
        assert "À Vendôme, 90 % des locaux ne sont pas éligibles à la fibre (180 sur 200)." in page
        assert 'href="https://maconnexioninternet.arcep.fr/?lat=' in page

    def test_tells_of_a_position(self, client, figures):
        blois: Position = gazetteer().commune(BLOIS).position
        assert "À Blois, 80 % des locaux sont éligibles" in read(client, lat=blois.lat, lon=blois.lon)

    @pytest.mark.parametrize(
        ("query", "words"),
        [
            ({"place": "Xyzzyx"}, "Aucune commune et aucune adresse connue ne correspond."),
            ({"lat": "43.3", "lon": "5.4"}, "Ce point est hors de la région."),
            ({"lat": "nan", "lon": "5.4"}, "lat"),
            ({"place": HOSTILE}, "Aucune commune"),
        ],
    )
    def test_says_what_it_does_not_know(self, client, figures, query, words):
        response = client.get(PAGE, query)
        assert response.status_code == 200
        assert words in html.unescape(response.content.decode())
        assert HOSTILE not in response.content.decode()


def test_nothing_names_a_merchant(client, figures):
    """Coverage counts points of sale; it tells nothing of one of them."""
    point_of_sale("Ferme Léopoldine", commune=VENDOME)
    for path, query in ((PAGE, {"departement": "41"}), ("/couverture/lieu/", {"level": "commune", "code": VENDOME})):
        assert "Léopoldine" not in client.get(path, query).content.decode()
