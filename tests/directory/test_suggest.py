"""Suggestions while typing: what is found, in which order, and what the question becomes."""

from __future__ import annotations

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from directory.questions.interpretation import interpret
from directory.questions.question import FIELDS
from directory.questions.words import LONGEST_QUESTION
from directory.suggesting import MOST, suggest
from directory.vocabulary import vocabulary
from geo.folding import fold
from geo.gazetteer import gazetteer

pytestmark = pytest.mark.django_db


def first(question, language="fr"):
    return suggest(question, language)[0]


def named(question, language="fr"):
    return [(one.kind, one.label) for one in suggest(question, language)]


@pytest.mark.parametrize(
    ("typed", "kind", "label", "becomes"),
    [
        ("from", "product", "Fromage", "Fromage"),
        ("FROM", "product", "Fromage", "Fromage"),
        ("fromage de ch", "product", "Fromage de chèvre", "Fromage de chèvre"),
        ("fromage chev", "product", "Fromage de chèvre", "Fromage de chèvre"),
        ("fermes autour de vend", "commune", "Vendôme", "fermes autour de Vendôme"),
        ("fermes à moins de 10 km de vend", "commune", "Vendôme", "fermes à moins de 10 km de Vendôme"),
        ("boulangerie à vierz", "commune", "Vierzon", "boulangerie à Vierzon"),
        ("boulangerie a vierz", "commune", "Vierzon", "boulangerie a Vierzon"),
        ("farms near tou", "commune", "Tours", "farms near Tours"),
        ("farms in ven", "commune", "Vendôme", "farms in Vendôme"),
        ("garage à st-am", "commune", "Saint-Amand-Montrond", "garage à Saint-Amand-Montrond"),
        ("restos à la chapelle-saint-m", "commune", "La Chapelle-Saint-Mesmin", "restos à La Chapelle-Saint-Mesmin"),
        ("vend", "commune", "Vendôme", "Vendôme"),
        ("411", "postcode", "41100 Vendôme", "41100 Vendôme"),
        ("miel 41", "departement", "Loir-et-Cher", "miel Loir-et-Cher"),
        ("miel en indre-et", "departement", "Indre-et-Loire", "miel en Indre-et-Loire"),
        ("fermes qui vendent du fro", "product", "Fromage", "fermes qui vendent du fromage"),
        ("fromage bi", "label", "Agriculture biologique", "fromage bio"),
        ("boulangerie livr", "service", "Livraison", "boulangerie livraison"),
        ("vente à emp", "service", "À emporter", "vente à emporter"),
        ("oeuf", "product", "Œufs", "Œufs"),
        ("oeufs", "product", "Œufs", "Œufs"),
        ("jus de pommes", "product", "Jus de pomme", "Jus de pomme"),
        ("fruit rouge", "product", "Fruits rouges", "Fruits rouges"),
    ],
)
def test_the_end_of_a_question_is_completed(typed, kind, label, becomes):
    suggestion = first(typed)
    assert (suggestion.kind, suggestion.label, suggestion.q) == (kind, label, becomes)


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("fromaj", "Fromage"),
        ("bolang", "Boulangerie"),
        ("vendom", "Vendôme"),
        ("vandom", "Vendôme"),
        ("miel autour de chatorou", "Châteauroux"),
        ("fromages", "Fromage"),
        ("chevreri", "Chèvrerie"),
        ("poisonn", "Poissonnerie"),
    ],
)
def test_typos(typed, label):
    assert first(typed).label == label


@pytest.mark.parametrize(
    ("typed", "becomes"),
    [
        ("restos au blan", "restos au Blanc"),
        ("restos près du blan", "restos près du Blanc"),
        ("restos près de orl", "restos près d'Orléans"),
        ("restos près d'orl", "restos près d'Orléans"),
        ("restos à la fert", "restos à La Ferté-Saint-Aubin"),
    ],
)
def test_articles_are_contracted(typed, becomes):
    assert first(typed).q == becomes


@pytest.mark.parametrize(
    ("typed", "label", "becomes"),
    [
        ("atelier d'artis", "Boucherie", "atelier de boucherie"),
        ("Atelier D’artis", "Boucherie", "Atelier De boucherie"),
        ("vente de hui", "Huile de noix", "vente d'huile de noix"),
        ("vente d'har", "Haricots verts", "vente de haricots verts"),
        ("vente de yao", "Yaourt", "vente de yaourt"),
        ("vente d'bo", "Les Bordes (Loiret)", "vente des Bordes (Loiret)"),
        ("ferme d'vend", "Vendôme", "ferme de Vendôme"),
        ("ils vendent du hui", "Huile de noix", "ils vendent de l'huile de noix"),
        ("ils vendent du bi", "Bière", "ils vendent de la bière"),
        ("ils vendent de l'fro", "Fromage", "ils vendent du fromage"),
        ("vendent du chin", "Chinon", "vendent du chinon"),
    ],
)
def test_articles_are_those_of_what_follows(typed, label, becomes):
    assert becomes in [one.q for one in suggest(typed, "fr") if one.label == label]


def test_no_consonant_follows_an_elided_article():
    found = [one.q for one in suggest("marché de l'artis", "fr")]
    assert "marché de l'artisan" in found
    assert not [q for q in found if "l'boucherie" in q]


def test_the_pages_language_comes_first():
    """ "Vending machine" is English, "vendôme bleu" is not."""
    found = suggest("fromage vend", "fr")
    assert found[0].label == "Vendôme"
    assert found[-1].matched == "Vending machine"
    assert first("vendi", "fr").code == "vending_machine", "where nothing else is meant"


def test_what_would_be_read_otherwise_is_not_offered():
    assert interpret("Lait de chèvre frais", timezone.now()).text == "frais"
    assert suggest("lait de chèvre fr", "fr") == []
    assert first("miel léopoldine de vend").q == "miel léopoldine de Vendôme", "words of before may be names"
    assert first("natu", "en").q == "Nature & Progrès", "a label's explanation is no question"


def test_of_a_long_question_the_end_is_looked_at():
    before = "fermes " * 60
    assert first(f"{before}de vendo").q == f"{before}de Vendôme"
    assert suggest("fromage" + " léopoldine" * 40, "fr") == []


def test_a_synonym_finds_its_term_which_is_shown():
    suggestion = first("vigner")
    assert (suggestion.code, suggestion.label, suggestion.matched) == ("winery", "Domaine viticole", "vigneron")


def test_labels_are_in_the_readers_language():
    assert (first("chees", "en").label, first("chees", "en").matched) == ("Cheese", "")
    assert (first("chees", "fr").label, first("chees", "fr").matched) == ("Fromage", "Cheese")
    assert first("froma", "en").label == "Cheese"


def test_after_a_preposition_of_place_places_come_first_and_things_first_at_the_start():
    assert {kind for kind, _ in named("miel autour de ch")} <= {"commune", "departement"}
    kinds = [kind for kind, _ in named("ch")]
    assert kinds[0] == "product"
    assert kinds.count("commune") + kinds.count("departement") >= 3, "places are there too"


def test_communes_by_fit_then_population():
    communes = [one for one in suggest("autour de tour", "fr") if one.kind == "commune"]
    populations = [gazetteer().commune(one.code).population for one in communes]
    assert communes[0].label == "Tours"
    assert populations == sorted(populations, reverse=True)
    assert first("autour de bou").label == "Bou", "a name that is typed whole fits better than a town's beginning"
    assert first("autour de tour ").label == "Tour-en-Sologne", "a space says that the word is finished"


def test_namesakes_are_told_apart():
    labels = [label for kind, label in named("autour de amilly")]
    assert labels[:2] == ["Amilly (Loiret)", "Amilly (Eure-et-Loir)"]
    for one in suggest("amilly", "fr")[:2]:
        assert gazetteer().find(one.q)[0].code == one.code, "the text that is taken names that very commune"


def test_a_former_commune_says_its_name():
    suggestion = next(one for one in suggest("autour de lanth", "fr") if one.code == "41194" or one.matched)
    assert "Lanthenay" in suggestion.label + suggestion.matched


def test_a_wine_and_its_town_ask_different_questions():
    found = {one.kind: one.q for one in suggest("reuill", "fr")}
    assert found == {"product": "vin de Reuilly", "commune": "à Reuilly"}
    assert "in Chinon" in [one.q for one in suggest("chino", "en")]
    assert [one.kind for one in suggest("vin de reuill", "fr")] == ["product"], "what asks the same is offered once"


def understood(one):
    """Whether the question that a suggestion becomes is read as meaning it."""
    read = interpret(one.q, timezone.now())
    if one.kind in FIELDS:
        return one.code in getattr(read, FIELDS[one.kind])
    return read.place is not None and (one.kind == "postcode" or read.place.code == one.code)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_is_taken_is_understood_as_it_was_shown(language):
    typed = [term.label(language) for term in vocabulary().terms[::4]]
    typed += [text[:6] for text in typed]
    before = ["", "fermes autour de ", "boulangerie "] if language == "fr" else ["", "farms near ", "bakery "]
    typed += [before[i % 3] + entry.name for i, entry in enumerate(gazetteer().entries[::7])]
    shown = [one for text in typed for one in suggest(text, language)]
    assert len(shown) > 500
    assert [(one.kind, one.code, one.q) for one in shown if not understood(one)] == []


def test_places_have_positions_and_terms_none():
    assert first("vendom").position == gazetteer().commune("41269").position
    assert first("from").position is None
    assert first("miel 41").position is None


def test_a_name_is_not_cut_in_two():
    assert all("Saint" in label for _, label in named("garage à st am"))
    assert ("product", "Pommes") not in named("jus de pommes")
    assert "Cherisy" not in [label for _, label in named("fermes autour de selles-sur-cher")]


@pytest.mark.parametrize("typed", ["à vend", "a vend", "near vend", "autour de vend", "in vend"])
def test_a_preposition_may_begin_the_question(typed):
    assert first(typed).label == "Vendôme"
    assert first(typed).q == typed.removesuffix("vend") + "Vendôme"


def test_one_query_once_warm(django_assert_num_queries):
    suggest("vend", "fr")
    with django_assert_num_queries(1):
        suggest("fermes autour de vend", "fr")
    with django_assert_num_queries(0):
        suggest("fr", "fr")


def test_every_term_is_found_by_its_label_in_both_languages():
    """Its label, typed whole, is among the first three."""
    lost = [
        (term.code, language)
        for term in vocabulary().terms
        for language in ("fr", "en")
        if term.code not in [one.code for one in suggest(term.label(language), language)[:3]]
    ]
    assert lost == []


def test_every_commune_is_found_by_its_name():
    lost = [
        entry.name
        for entry in gazetteer().entries[::10]
        if entry.code not in [one.code for one in suggest(f"à {entry.name}", "fr")]
    ]
    assert lost == []


class TestAnyText(TestCase):
    @settings(max_examples=150, deadline=None)
    @given(
        st.one_of(
            st.text(max_size=LONGEST_QUESTION),
            st.lists(
                st.sampled_from(
                    ["fermes", "à", "de", "vend", "d'", "st", "l'", "Le", "41", "'", "-", "œ", "ß", "ﬁ", "½"]
                ),
                max_size=12,
            ).map(" ".join),
        )
    )
    def test_gives_at_most_ten_once_each_and_the_same_again(self, text):
        text = text.replace("\x00", "")
        found = suggest(text, "fr")
        assert len(found) <= MOST
        assert len({(one.kind, one.code) for one in found}) == len(found)
        assert found == suggest(text, "fr")
        assert all(one.q and fold(one.label) for one in found)
