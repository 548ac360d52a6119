"""What the queue of pins costs."""

from __future__ import annotations

import pytest
from django.db import connection
from django.utils import timezone

from directory.models import PinRequest
from directory.pinning import enqueue, queue
from directory.pinning.working import work
from tests.directory.pinning.test_queue import at_commune, request_of

pytestmark = pytest.mark.django_db


def test_asking_costs_one_statement_and_begins_anew(django_assert_num_queries):
    places = [at_commune(str(n)) for n in range(3)]
    with django_assert_num_queries(1):
        assert enqueue([place.pk for place in places] * 2, "degraded") == 3
    PinRequest.objects.update(state="failed", tries=4, outcome="not_found", done_at=timezone.now())
    assert enqueue([places[0].pk], "asked") == 1
    row = request_of(places[0])
    assert (row.state, row.why, row.tries, row.outcome, row.done_at) == ("waiting", "asked", 0, "", None)
    assert request_of(places[1]).state == "failed"
    with pytest.raises(ValueError, match="tomorrow"):
        enqueue([places[0].pk], "tomorrow")


def test_ten_pins_cost_few_statements_beside_the_look_ups(address_service, django_assert_max_num_queries):
    """Four of each ten addresses' statements are the cache's and the pace's; the rest is for all ten together."""
    places = [at_commune(str(n), street=f"{n + 1} rue du Change") for n in range(10)]
    enqueue([place.pk for place in places], "degraded")
    work(limit=1)  # makes the row of the pace
    with django_assert_max_num_queries(9 * 4 + 20):
        assert work().moved == 9


def test_the_queue_is_read_by_its_index():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        text = queue.waiting().filter(next_at__lte=timezone.now())[:10].explain()
    assert "pinrequest_waiting" in text
