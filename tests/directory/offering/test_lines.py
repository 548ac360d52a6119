"""What is sold, in the merchant's words: understood as the search understands it, never guessed."""

from __future__ import annotations

import pytest

from directory.models import TermProposal
from directory.offering import lines
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
