"""Prices as people write them."""

from __future__ import annotations

from decimal import Decimal
from time import perf_counter

import pytest

from directory.offering.prices import NotAPriceError, Price, read_price, split_price


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("3,50", "3.50", None), ("3.50", "3.50", None), ("3", "3", None), ("3 €", "3", None), ("3 à 5", "3", "5"),
        ("de 3 à 5 €", "3", "5"), ("3-5", "3", "5"), ("3 € à 5 €", "3", "5"), ("3 €50", "3.50", None),
        ("3€50 à 4€20", "3.50", "4.20"), (" 12,5 euros ", "12.5", None), ("4 à 4", "4", None), ("1 500", "1500", None),
        ("1\u00a0500,50 €", "1500.50", None), ("8 EUR", "8", None), ("à partir de 6", "6", None), ("3€/5€", "3", "5"),
    ],
)  # fmt: skip
def test_prices(text, low, high):
    assert read_price(text, "kg") == Price(Decimal(low), Decimal(high) if high else None, "kg")


@pytest.mark.parametrize(
    ("text", "unit"), [("12 €/kg", "kg"), ("12/kg", "kg"), ("12 € le kilo", "kilo"), ("3 à 5 € / pièce", "pièce")]
)
def test_a_price_with_what_it_is_for(text, unit):
    assert read_price(text, "pot").unit == unit


def test_no_price():
    assert read_price("  ") is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("-3", "unreadable"), ("gratuit", "unreadable"), ("3,505", "unreadable"), ("3 5", "unreadable"),
        ("0", "nothing"), ("0,00", "nothing"), ("350000", "absurd"), ("3 à 99999", "absurd"), ("5 à 3", "backwards"),
        ("9999999999", "unreadable"), ("500 g", "unreadable"), ("1 50", "unreadable"),
    ],
)  # fmt: skip
def test_what_is_no_price(text, code):
    with pytest.raises(NotAPriceError) as refused:
        read_price(text)
    assert refused.value.code == code


# Lines as farmers write them: the words, the price in hundredths (or two), what it is for.
LINES = {
    "miel 8 € le pot": ("miel", 800, "pot"),
    "Crottin : 3,50 €/pièce": ("Crottin", 350, "pièce"),
    "tomme 18 à 22 € / kg": ("tomme", (1800, 2200), "kg"),
    "œufs 3€50 les 12": ("œufs", 350, "12"),
    "œufs 6 pour 2 €": ("œufs", 200, "6"),
    "œufs les 6 : 2 €": ("œufs", 200, "6"),
    "œufs la douzaine 3 €": ("œufs", 300, "douzaine"),
    "confitures 3 pots pour 10 €": ("confitures", 1000, "3 pots"),
    "lait 1,20 euro le litre": ("lait", 120, "litre"),
    "huile de noix - 12 € l'unité": ("huile de noix", 1200, "unité"),
    "huile de noix 9 € 75 cl": ("huile de noix", 900, "75 cl"),
    "pain 4€": ("pain", 400, ""),
    "pain 2€80 le kg": ("pain", 280, "kg"),
    "pain 2€80 kg": ("pain", 280, "kg"),
    "pain de 500 g 3 €": ("pain de 500 g", 300, ""),
    "pain au levain (3,20 €)": ("pain au levain", 320, ""),
    "tomme (18 € le kg)": ("tomme", 1800, "kg"),
    "miel = 8 €": ("miel", 800, ""),
    "miel... 8 €.": ("miel", 800, ""),
    "miel à 8 €": ("miel", 800, ""),
    "miel à partir de 6 €": ("miel", 600, ""),
    "miel dès 6€": ("miel", 600, ""),
    "miel environ 6 €": ("miel", 600, ""),
    "miel 8 EUR": ("miel", 800, ""),
    "miel 8 euros": ("miel", 800, ""),
    "miel de 8 à 12 €": ("miel", (800, 1200), ""),
    "menu entre 15 et 20 €": ("menu", (1500, 2000), ""),
    "fromage 3€/5€": ("fromage", (300, 500), ""),
    "panier 15€ ou 25€": ("panier", (1500, 2500), ""),
    "confiture 4€ pot 250g": ("confiture", 400, "pot 250g"),
    "confiture 4 € 250 g": ("confiture", 400, "250 g"),
    "plants de tomates 2.50€ pièce": ("plants de tomates", 250, "pièce"),
    "agneau 1 500 €": ("agneau", 150_000, ""),
    "agneau entier 1500€": ("agneau entier", 150_000, ""),
    "vin rouge 2022 12 € la bouteille": ("vin rouge 2022", 1200, "bouteille"),
    "lot de 3 savons 10 €": ("lot de 3 savons", 1000, ""),
    "poulet fermier 12€/kg": ("poulet fermier", 1200, "kg"),
}


@pytest.mark.parametrize("line", LINES)
def test_a_price_at_the_end_of_a_line(line):
    words, price = split_price(line)
    assert price is not None
    amounts = [int(amount * 100) for amount in (price.low, price.high) if amount is not None]
    assert (words, amounts[0] if len(amounts) == 1 else tuple(amounts), price.unit) == LINES[line]


@pytest.mark.parametrize(
    "line",
    [
        "pots de 500 g", "vin 2024", "tomme de 3 kg", "8 €", "", "miel 8,50", "pommes 1 50 €", "vache 2.500 €",
        "visite 5€ adulte / 3€ enfant", "vin 7€ 12 bouteilles", "miel 8 € toutes fleurs", "pain gratuit",
    ],
)  # fmt: skip
def test_figures_that_are_no_price_for_sure_stay_in_the_words(line):
    assert split_price(line) == (line, None)


def test_no_text_takes_long():
    begun = perf_counter()
    for text in ("1 234" * 800, "miel " + "-" * 4000, "a " * 2000 + "€", "à partir de " * 330, "12 €" * 1000):
        split_price(text)
    assert perf_counter() - begun < 2
