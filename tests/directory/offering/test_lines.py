"""What is sold, in the merchant's words: understood as the search understands it, never guessed."""

from __future__ import annotations

import pytest

from directory.models import TermProposal
from directory.offering import lines
from directory.offering.prices import NotAPriceError
from directory.offering.understanding import choices, understood
from tests.builders import owned_place

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Miel", "honey"), ("oeufs", "eggs"), ("crottin", "crottin_de_chavignol"), ("miel d'acacia", "acacia_honey"),
        ("terrine de ragondin", "pate_terrine"), ("pain de Vendôme", "bread"),
    ],
)  # fmt: skip
def test_words_that_mean_one_product(words, code):
    assert understood(words).code == code


@pytest.mark.parametrize(
    ("words", "maybe"),
    [("fraises et framboises", ("strawberries", "raspberries")), ("fromge", ("cheese",)), ("piquette de sureau", ())],
)
def test_what_is_not_sure_is_asked(words, maybe):
    assert understood(words).code == ""
    assert understood(words).maybe == maybe


def test_choices_begin_with_what_is_said_and_what_is_above():
    assert choices("miel d'acacia", "acacia_honey")[:2] == ("acacia_honey", "honey")


def test_lines_and_commas():
    found = lines.read_lines("miel, œufs 3,50 €;\r\ncrottin\n\n miel ,MIEL, pots de 1,5 l")
    assert [one.said for one in found] == ["miel", "œufs", "crottin", "pots de 1,5 l"]
    assert [one.price is not None for one in found] == [False, True, False, False]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("vin 7€ la bouteille, 40€ le carton de 6", [("vin (40€ le carton de 6)", 7)]),
        ("œufs, 6 pour 2 €, pain", [("œufs", 2), ("pain", None)]),
        ("œufs, la douzaine 3 €", [("œufs", 3)]),
        ("miel, 8 €\ncire, 5 € le pain", [("miel", 8), ("cire", 5)]),
        ("visite 5€, 3€ enfant", [("visite (3€ enfant)", 5)]),
        ("pommes 1, 50 €", [("pommes 1 (50 €)", None)]),
        ("8 € miel, 3 € pain", [("8 € miel", None), ("3 € pain", None)]),
        ("6 œufs 2 €, 12 œufs 3,50 €", [("6 œufs", 2), ("12 œufs", 3.5)]),
        ("mi\u202eel\u0000 8 €", [("miel", 8)]),
    ],
)
def test_what_begins_with_an_amount_is_of_the_product_before(text, said):
    found = lines.read_lines(text)
    assert [(one.said, float(one.price.low) if one.price else None) for one in found] == said


def test_what_is_said_of_several_prices_does_not_change_the_product():
    assert lines.read_lines("miel 7€ le pot, 40€ le carton de 6")[0].means.code == "honey"


def test_the_line_of_a_wrong_price_is_named():
    for text in ("miel 8 €, pain 0 €\nœufs", "miel, 0 €"):
        with pytest.raises(NotAPriceError) as refused:
            lines.read_lines(text)
        assert (refused.value.code, refused.value.line) in (("nothing", "pain 0 €"), ("nothing", "0 €"))


def test_they_are_added_once_and_unknown_words_are_proposed():
    place = owned_place()
    user = place.merchant.owner
    typed = lines.read_lines("miel, tomme au foin de ma cave, piquette de sureau")
    assert len(lines.add(place, typed, user)) == 3
    assert lines.add(place, typed, user) == []
    kept = {(offer.product.code if offer.product else None, offer.line) for offer in place.offers.all()}
    assert ("honey", "") in kept, "the merchant's words say no more than the product's name"
    assert (None, "piquette de sureau") in kept
    assert TermProposal.objects.filter(folded="piquette de sureau").count() == 1
    assert not TermProposal.objects.filter(folded="miel").exists()


def test_a_sheet_has_a_bound():
    place = owned_place()
    typed = lines.read_lines("\n".join(f"bocal maison {chr(97 + i // 26)}{chr(97 + i % 26)}xq" for i in range(101)))
    with pytest.raises(lines.TooMany):
        lines.add(place, typed, place.merchant.owner)
    assert place.offers.count() == 0
