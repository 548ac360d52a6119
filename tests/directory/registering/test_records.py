"""What the register answers, read: nothing of a stranger's answer is taken on trust."""

from __future__ import annotations

from datetime import date

import pytest

from directory.registering.records import Establishment, Unreadable, from_json, read
from tests.register import FARM, SHOP, STALL, business, establishment


def one(unit) -> Establishment:
    found = read({"results": [unit]})
    assert len(found) == 1
    return found[0]


def test_an_establishment():
    assert one(business()) == Establishment(
        siret=FARM, name="Chevrerie du Loir", street="12 Rue du Change", postcode="41100", commune="41269",
        town="VENDOME", naf="01.45Z",
    )  # fmt: skip
    assert one(business()).siren == FARM[:9]


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"liste_enseignes": ["LE BON CHEVRE"], "nom_commercial": "AUTRE"}, "Le Bon Chevre"),
        ({"nom_commercial": "LE BON CHEVRE"}, "Le Bon Chevre"),
        ({"liste_enseignes": [None]}, "Chevrerie du Loir"),
        ({"liste_enseignes": "LE BON CHEVRE"}, "Chevrerie du Loir"),
    ],
)
def test_the_sign_over_the_door_goes_first(fields, name):
    assert one(business(establishment(**fields))).name == name


def test_several_establishments_each_once():
    unit = business(establishment(STALL, adresse="PLACE SAINT MARTIN 41100 VENDOME"), siege=establishment(FARM))
    unit["matching_etablissements"].append(establishment(FARM))
    assert [found.siret for found in read({"results": [unit, business(establishment(SHOP))]})] == [STALL, FARM, SHOP]


@pytest.mark.parametrize(
    ("unit", "since"),
    [
        (business(establishment(etat_administratif="F", date_fermeture="2024-06-30")), date(2024, 6, 30)),
        (business(etat_administratif="C", date_fermeture="2023-01-01"), date(2023, 1, 1)),
        (business(establishment(etat_administratif="F", date_fermeture="hier")), None),
    ],
)
def test_closed_and_since_when(unit, since):
    assert (one(unit).closed, one(unit).closed_on) == (True, since)


@pytest.mark.parametrize(
    "unit",
    [
        business(statut_diffusion="P", nom_complet="[NON-DIFFUSIBLE]"),
        business(establishment(statut_diffusion_etablissement="P")),
        business(establishment(statut_diffusion_etablissement="N")),
    ],
)
def test_who_is_not_to_be_named_is_not(unit):
    found = one(unit)
    assert (found.diffusible, found.name, found.street) == (False, "", "")
    assert (found.siret, found.commune) == (FARM, "41269")


@pytest.mark.parametrize("address", ["[NON-DIFFUSIBLE]", None, "41100 VENDOME", 12, "12 RUE DU CHANGE"])
def test_an_address_without_a_street_that_can_be_told(address):
    assert one(business(establishment(adresse=address))).street == ""


def test_a_natural_person_and_nothing_of_its_life():
    unit = business(
        nature_juridique="1000",
        nom_complet="MARIE DUPONT (LE BON CHEVRE)",
        dirigeants=[{"nom": "DUPONT", "date_de_naissance": "1980-06"}],
    )
    found = one(unit)
    assert found.natural_person
    assert "1980" not in repr(found)
    assert not one(business()).natural_person


def test_missing_fields_are_empty():
    assert one({"siege": {"siret": FARM}}) == Establishment(siret=FARM, name="")


@pytest.mark.parametrize("siret", [None, "", "123", "8000000020001A", 80000000200017])
def test_without_a_siret_nobody_could_be_told_which(siret):
    assert read({"results": [business(establishment(siret))]}) == []


@pytest.mark.parametrize("payload", [None, [], {}, {"results": None}, {"results": {"siege": {}}}, {"results": ["x"]}])
def test_unreadable(payload):
    with pytest.raises(Unreadable):
        read(payload)


def test_texts_are_bounded_and_on_one_line():
    found = one(business(nom_complet="A\x00B\n" + "x" * 5000, nom_raison_sociale=None))
    assert "\x00" not in found.name
    assert "\n" not in found.name
    assert len(found.name) <= 200


def test_kept_and_read_again():
    closed = one(business(establishment(etat_administratif="F", date_fermeture="2024-06-30")))
    assert from_json(closed.as_json()) == closed
    assert from_json(one(business()).as_json()) == one(business())
