"""A copy of everything: nothing of its owner is forgotten, nothing of others is in it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import models

from directory.claims.claiming import ask, decide
from directory.models import (
    Claim,
    ConnectionReport,
    Deletion,
    Letter,
    Merchant,
    OwnerNotice,
    PinRequest,
    PointOfSale,
    Registration,
    Report,
)
from directory.owners import exporting
from directory.owners.exporting import LEFT_OUT, LEFT_OUT_MODELS, OF_ACCOUNT, OF_MERCHANT, OF_PLACE, export
from directory.owners.leaving import come_back, leave
from tests.builders import owned_place, owner, point_of_sale
from tests.directory.owners.everything import everything, said

pytestmark = pytest.mark.django_db


def exported(user: User) -> dict[str, Any]:
    return json.loads("".join(export(user)))


@pytest.fixture
def place() -> PointOfSale:
    made = everything()
    leave(made.merchant)
    return made


@pytest.fixture
def told(place) -> dict[str, Any]:
    return exported(place.merchant.owner)


def expected(model: type[models.Model]) -> set[str]:
    fields = [*model._meta.concrete_fields, *model._meta.many_to_many]
    return {field.name for field in fields} - LEFT_OUT.get(model, {}).keys()


@pytest.mark.parametrize("model", [*OF_MERCHANT, *OF_PLACE])
def test_each_row_has_every_field_but_those_left_out_for_a_reason(told, model):
    [merchant] = told["merchants"]
    rows = merchant[model._meta.model_name]
    assert rows, "everything() has one of each"
    assert set(rows[0]) == expected(model)


@pytest.mark.parametrize("model", OF_ACCOUNT)
def test_so_has_what_is_the_account_s(told, model):
    assert set(told[model._meta.model_name][0]) == expected(model)
    assert set(told["account"]) == expected(User)


def test_every_model_that_hangs_from_an_entry_is_handed_out_or_left_out_for_a_reason():
    hanging, seen = [Merchant], set()
    while hanging:
        model = hanging.pop()
        for link in model._meta.related_objects:
            owned = (
                getattr(link, "on_delete", None) is models.CASCADE and link.related_model._meta.app_label == "directory"
            )
            if owned and not link.related_model.__name__.startswith("Historical") and link.related_model not in seen:
                seen.add(link.related_model)
                hanging.append(link.related_model)
    through = {PointOfSale.activities.through, PointOfSale.services.through, PointOfSale.service_communes.through}
    known = {*OF_MERCHANT, *OF_PLACE, *OF_ACCOUNT, *LEFT_OUT_MODELS, Merchant}
    assert seen - through - known == set()


def test_what_is_left_out_is_there_to_be_left_out():
    for model, fields in LEFT_OUT.items():
        names = {field.name for field in model._meta.get_fields()}
        assert fields.keys() <= names, model
        assert all(fields.values())


def test_all_that_the_database_says_of_it_is_in_the_copy(place, told):
    """Every sentence that the tables hold of the merchant, but those of what is left out."""
    text = json.dumps(told, ensure_ascii=False)
    apart = (
        "directory_caseevent", "directory_merge.", "directory_duplicate", "directory_search", "directory_name_word",
        "django_admin_log", "axes_", "_historicalpointofsale.name", "auth_user", "directory_schedule",
    )  # fmt: skip
    for column, values in said().items():
        for value in values:
            if not column.startswith(apart) and "EARL" not in value and not value.startswith(("{", "[")):
                assert value in text or json.dumps(value, ensure_ascii=False)[1:-1] in text, column


def test_history_is_there_and_so_is_what_was_deleted(told):
    history = told["merchants"][0]["history"]
    assert {row["phone"] for row in history["historicalmerchant"]} == {"", "02 54 19 28 37"}
    lines = {row["line"] for row in history["historicaloffer"]}
    assert lines == {"pirouettes de Zephirine", "pirouettes douces", "pirouettes anciennes"}
    assert len(history["historicalphoto"]) == 3
    assert {row["service"] for row in history["historicalpointofsale_services"]}


def test_who_reported_and_what_opens_something_is_not(place, told):
    Report.objects.create(point_of_sale=place, kind="other", email="secret@voisin.example")
    text = "".join(export(place.merchant.owner))
    assert "voisin" not in text
    assert "v@loin.example" not in text
    assert "c" * 64 not in text
    assert str(Registration.objects.get().key) not in text
    assert place.merchant.owner.password not in text


def test_of_others_it_says_that_they_are_others(place):
    other = owner("autre@example.org")
    ConnectionReport.objects.create(point_of_sale=place, by=other, fibre="no")
    Claim.objects.create(point_of_sale=place, by=other, means="letter", text="c'est à moi, Bertrand")
    text = "".join(export(place.merchant.owner))
    assert "Bertrand" not in text
    assert "autre@example.org" not in text
    by = [row["by"] for row in json.loads(text)["merchants"][0]["connectionreport"]]
    assert sorted(by) == [exporting.ONESELF, exporting.ANOTHER]


def test_history_under_an_owner_before_is_that_owner_s():
    place = owned_place("avant@example.org")
    merchant = place.merchant
    merchant.phone = "02 54 00 00 01"
    merchant.save()
    place.name = "Chez Avant"
    place.save()
    merchant.phone, merchant.owner = "", owner("apres@example.org")
    merchant.save()
    place.name = "Chez Après"
    place.save()
    text = "".join(export(merchant.owner))
    assert "Chez Après" in text
    assert "02 54 00 00 01" not in text
    assert "Chez Avant" not in text
    assert "avant@example.org" not in text


def test_what_was_said_to_an_owner_before_is_not_the_next_ones(place):
    """`place` has a row of everything, under an owner who now lets it go."""
    before, after = place.merchant.owner, owner("apres@example.org")
    come_back(place.merchant)
    claim = ask(place, after, Claim.Means.MODERATOR, place.siret, "bail")
    decide(claim, before, granted=True)
    told = exported(after)
    [merchant] = told["merchants"]
    assert told["registration"] == []
    for model in ("report", "ownernotice", "connectionreport", "assistedentry", "consent"):
        assert merchant[model] == [], model
    assert "zephirine@quenouille.example" not in json.dumps(told)
    Report.objects.create(point_of_sale=place, kind="other", text="depuis")
    assert [row["text"] for row in exported(after)["merchants"][0]["report"]] == ["depuis"]


def test_a_registration_is_its_makers(place):
    other = owner("autre@example.org")
    Registration.objects.update(owner=other)
    assert exported(place.merchant.owner)["registration"] == []
    assert len(exported(other)["registration"]) == 1


def test_rows_cost_no_query_each_where_they_have_no_links(place, django_assert_max_num_queries):
    """A report more, or a hundred: as many queries."""
    Report.objects.bulk_create(Report(point_of_sale=place, kind="other", text=str(n)) for n in range(100))
    with django_assert_max_num_queries(100):
        assert len(exported(place.merchant.owner)["merchants"][0]["report"]) == 101


def test_who_owns_nothing_is_told_of_its_account():
    user = owner("rien@example.org")
    point_of_sale("Ferme d'un autre")
    assert exported(user)["merchants"] == []
    assert exported(user)["account"]["email"] == "rien@example.org"
    assert not OwnerNotice.objects.exists()
    assert not [model for model in (Deletion, Letter, PinRequest) if model.objects.exists()]
