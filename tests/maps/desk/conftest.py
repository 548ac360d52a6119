"""Two départements with cases, and an official in each."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.template import engines
from django.test import Client

from directory.gaps.follow_up import record
from directory.models import ConnectionReport, Consent, GapCase, Official
from tests.builders import VENDOME, point_of_sale
from tests.coverage_data import fibre
from tests.maps.admin_desk import BLOIS, log_in

TOURS = "37261"


def official(name: str, *departements: str, **fields: Any) -> User:
    user = User.objects.create_user(name, first_name=name.title(), **fields)
    Official.objects.bulk_create(Official(user=user, departement_id=code) for code in departements)
    return user


@pytest.fixture(autouse=True)
def _undefined_variables_fail(monkeypatch):
    """A template's variable that nothing defines raises where it is shown."""

    class Undefined(str):
        __slots__ = ()

        def __mod__(self, name: str) -> str:
            raise AssertionError(f"undefined in a template: {name}")

        def __contains__(self, part: str) -> bool:
            return part == "%s"

    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", Undefined("undefined"))


@pytest.fixture
def cases(db) -> dict[str, GapCase]:
    """By name: a goat farm in Vendôme, a bakery in Blois (Loir-et-Cher), a bakery in Tours (Indre-et-Loire)."""
    point_of_sale("Chèvrerie du Loir", activities=["goat_farm"])
    point_of_sale("Boulangerie Denis", commune=BLOIS, activities=["bakery"])
    point_of_sale("Boulangerie Tourangelle", commune=TOURS, activities=["bakery"])
    fibre({VENDOME: 10, BLOIS: 40, TOURS: 20})
    return {case.point_of_sale.display_name: case for case in GapCase.objects.select_related("point_of_sale__merchant")}


@pytest.fixture
def goats(cases) -> GapCase:
    return cases["Chèvrerie du Loir"]


@pytest.fixture
def odile(db) -> User:
    return official("odile", "41")


@pytest.fixture
def desk(odile) -> Client:
    """Odile of Loir-et-Cher at her desk."""
    return log_in(odile)


@pytest.fixture
def neighbour(db) -> Client:
    """An official of Indre-et-Loire."""
    return log_in(official("igor", "37"))


@pytest.fixture
def told(goats, odile) -> GapCase:
    """A case with all that is restricted: contacts, a follow-up, a report."""
    merchant = goats.point_of_sale.merchant
    merchant.phone, merchant.email = "02 54 11 22 33", "chevres@example.org"
    merchant.save()
    Consent.objects.create(merchant=merchant, field="phone", audience="departement", wording="1")
    record(goats, odile, state="to_contact", assignee=odile, note="Rappeler lundi")
    ConnectionReport.objects.create(point_of_sale=goats.point_of_sale, fibre="refused", operator="Orange")
    return goats
