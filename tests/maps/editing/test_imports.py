"""What an owner wrote stays, whatever its source says next."""

from __future__ import annotations

import pytest

from directory.models import PointOfSale
from tests.builders import owner
from tests.directory.importing.conftest import import_rows, only, place, row, write_file  # noqa: F401

pytestmark = pytest.mark.django_db


def test_an_import_never_overwrites_what_an_owner_wrote(client, import_rows):  # noqa: F811
    import_rows(row())
    shop = place()
    shop.merchant.owner = owner()
    shop.merchant.save()
    PointOfSale.objects.filter(pk=shop.pk).update(status="published", reviews=[])
    client.force_login(shop.merchant.owner, backend="django.contrib.auth.backends.ModelBackend")
    about = {"merchant_name": "Chez Nous", "name": "", "kind": "workshop", "activity_1": "creperie"}
    assert client.post(f"/mon-commerce/{shop.pk}/presentation/", about).status_code == 302
    week = {"do": "save", "holidays": "usual", "mo-0-from": "9", "mo-0-to": "12"}
    assert client.post(f"/mon-commerce/{shop.pk}/horaires/", week).status_code == 302
    client.post(f"/mon-commerce/{shop.pk}/produits/", {"do": "add", "text": "galette 8 €"})

    result = only(import_rows(row(nom="AUTRE NOM", adresse="2 RUE POTERIE", activites="Poissonnerie")))
    assert {"name", "kind", "activities"} <= set(result.kept)
    assert {change.field for change in result.changes} >= {"street"}, "what the owner left alone follows its source"
    shop = place()
    assert (shop.merchant.name, shop.kind, shop.schedule.text) == ("Chez Nous", "workshop", "Mo 09:00-12:00")
    assert [one.code for one in shop.activities.all()] == ["creperie"]
    assert shop.offers.filter(price_min=8).exists()
