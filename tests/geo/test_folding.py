"""Text folded to what people mean by it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.folding import fold, loose_key, place_key, place_words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Œuvre d'Été - N°2", "oeuvre d ete n 2"),
        ("  VENDÔME\t", "vendome"),
        ("L’Haÿ-les-Roses", "l hay les roses"),
        ("a_b\x00c", "a b c"),
        ("", ""),
        ("'-'", ""),
    ],
)
def test_folding(text, folded):
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text):
    once = fold(text)
    assert fold(once) == once
    assert once == " ".join(once.split())


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("St Amand-Montrond", "saint amand montrond"),
        ("Ste-Sévère s/ Indre", "sainte severe sur indre"),
        ("La Chapelle s/Loire", "la chapelle sur loire"),
        ("VILLE S LOIRE", "ville sur loire"),
        ("Vieilles s/s Bois", "vieilles sous bois"),
        ("N.-D. d'Oé", "notre dame d oe"),
        ("Saint-Denis-lez-Ponts", "saint denis les ponts"),
    ],
)
def test_abbreviations_are_written_out(text, key):
    assert place_key(text) == key


def test_loose_keys_keep_the_words_that_name():
    assert loose_key(place_words("La Ferté-Saint-Aubin")) == "ferte saint aubin"
    assert loose_key(["sur", "le"]) == ""
