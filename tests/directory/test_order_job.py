"""The monthly job that puts neighbours side by side in the table of entries."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directory import tasks
from directory.models import SearchEntry
from tests.builders import point_of_sale


@pytest.mark.parametrize("most", [1, 0])
def test_it_vacuums_too_and_leaves_large_tables_alone(transactional_db, monkeypatch, most):
    """Its rows are new to PostgreSQL: until a vacuum, whatever counts by index alone looks at each of them."""
    monkeypatch.setattr(tasks, "MOST_REORDERED", most)
    point_of_sale()
    with CaptureQueriesContext(connection) as made:
        assert tasks.reorder(timestamp=0) == bool(most)
    did = [one["sql"].split()[0] for one in made if one["sql"].startswith(("CLUSTER", "VACUUM"))]
    assert did == (["CLUSTER", "VACUUM"] if most else [])
    assert SearchEntry.objects.count() == 1
