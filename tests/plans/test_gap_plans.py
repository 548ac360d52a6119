"""The worklist of a département is read along its indexes, whatever is asked of it."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from directory.demo import seed_demo
from directory.gaps import worklist
from directory.gaps.worklist import SORTS, Filters
from directory.models import ConnectionReport, GapCase
from directory.vocabulary import vocabulary
from geo.coverage.changed import announce
from geo.gazetteer import gazetteer
from tests.coverage_data import fibre
from tests.plans.filling import explain

TODAY = date(2026, 11, 28)
EPCI = "200072072"


@pytest.fixture(scope="module")
def _cases_once(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        seed_demo(1_000, seed=3)
        fibre({entry.code: 10 for entry in gazetteer().entries})
        announce()
        GapCase.objects.filter(pk__in=list(GapCase.objects.values_list("pk", flat=True)[::7])).update(next_on=TODAY)
        ConnectionReport.objects.create(point_of_sale=GapCase.objects.all()[0].point_of_sale, fibre="unknown")
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        yield
        transaction.set_rollback(True)


@pytest.fixture
def cases(_cases_once, db):
    assert GapCase.objects.count() > 900
    vocabulary()  # held in memory, and read whole when it is
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # as in the service: what is left has no index


FILTERS = [
    Filters("41"),
    Filters("41", epci=EPCI),
    Filters("41", commune="41269"),
    Filters("41", state="to_verify"),
    Filters("41", need="works"),
    Filters("41", activity="farm"),
    Filters("41", assignee=1),
    Filters("41", overdue=True),
    Filters("41", reported=True),
    Filters("41", left=True),
    *(Filters("41", sort=sort) for sort in SORTS),
]


@pytest.mark.parametrize("filters", FILTERS, ids=lambda filters: repr(filters)[8:-1].split(", ", 1)[1])
def test_no_table_is_read_from_end_to_end(cases, filters):
    with CaptureQueriesContext(connection) as asked:
        worklist.page(filters, TODAY)
        worklist.tally(filters, TODAY)
    assert len(asked) >= 3
    for query in asked.captured_queries:
        scanned = [
            node["Relation Name"]
            for node in explain(query["sql"].replace("%", "%%"), [])
            if node["Node Type"] == "Seq Scan"
        ]
        assert not scanned, query["sql"]


def test_the_first_page_stops_at_its_end(cases):
    """Cut from the index of its order: the cases after it are not sorted."""
    found = worklist.cases(Filters("41"), TODAY).values_list("pk", flat=True)[:10]
    sql, parameters = found.query.sql_with_params()
    plan = explain(sql, list(parameters))
    assert {node.get("Index Name") for node in plan} & {"gapcase_worklist"}
    assert "Sort" not in {node["Node Type"] for node in plan}
