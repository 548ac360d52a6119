"""What is looked for each night is found along its index: few of very many are due, or have no pin."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directory.importing import bulk
from directory.models import Merchant, PointOfSale
from directory.owners import freshness
from directory.pinning import queue
from tests.builders import VENDOME, centre_of, owned_place

MANY = 20_000


@pytest.fixture
def many(db):
    """Published ones that nobody is to look at before a year, each with a pin, and one that is due."""
    now = timezone.now()
    merchant = Merchant.objects.create(name="Coopérative")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE directory_pointofsale DISABLE TRIGGER USER")
    shared = {"merchant_id": merchant.pk, "commune_id": VENDOME, "status": "published", "created_at": now}
    shared |= {"pin": centre_of().to_geos().hexewkb.decode(), "pin_precision": "housenumber"}
    columns = {"id": bulk.take_ids(PointOfSale, MANY), "reviews": [bulk.array([])] * MANY}
    bulk.insert(PointOfSale, columns, shared | {"updated_at": now})
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE directory_pointofsale ENABLE TRIGGER USER")
        cursor.execute("ANALYZE directory_pointofsale")
    place = owned_place()
    PointOfSale.objects.filter(pk=place.pk).update(look_at=now, created_at=now - timedelta(days=400))
    return place


def test_those_that_are_due_are_found_along_their_index(many):
    told: list[PointOfSale] = []
    with CaptureQueriesContext(connection) as made:
        assert freshness.run(lambda owner, step, places: not told.extend(places)) == 1
    assert told == [many]
    (due, _none_left) = [query["sql"] for query in made if "ORDER BY" in query["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {due}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "pos_look_at" in plan, plan
    assert "Seq Scan on directory_pointofsale" not in plan, plan


def test_those_without_a_pin_are_found_along_theirs(many):
    PointOfSale.objects.filter(pk=many.pk).update(pin_precision="commune")
    assert list(queue.unplaced()) == [many]
    assert "pos_unplaced" in queue.unplaced()[:10].explain()
