"""The one-sentence answer: how many, the nearest, every word of the vocabulary. Notation: see sentences.py."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from directory.phrases import Dimension, phrases
from directory.questions import Question, Sort
from directory.search import Answer, Hit
from directory.summary import summary
from tests.directory.sentences import CODES, HERE, PARAMETERS, Case, answer, ids, near

FARMS = near(activities=("farm",), products=("cheese",))

COUNTS = [
    Case(
        FARMS,
        37,
        "37 fermes vendent du fromage à moins de 10~km de Vendôme~; la plus proche est à 2,3~km.",
        "37 farms sell cheese within 10~km of Vendôme; the nearest is 2.3~km away.",
        2310.4,
    ),
    Case(
        FARMS,
        1,
        "Une ferme vend du fromage à moins de 10~km de Vendôme~; elle est à 2,3~km.",
        "One farm sells cheese within 10~km of Vendôme; it is 2.3~km away.",
        2310.4,
    ),
    Case(
        FARMS,
        0,
        "Aucune ferme vendant du fromage à moins de 10~km de Vendôme.",
        "No farm sells cheese within 10~km of Vendôme.",
    ),
    Case(
        near(activities=("farm",)),
        12_345,
        "12_345 fermes à moins de 10~km de Vendôme~; la plus proche est à 450~m.",
        "12,345 farms within 10~km of Vendôme; the nearest is 450~m away.",
        449.6,
    ),
    Case(
        near(activities=("orchard",)),
        0,
        "Aucun verger à moins de 10~km de Vendôme.",
        "No orchard within 10~km of Vendôme.",
    ),
    Case(
        near(activities=("orchard",)),
        1,
        "Un verger à moins de 10~km de Vendôme~; il est à 1~km.",
        "One orchard within 10~km of Vendôme; it is 1~km away.",
        1003.0,
    ),
    Case(
        near(activities=("pig_farm",)),
        2,
        "2 élevages de porcs à moins de 10~km de Vendôme~; le plus proche est à 9,9~km.",
        "2 pig farms within 10~km of Vendôme; the nearest is 9.9~km away.",
        9912.0,
    ),
    Case(
        near(products=("honey",)),
        3,
        "3 adresses vendent du miel à moins de 10~km de Vendôme~; la plus proche est à 4~km.",
        "3 places sell honey within 10~km of Vendôme; the nearest is 4~km away.",
        4000.0,
    ),
    Case(
        Question(),
        1_234_567,
        "1_234_567 adresses en région Centre-Val de Loire.",
        "1,234,567 places in Centre-Val de Loire.",
    ),
    Case(Question(), 1, "Une adresse en région Centre-Val de Loire.", "One place in Centre-Val de Loire."),
    Case(Question(), 0, "Aucune adresse en région Centre-Val de Loire.", "No place in Centre-Val de Loire."),
    Case(
        Question(activities=("amap",), products=("vegetables",)),
        1,
        "Une AMAP vend des légumes en région Centre-Val de Loire.",
        "One community-supported agriculture scheme sells vegetables in Centre-Val de Loire.",
    ),
]

NEAREST = [
    Case(
        FARMS,
        8,
        "8 fermes vendent du fromage à moins de 10~km de Vendôme~; la plus proche est à environ 4~km.",
        "8 farms sell cheese within 10~km of Vendôme; the nearest is about 4~km away.",
        4312.0,
        "commune",
    ),
    Case(
        FARMS,
        8,
        "8 fermes vendent du fromage à moins de 10~km de Vendôme~; la plus proche est à Vendôme.",
        "8 farms sell cheese within 10~km of Vendôme; the nearest is in Vendôme.",
        0.0,
        "commune",
    ),
    Case(
        FARMS,
        8,
        "8 fermes vendent du fromage à moins de 10~km de Vendôme~; la plus proche est à environ 1~km.",
        "8 farms sell cheese within 10~km of Vendôme; the nearest is about 1~km away.",
        501.0,
        "commune",
    ),
    Case(
        FARMS,
        8,
        "8 fermes vendent du fromage à moins de 10~km de Vendôme~; la plus proche est à moins de 10~m.",
        "8 farms sell cheese within 10~km of Vendôme; the nearest is less than 10~m away.",
        0.0,
    ),
    Case(
        FARMS,
        8,
        "8 fermes vendent du fromage à moins de 10~km de Vendôme~; la plus proche est à 1~km.",
        "8 farms sell cheese within 10~km of Vendôme; the nearest is 1~km away.",
        996.0,
    ),
    Case(  # the nearest is said of the first page only
        FARMS.page(20),
        37,
        "37 fermes vendent du fromage à moins de 10~km de Vendôme.",
        "37 farms sell cheese within 10~km of Vendôme.",
        2310.4,
    ),
    Case(  # nor in another order, whose first is not the nearest
        replace(FARMS, sort=Sort.NAME),
        37,
        "37 fermes vendent du fromage à moins de 10~km de Vendôme.",
        "37 farms sell cheese within 10~km of Vendôme.",
        2310.4,
    ),
]


@pytest.mark.parametrize("case", COUNTS, ids=ids(COUNTS))
def test_counts(case: Case):
    case.check()


@pytest.mark.parametrize("case", NEAREST, ids=lambda case: f"{case.nearest} {case.precision} {case.question.offset}")
def test_the_nearest(case: Case):
    case.check()


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("total", [0, 1, 2])
@pytest.mark.parametrize("dimension", PARAMETERS)
def test_every_code_makes_a_sentence(dimension: Dimension, total: int, language: str):
    """Without the database: a fall back to labels would read it and fail."""
    for code in CODES[dimension]:
        said = summary(answer(Question(**{PARAMETERS[dimension]: (code,)}), total), language)
        wordings = phrases()[code]
        wording = getattr(wordings, f"{'many' if dimension == 'activity' and total > 1 else 'one'}_{language}")
        assert f" {wording} " in said, code
        assert re.match(r"Aucun|Une? |2 |No |One ", said), code
        assert said.endswith((" en région Centre-Val de Loire.", " in Centre-Val de Loire.")), code
        assert "  " not in said, code
        assert "«" not in said, code
        assert "“" not in said, code


@pytest.mark.django_db
def test_a_vocabulary_without_phrases_still_reads(settings, tmp_path):
    settings.VOCABULARY_DIR = tmp_path
    Case(
        Question(activities=("potter",), products=("pottery",), labels=("artisan",), services=("delivery",)),
        2,
        "2 adresses «~potier~» avec le label Artisan avec livraison vendent des produits «~poterie et céramique~»"
        " en région Centre-Val de Loire.",
        "2 “potter” places with the Registered craftsperson label and with delivery sell pottery and ceramics"
        " in Centre-Val de Loire.",
    ).check()


@pytest.mark.parametrize("tag", ["en", "en-GB", "EN"])
def test_english_by_any_of_its_tags(tag: str):
    assert summary(answer(Question(), 2), tag) == "2 places in Centre-Val de Loire."


def test_a_card_without_pin_or_commune_is_no_failure():
    given = Answer(FARMS, 2, [Hit(1, HERE.lon, HERE.lat, 120.0, "{}")])
    assert summary(given, "en").endswith("; the nearest is 120\u00a0m away.")
