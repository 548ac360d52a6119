"""The register, asked: in time, at its pace, and every fault typed."""

from __future__ import annotations

import pytest

from directory.registering import register
from tests.geocoder import FAULTS, takes_less_than
from tests.register import FARM, SHOP, STALL, TIMEOUT_S, business, establishment

pytestmark = pytest.mark.django_db
VENDOME = "41269"


def test_by_siret_the_very_establishment(register_service):
    register_service.says(business(establishment(FARM), establishment(STALL, adresse="PLACE X 41100 VENDOME")))
    assert register.by_siret(STALL).street == "Place X"
    asked = register_service.asked[-1]
    assert (asked["path"], asked["q"]) == ("/search", STALL)
    assert asked["include"] == "siege,matching_etablissements"  # and so not who directs it
    assert asked["minimal"] == "true"


@pytest.mark.parametrize("units", [[], [business(establishment(SHOP))]])
def test_an_unknown_siret(register_service, units):
    register_service.says(*units)
    with pytest.raises(register.NotFound):
        register.by_siret(FARM)


def test_a_refused_question_finds_nobody(register_service):
    register_service.answers(400, b'{"erreur": "q"}')
    with pytest.raises(register.NotFound):
        register.by_siret(FARM)
    assert register.by_name("x", VENDOME) == []


def test_by_name_in_its_commune_the_open_first(register_service):
    closed = establishment(FARM, etat_administratif="F")
    elsewhere = establishment(STALL, commune="41018")
    register_service.says(business(closed, elsewhere), business(establishment(SHOP)))
    found = register.by_name("Chèvrerie du Loir", VENDOME)
    assert [(one.siret, one.closed) for one in found] == [(SHOP, False), (FARM, True)]
    assert register_service.asked[-1]["code_commune"] == VENDOME


@pytest.mark.parametrize(
    "fault", [name for name, fault in FAULTS.items() if fault.error and name != "missing geometry"]
)
def test_a_fault_is_typed_and_in_time(register_service, fault):
    FAULTS[fault].play(register_service)
    with takes_less_than(TIMEOUT_S + 0.5), pytest.raises(register.Unavailable) as failure:
        register.by_siret(FARM)
    assert failure.value.retry_after > 0


def test_a_429_is_obeyed_by_everybody(register_service):
    FAULTS["429 with Retry-After"].play(register_service)
    with pytest.raises(register.Unavailable) as failure:
        register.by_siret(FARM)
    assert failure.value.retry_after == 7
    with takes_less_than(0.5), pytest.raises(register.Unavailable) as failure:
        register.by_name("Chez Paul", VENDOME)
    assert 0 < failure.value.retry_after <= 7
    assert len(register_service.asked) == 1


def test_switched_off(settings):
    settings.REGISTER = {"domain": "", "scheme": "https", "timeout_s": 1.0, "calls_per_second": 5.0}
    with pytest.raises(register.Unavailable) as failure:
        register.by_siret(FARM)
    assert failure.value.retry_after is None
