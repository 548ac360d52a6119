"""Who withdrew is known again by whoever names it, and nobody else is taken for it."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.utils.crypto import salted_hmac

from directory.models import Withdrawal
from directory.owners.leaving import leave
from directory.withdrawals import forget, is_withdrawn, lift, withdraw
from tests.builders import VENDOME, point_of_sale

pytestmark = pytest.mark.django_db
FARM, OTHER, SAME_COMPANY = "94120845100018", "73282932000074", "94120845100026"
NAME = "Chèvrerie du Test"


def withdrawn(name: str = NAME, siret: str = "") -> None:
    withdraw(point_of_sale(name, siret=siret or None), uuid4())


class TestNames:
    @pytest.mark.parametrize(
        "again", ["chevrerie du test", "CHÈVRERIE DE TEST", "SARL La Chèvrerie du Test", "EARL Test, chèvrerie"]
    )
    def test_an_article_or_a_legal_form_brings_nobody_back(self, again):
        withdrawn()
        assert is_withdrawn("", again, VENDOME)

    @pytest.mark.parametrize("other", ["Chèvrerie", "Chèvrerie du Teste", "Chèvrerie du Test et du Loir"])
    def test_another_name_is_another_s(self, other):
        withdrawn()
        assert not is_withdrawn("", other, VENDOME)

    def test_a_name_that_is_only_a_trade_counts_as_it_is_written(self):
        withdrawn("La Boulangerie SARL")
        assert is_withdrawn("", "SARL la boulangerie", VENDOME)
        assert not is_withdrawn("", "Boulangerie", VENDOME)

    def test_digests_as_they_once_were_are_known(self):
        for purpose, said in (("name", f"chevrerie du test\n{VENDOME}"), ("siret", FARM)):
            digest = salted_hmac(f"directory.withdrawals.{purpose}", said, algorithm="sha256").hexdigest()
            Withdrawal.objects.create(digest=digest)
        assert is_withdrawn("", NAME, VENDOME)
        assert is_withdrawn(FARM, "", "")
        assert lift(FARM, NAME, VENDOME) == 2
        assert not is_withdrawn(FARM, NAME, VENDOME)


class TestNamesakes:
    def test_a_siret_that_is_somebody_s_here_is_not_who_withdrew_without_one(self):
        withdrawn()
        assert is_withdrawn(OTHER, NAME, VENDOME)
        place = point_of_sale("Autre enseigne", siret=OTHER)
        assert not is_withdrawn(OTHER, NAME, VENDOME)
        leave(place.merchant)
        assert is_withdrawn(OTHER, NAME, VENDOME)

    def test_nor_is_any_other_siret_who_withdrew_with_one(self):
        withdrawn(siret=FARM)
        assert not is_withdrawn(OTHER, NAME, VENDOME)
        assert is_withdrawn("", NAME, VENDOME)
        assert is_withdrawn(SAME_COMPANY, NAME, VENDOME), "it moved next door"
        assert not is_withdrawn(SAME_COMPANY, "Autre enseigne", VENDOME)


class TestLifting:
    def test_a_siret_lifts_what_withdrew_with_it_alone(self):
        withdrawn()
        withdrawn(siret=FARM)
        assert lift(OTHER, NAME, VENDOME) == 0
        assert lift(FARM, NAME, VENDOME) == 3
        assert not is_withdrawn(FARM, "", "")
        assert is_withdrawn("", NAME, VENDOME)

    def test_a_name_lifts_all_who_had_it(self):
        withdrawn()
        withdrawn(siret=FARM)
        assert lift("", NAME, VENDOME) == 4
        assert not Withdrawal.objects.exists()

    def test_what_two_have_in_common_is_each_one_s(self):
        first, second = uuid4(), uuid4()
        for of in (first, second):
            withdraw(point_of_sale(NAME), of)
        forget(first)
        assert is_withdrawn("", NAME, VENDOME)
        forget(second)
        assert not is_withdrawn("", NAME, VENDOME)
