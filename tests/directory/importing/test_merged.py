"""An entry that was merged by a person is not brought back by its source."""

from __future__ import annotations

from directory.models import PointOfSale
from directory.moderating.merging import merge
from tests.builders import point_of_sale
from tests.directory.importing.conftest import row, siret


def test_its_source_now_speaks_of_the_kept_one(import_rows):
    import_rows(row(1))
    imported = PointOfSale.objects.get()
    kept = point_of_sale("La Table", kind="shop", street="9 rue Autre")
    merge(kept, imported, {"address": "merged"}, None)
    import_rows(row(1, adresse="3 RUE NEUVE"))
    kept.refresh_from_db(), imported.refresh_from_db()
    assert PointOfSale.objects.count() == 2
    assert (kept.street, kept.siret) == ("3 Rue Neuve", siret(1))
    assert imported.status == "merged"


def test_another_source_finds_it_by_the_siret_of_either(import_rows):
    import_rows(row(1))
    imported = PointOfSale.objects.get()
    kept = point_of_sale("La Table", siret=siret(2))
    last = point_of_sale("Le Bon Coin", siret=siret(3))
    merge(kept, imported, {}, None)
    merge(last, PointOfSale.objects.get(pk=kept.pk), {}, None)
    imported.source_records.all().delete(), last.source_records.all().delete()
    import_rows(row(1))
    assert PointOfSale.objects.count() == 3
    assert last.source_records.count() == 1
