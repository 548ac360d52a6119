"""Beginnings that are misspelt."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.folding import fold
from geo.place_index import TYPO
from geo.sounding import SOUND, Sounding, sound

NAMES = [
    "Boulangerie",
    "Fromage",
    "Vendôme",
    "Châteauroux",
    "Poissonnerie",
    "Quincaillerie",
    "Blois",
    "Issoudun",
    "Vin",
]
SOUNDING = Sounding((i, fold(name)) for i, name in enumerate(NAMES))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Vendôme", "vandome"),
        ("Fromage", "fromaj"),
        ("pharmacie", "farmasi"),
        ("Châteauroux", "chatorou"),
        ("quincaillerie", "kinkayeri"),
        ("andouille", "andouye"),
        ("Issoudun", "isoudin"),
        ("Blois", "blwa"),
        ("Saint-Amand", "sintamend"),
        ("Fromages", "fromage"),
    ],
)
def test_what_sounds_alike(one, other):
    assert sound(fold(one)) == sound(fold(other))


@pytest.mark.parametrize(("one", "other"), [("pain", "bain"), ("poire", "poisson"), ("cidre", "cèdre")])
def test_what_does_not(one, other):
    assert sound(fold(one)) != sound(fold(other))


@pytest.mark.parametrize(
    ("typed", "meant", "fit"),
    [
        ("bolang", "Boulangerie", TYPO),
        ("boullanj", "Boulangerie", SOUND),
        ("fromaj", "Fromage", SOUND),
        ("vandom", "Vendôme", SOUND),
        ("chatorou", "Châteauroux", SOUND),
        ("poisonn", "Poissonnerie", SOUND),
        ("poisomn", "Poissonnerie", TYPO),
        ("kinkay", "Quincaillerie", SOUND),
    ],
)
def test_a_beginning_finds_its_name(typed, meant, fit):
    fits = SOUNDING.beginning([typed])
    assert max(fits, key=lambda i: (fits[i], -i)) == NAMES.index(meant)
    assert fits[NAMES.index(meant)] == fit


@pytest.mark.parametrize("typed", ["v", "vi", "zzzzz", "garage", ""])
def test_what_is_short_or_far_finds_nothing(typed):
    assert SOUNDING.beginning([typed]) == {}


@given(st.text(max_size=60))
def test_any_text_has_a_sound(text):
    heard = sound(fold(text))
    assert len(heard) <= 2 * len(fold(text))
    SOUNDING.beginning(fold(text).split())
