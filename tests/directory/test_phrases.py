"""Every term of the vocabulary can be said in a sentence, in both languages."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from django.conf import settings

from directory.phrases import Phrase, lowered, phrase, phrases
from tests.directory.sentences import CODES, rows

FOLDER = Path(settings.VOCABULARY_DIR)
COLUMNS = ["code", "one_fr", "many_fr", "gender_fr", "one_en", "many_en", "verb"]
PHRASES = rows("phrases.csv")


def of(dimension: str) -> list[dict[str, str]]:
    codes = set(CODES[dimension])
    return [row for row in PHRASES if row["code"] in codes]


def test_every_code_has_one_phrase_in_the_order_of_the_vocabulary():
    assert [row["code"] for row in PHRASES] == [code for codes in CODES.values() for code in codes]
    assert list(PHRASES[0]) == COLUMNS


def test_the_file_is_normalised_text_with_the_vocabulary_s_apostrophe():
    raw = (FOLDER / "phrases.csv").read_bytes()
    text = raw.decode("utf-8")
    assert text == unicodedata.normalize("NFC", text)
    assert b"\r" not in raw
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert not re.search("[’‘`´\u00a0\u202f\t]|  ", text)


@pytest.mark.parametrize("row", PHRASES, ids=lambda row: row["code"])
def test_cells_have_no_stray_space_and_no_explanation(row: dict[str, str]):
    for name, cell in row.items():
        assert cell == cell.strip(), name
        assert not re.search(r"[();,.|\"]", cell), name


@pytest.mark.parametrize("row", of("activity"), ids=lambda row: row["code"])
def test_an_activity_is_a_noun_with_a_plural_and_a_gender(row: dict[str, str]):
    assert row["gender_fr"] in ("m", "f")
    assert not row["verb"]
    for one, many in ((row["one_fr"], row["many_fr"]), (row["one_en"], row["many_en"])):
        assert one
        assert many
        assert one[0].islower() or one == "AMAP"
        assert not re.match(r"(un|une|le|la|les|l'|du|des|de|a|an|the)\b", one)
        assert one != many or one == "AMAP"


@pytest.mark.parametrize("row", of("product"), ids=lambda row: row["code"])
def test_a_product_follows_its_verb(row: dict[str, str]):
    assert row["verb"] in ("sell", "offer")
    assert row["one_en"]
    assert not any(row[name] for name in ("many_fr", "many_en", "gender_fr"))
    article, noun = re.fullmatch(r"(du |de la |de l'|des |la )(.+)", row["one_fr"]).groups()  # type: ignore[union-attr]
    before_vowel = unicodedata.normalize("NFD", noun)[0] in "aeioœ" or noun.startswith(("huile", "hydromel"))
    if article == "de l'":
        assert before_vowel
    elif article != "des ":
        assert not before_vowel
    assert (article == "la ") <= (row["verb"] == "offer"), "a thing sold takes a partitive"


@pytest.mark.parametrize("row", of("label") + of("service"), ids=lambda row: row["code"])
def test_a_label_or_service_follows_a_noun(row: dict[str, str]):
    assert not any(row[name] for name in ("many_fr", "many_en", "gender_fr", "verb"))
    assert re.match(r"(avec|en|sous|du|ayant|à) ", row["one_fr"])
    assert re.match(r"(with|in|under|certified) ", row["one_en"])


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_two_terms_are_said_the_same_way(language: str):
    said = [row[f"one_{language}"] for row in PHRASES]
    assert sorted({phrase for phrase in said if said.count(phrase) > 1}) == []


def test_known_phrases():
    assert phrases()["pig_farm"] == Phrase("élevage de porcs", "pig farm", "élevages de porcs", "pig farms", "m")
    assert phrases()["olive_oil"] == Phrase("de l'huile d'olive", "olive oil", verb="sell")
    assert phrases()["bike_repair"] == Phrase("la réparation de vélos", "bike repair", verb="offer")
    assert phrase("label", "organic") == Phrase("en agriculture biologique", "certified organic")


def test_phrases_are_read_once_and_cannot_be_changed():
    assert phrases() is phrases()
    with pytest.raises(TypeError):
        phrases()["farm"] = Phrase("", "")  # type: ignore[index]


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Ferme laitière", "ferme laitière"),
        ("Élevage bovin", "élevage bovin"),
        ("AMAP", "AMAP"),
        ("AMAP et paniers", "AMAP et paniers"),
        ("New wine (bernache)", "new wine"),
        ("© du Centre", "© du Centre"),
        ("Vouvray", "vouvray"),
        ("", ""),
    ],
)
def test_a_label_lowered(label: str, expected: str):
    assert lowered(label) == expected


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("dimension", "code", "expected"),
    [
        (
            "activity",
            "potter",
            Phrase(
                "adresse «\u00a0potier\u00a0»",
                "“potter” place",
                "adresses «\u00a0potier\u00a0»",
                "“potter” places",
                "f",
            ),
        ),
        ("product", "bernache", Phrase("des produits «\u00a0bernache\u00a0»", "new wine", verb="sell")),
        ("label", "demeter", Phrase("avec le label Demeter", "with the Demeter label")),
        ("service", "delivery", Phrase("avec livraison", "with delivery")),
        ("service", "no_such_code", Phrase("avec no_such_code", "with no_such_code")),
    ],
)
def test_without_a_file_a_phrase_is_made_from_the_label(settings, tmp_path, dimension, code, expected):
    settings.VOCABULARY_DIR = tmp_path
    assert phrase(dimension, code) == expected
