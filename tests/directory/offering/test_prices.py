"""Prices as people write them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from directory.offering.prices import NotAPriceError, Price, read_price, split_price


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("3,50", "3.50", None), ("3.50", "3.50", None), ("3", "3", None), ("3 €", "3", None), ("3 à 5", "3", "5"),
        ("de 3 à 5 €", "3", "5"), ("3-5", "3", "5"), ("3 € à 5 €", "3", "5"), ("3 €50", "3.50", None),
        ("3€50 à 4€20", "3.50", "4.20"), (" 12,5 euros ", "12.5", None), ("4 à 4", "4", None),
    ],
)  # fmt: skip
def test_prices(text, low, high):
    assert read_price(text, "kg") == Price(Decimal(low), Decimal(high) if high else None, "kg")


def test_no_price():
    assert read_price("  ") is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("-3", "unreadable"), ("gratuit", "unreadable"), ("3,505", "unreadable"), ("3 5", "unreadable"),
        ("0", "nothing"), ("0,00", "nothing"), ("350000", "absurd"), ("3 à 99999", "absurd"), ("5 à 3", "backwards"),
        ("9999999999", "unreadable"),
    ],
)  # fmt: skip
def test_what_is_no_price(text, code):
    with pytest.raises(NotAPriceError) as refused:
        read_price(text)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("line", "words", "low", "high", "unit"),
    [
        ("miel 8 € le pot", "miel", "8", None, "pot"),
        ("Crottin : 3,50 €/pièce", "Crottin", "3.50", None, "pièce"),
        ("tomme 18 à 22 € / kg", "tomme", "18", "22", "kg"),
        ("œufs 3€50 les 12", "œufs", "3.50", None, "12"),
        ("lait 1,20 euro le litre", "lait", "1.20", None, "litre"),
        ("huile de noix - 12 € l'unité", "huile de noix", "12", None, "unité"),
        ("pain 4€", "pain", "4", None, ""),
    ],
)
def test_a_price_at_the_end_of_a_line(line, words, low, high, unit):
    assert split_price(line) == (words, Price(Decimal(low), Decimal(high) if high else None, unit))


@pytest.mark.parametrize("line", ["pots de 500 g", "vin 2024", "tomme de 3 kg", "8 €", ""])
def test_figures_that_are_no_price(line):
    assert split_price(line) == (line, None)
