"""A merchant that withdrew stays out, whatever a list or an agent says, until it wishes otherwise itself."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from directory.chambers.handover import withdraw
from directory.models import Merchant, PointOfSale, SourceRecord, Withdrawal
from tests.builders import VENDOME
from tests.maps.admin_desk import SIRETS
from tests.maps.chambers.conftest import ENTRY, LIST, filled, registered, waiting

pytestmark = pytest.mark.django_db
HEAD = "nom;activites;commune;siret;telephone;courriel;identifiant\n"


def written(client, *rows: str) -> dict[str, int]:
    """Writes a list; what came of its rows."""
    kept, seen = waiting(client, (HEAD + "\n".join(rows) + "\n").encode())
    client.post(f"{LIST}{kept.pk}/ecrire/", {"seen": seen})
    return {name: number for name, number in kept.totals["outcomes"].items() if number}


@pytest.mark.parametrize(
    ("siret", "row"),
    [
        (SIRETS[0], f"Un autre nom;cheese_dairy;Blois;{SIRETS[0]};02 54 00 00 02;c@f.example;1"),
        (SIRETS[0], "FROMAGERIE DU LOIR;cheese_dairy;Vendôme;;02 54 00 00 02;c@f.example;1"),
        ("", "Fromagerie du Loir;cheese_dairy;Vendôme;;02 54 00 00 02;c@f.example;1"),
    ],
)
def test_a_list_brings_nobody_back(trades, siret, row):
    withdraw(registered(trades, siret=siret), None)
    assert written(trades, row, "Boulangerie du Loir;bakery;Vendôme;;;;2") == {"written": 1, "skipped": 1}
    assert set(Merchant.objects.values_list("name", "phone", "email")) == {
        ("Fiche retirée", "", ""),
        ("Boulangerie du Loir", "", ""),
    }
    assert "retirée par le commerçant" in b"".join(
        trades.get(f"{LIST}{waiting(trades, (HEAD + row).encode())[0].pk}/bilan.csv").streaming_content
    ).decode("utf-8-sig")


def test_nor_does_a_list_that_had_named_it_under_another_name(trades):
    entry = registered(trades)
    row = f"Fromagerie du Loir;cheese_dairy;Vendôme;{SIRETS[0]};;;1"
    assert written(trades, row) == {"written": 1}
    withdraw(entry, None)
    assert not SourceRecord.objects.exists()
    assert written(trades, "Chez Claire;cheese_dairy;Vendôme;;02 54 00 00 02;;1") == {"skipped": 1}
    assert PointOfSale.objects.get().status == "hidden"


def test_what_is_remembered_says_nothing(trades):
    withdraw(registered(trades), None)
    digests = list(Withdrawal.objects.values_list("digest", flat=True))
    assert len(digests) == 3
    assert all(len(digest) == 64 for digest in digests)


@pytest.mark.parametrize("siret", [SIRETS[0], ""])
def test_an_agent_is_told_and_registers_nobody(trades, siret):
    withdraw(registered(trades), None)
    response = trades.post(ENTRY, filled(siret=siret))
    assert response.status_code == 409
    assert "Lui seul peut revenir" in response.content.decode()
    assert Merchant.objects.count() == 1


def test_it_comes_back_at_its_own_wish(trades):
    withdraw(registered(trades), None)
    call_command("lift_withdrawal", siret=SIRETS[0], name="fromagerie du loir", commune=VENDOME)
    assert registered(trades).merchant.name == "Fromagerie du Loir"
    with pytest.raises(CommandError):
        call_command("lift_withdrawal", siret=SIRETS[0])
