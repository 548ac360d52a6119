"""What typed words find: in French and English, whatever the accents, with a slip of the finger; and nothing else."""

from __future__ import annotations

import csv

import pytest
from django.db import connection

from directory import search
from directory.demo import tables
from directory.demo.names import Names
from directory.indexing import refresh_entries
from directory.models import Merchant, Offer, PointOfSale, Product, SearchDetail
from directory.questions import Question
from directory.text import EVERYTHING, known_name_words, names_somebody, text_condition
from geo.folding import fold
from tests.builders import point_of_sale

NAMES = (
    "L'Atelier d'Anna",
    "Chez Léopoldine",
    "L’Œuf à la coque",
    "La Ferme des Tilleuls",
    "Boulangerie Lefebvre",
    "Boulangerie Lefort",
    "Mini-ferme du P'tit Bois",
    "Chez Elles",
    "Le Où",
    "Aux Quatre",
    "Au Lion d'Or",
    "Les 3 Moulins - cave n°12",
    "Gâteaux & Co / biscuits.fr",
)


def found(text: str) -> list[str]:
    """Names of the points of sale that a text finds, the best first."""
    condition = text_condition(text)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT entry.name FROM directory_search_detail AS detail JOIN directory_search_entry AS entry USING (id)"
            f" WHERE {condition.sql} ORDER BY {condition.rank_sql} DESC, id",
            [*condition.params, *condition.rank_params],
        )
        return [name for (name,) in cursor.fetchall()]


@pytest.fixture
def catalogue(db):
    return {name: point_of_sale(name) for name in NAMES}


@pytest.mark.usefixtures("catalogue")
class TestWords:
    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ("atelier", "L'Atelier d'Anna"),
            ("l'atelier d'anna", "L'Atelier d'Anna"),
            ("L’ATELIER D’ANNA", "L'Atelier d'Anna"),
            ("ateliers", "L'Atelier d'Anna"),
            ("leopoldine", "Chez Léopoldine"),
            ("LÉOPOLDINE", "Chez Léopoldine"),
            ("Le\u0301opoldine", "Chez Léopoldine"),
            ("oeuf", "L’Œuf à la coque"),
            ("œufs a la coque", "L’Œuf à la coque"),
            ("coque oeuf", "L’Œuf à la coque"),
            ("ferme des tilleuls", "La Ferme des Tilleuls"),
            ("ferme du tilleul", "La Ferme des Tilleuls"),
            ("mini ferme", "Mini-ferme du P'tit Bois"),
            ("mini-ferme", "Mini-ferme du P'tit Bois"),
            ("p'tit bois", "Mini-ferme du P'tit Bois"),
            ("lion d'or", "Au Lion d'Or"),
            ("3 moulins", "Les 3 Moulins - cave n°12"),
            ("cave 12", "Les 3 Moulins - cave n°12"),
            ("gateau", "Gâteaux & Co / biscuits.fr"),
            ("biscuits", "Gâteaux & Co / biscuits.fr"),
        ],
    )
    def test_found(self, text, name):
        assert found(text) == [name]

    @pytest.mark.parametrize("name", ["Chez Elles", "Le Où", "Aux Quatre"])
    @pytest.mark.parametrize("typed", [str, str.upper, fold])
    def test_a_name_of_common_words_is_found_as_it_stands(self, name, typed):
        assert found(typed(name))[0] == name

    @pytest.mark.parametrize("text", ["tilleuls leopoldine", "horlogerie", "chez elles tilleuls anna", "anna lefort"])
    def test_all_the_words_are_required(self, text):
        assert found(text) == []

    @pytest.mark.parametrize(
        "text", ["à", "a", "été", "ETE", "même", "étaient", "fûmes", "à même", "de la", "où", "the", "sous"]
    )
    def test_grammar_alone_asks_for_names(self, text, catalogue):
        seller = catalogue["Boulangerie Lefort"]
        Offer.objects.create(point_of_sale=seller, line="À emporter, même en été, où ils étaient sous the la. Fûmes.")
        assert found(text) == []

    def test_names_made_of_grammar(self):
        point_of_sale("Chez Mémé")
        point_of_sale("Le Jardin d'Été")
        point_of_sale("Même")
        assert found("mémé") == ["Même", "Chez Mémé"]
        assert found("été") == ["Le Jardin d'Été"]
        assert found("elles") == ["Chez Elles"]

    def test_grammar_within_a_text_is_not_required_and_ranks(self):
        point_of_sale("Au Lion Blanc")
        assert found("même les tilleuls à l'été") == ["La Ferme des Tilleuls"]
        assert found("lion d'or") == ["Au Lion d'Or", "Au Lion Blanc"]
        assert found("lion blanc")[0] == "Au Lion Blanc"

    @pytest.mark.parametrize("text", ["", " ", "!!!", "' -- \\ % _", "…«»", "\u0301", "🥖"])
    def test_text_without_a_word_asks_nothing(self, text):
        assert text_condition(text) == EVERYTHING
        assert sorted(found(text)) == sorted(NAMES)

    @pytest.mark.parametrize(
        "text",
        [
            "x" * 200,
            "a'b\"c\\d;e--f/*g*/" * 11,
            "lefevbre:* & !x | (y <-> z)",
            "anna'); DROP TABLE directory_term; --",
            "%s %(x)s {} $1 anna",
            "ﷺ" * 200,
            "㍿" * 200,
            "\u202eanna\ufeff zz\uffff",
            " ".join(chr(97 + i % 26) * 5 for i in range(33)),
            "ê" * 40 + " " + "ß" * 100,
            "नमस्ते Ωμέγα привет 日本語",
        ],
    )
    def test_hostile_text_never_fails(self, text):
        assert found(text) == []


@pytest.mark.usefixtures("catalogue")
class TestMisspelt:
    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ("boulangerie Lefevbre", "Boulangerie Lefebvre"),
            ("boulangrie lefebvre", "Boulangerie Lefebvre"),
            ("boulangrie lefevbre", "Boulangerie Lefebvre"),
            ("lefebre", "Boulangerie Lefebvre"),
            ("chez leopoldyne", "Chez Léopoldine"),
            ("leoppoldyne", "Chez Léopoldine"),
            ("ferme des tileul", "La Ferme des Tilleuls"),
            ("ateleir anna", "L'Atelier d'Anna"),
        ],
    )
    def test_a_slip_is_forgiven(self, text, name):
        assert found(text) == [name]

    @pytest.mark.parametrize(
        "text",
        [
            "anno",  # too short to say
            "boulangerie lefrancois",
            "leofoldano",  # three letters wrong
            "tilluels tilleuls lefort",
        ],
    )
    def test_too_much_is_not(self, text):
        assert found(text) == []

    def test_a_word_that_somebody_uses_means_itself(self, catalogue):
        assert found("lefortt") == ["Boulangerie Lefort"]
        seller = catalogue["Chez Elles"]
        Offer.objects.create(point_of_sale=seller, line="Pain Lefortt")
        assert found("lefortt") == ["Chez Elles"]

    def test_the_nearest_words_are_meant(self):
        point_of_sale("Chez Lefébure")
        assert found("lefebvr") == ["Boulangerie Lefebvre"]

    def test_a_hidden_name_is_not_meant(self, catalogue):
        PointOfSale.objects.filter(pk=catalogue["Boulangerie Lefebvre"].pk).update(status="hidden")
        assert found("lefevbre") == []

    def test_another_filter_never_brings_more(self, catalogue):
        """The word is right somewhere in the catalogue, so nothing else is meant by it where it is not."""
        catalogue["Boulangerie Lefort"].products.clear()
        Offer.objects.create(point_of_sale=catalogue["Boulangerie Lefebvre"], product=Product.objects.get(code="bread"))
        Offer.objects.create(point_of_sale=catalogue["Boulangerie Lefort"], line="Miche Lefebvré")
        whole = search.answer(Question(text="lefebvré"))
        assert whole.total == 2
        assert search.answer(Question(text="lefebvre", products=("bread",))).total == 1
        assert search.answer(Question(text="lefortt", products=("bread",))).total == 0


@pytest.mark.usefixtures("catalogue")
class TestNames:
    @pytest.mark.parametrize("name", NAMES)
    @pytest.mark.parametrize("typed", [str, str.upper, fold])
    def test_a_name_is_known(self, name, typed):
        assert names_somebody(typed(name))

    @pytest.mark.parametrize(
        "text", ["ferme des tilleuls", "Boulangerie Lefort", "la boulangerie lefort", "Lion d'or", "aux lion d'or"]
    )
    def test_whatever_the_article(self, text):
        assert names_somebody(text)

    @pytest.mark.parametrize(
        "text", ["", "!", "le", "où", "la où", "boulangerie", "ferme des tilleul", "lefort", "x" * 500]
    )
    def test_what_nobody_is_called(self, text):
        assert not names_somebody(text)

    def test_a_merchant_whose_points_of_sale_have_names_of_their_own(self):
        merchant = Merchant.objects.create(name="GAEC du Grand Chêne")
        assert not names_somebody("gaec du grand chene")
        stall = point_of_sale("Étal du marché", merchant=merchant)
        assert names_somebody("gaec du grand chene")
        assert names_somebody("L'étal du marché")
        PointOfSale.objects.filter(pk=stall.pk).update(status="hidden")
        assert not names_somebody("gaec du grand chene")
        assert not names_somebody("étal du marché")

    def test_words_of_names(self):
        words = ["tilleuls", "lefort", "horlogerie", "or", "d"]
        assert known_name_words(words) == {"tilleuls", "lefort"}
        assert known_name_words([]) == set()


@pytest.mark.django_db
class TestRank:
    def test_the_name_then_offers_then_descriptions(self):
        merchants = [Merchant.objects.create(name=name) for name in ("A", "B", "C", "D")]
        merchants[0].description_en = "We grow saffron."
        merchants[1].description_fr = "Du safran."
        for merchant in merchants[:2]:
            merchant.save()
        for merchant in merchants[:3]:
            point_of_sale("", merchant=merchant)
        Offer.objects.create(point_of_sale=PointOfSale.objects.get(merchant=merchants[2]), line="Bulbes de safran")
        point_of_sale("La Maison du Safran de Touraine")
        point_of_sale("Safran & Cie")
        point_of_sale("Safran")
        expected = ["Safran", "Safran & Cie", "La Maison du Safran de Touraine", "C", "B"]
        assert found("safran") == expected
        answer = search.answer(Question(text="safran"))
        assert [PointOfSale.objects.get(pk=hit.id).display_name for hit in answer.hits] == expected
        assert found("growing saffron") == ["A"]

    def test_a_misspelt_name_before_a_mention(self):
        other = point_of_sale("Chez Rose")
        Offer.objects.create(point_of_sale=other, line="Confitures de Léopoldine")
        point_of_sale("Léopoldine")
        assert found("leopoldyne") == ["Léopoldine", "Chez Rose"]


def in_sql(names: list[str]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT directory_fold(name) FROM unnest(%s::text[]) WITH ORDINALITY AS t(name, rank) ORDER BY rank",
            [names],
        )
        return [folded for (folded,) in cursor.fetchall()]


@pytest.mark.django_db
class TestFolding:
    """`folded_name` is what geo.folding.fold makes of the name."""

    ODD = (
        "Œuvre d’Été - N°2", "ÆØŁĐÞß ðıİſ", "½ ¼ ² № ™ ﬁn", "ΣΊΣΥΦΟΣ ὈΔΥΣΣΕΎΣ", "Ёлка й", "Le\u0301o", "  a__b  ",
        "ÀÉÎÕÜŸÇÑŠŽ", "日本語", "", "---", "\tTab\u00a0nbsp\u2009fine", "O’Neil´s`", "İstanbul",
    )  # fmt: skip

    def test_odd_names(self):
        assert in_sql(list(self.ODD)) == [fold(name) for name in self.ODD]

    def test_invented_names(self):
        invented = Names(tables(), 7)
        names = [
            invented.merchant(trade, rank, commune)[0]
            for trade in tables().trades
            for rank, commune in enumerate(["Vendôme", "Les Aix-d'Angillon", "Le Blanc"] * 20)
        ]
        assert in_sql(names) == [fold(name) for name in names]

    def test_real_names(self, sample_data):
        with (sample_data / "merchants" / "alimconfiance-cvl.csv").open(encoding="utf-8") as file:
            names = [row["nom"] for row in csv.DictReader(file, delimiter=";")]
        assert len(names) > 800
        assert in_sql(names) == [fold(name) for name in names]

    def test_the_column(self):
        place = point_of_sale("L’Œuf à la Coque - N°2")
        refresh_entries([place.pk])
        assert SearchDetail.objects.get(pk=place.pk).folded_name == "l oeuf a la coque n 2"
