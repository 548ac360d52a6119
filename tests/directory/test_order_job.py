"""The monthly job that puts neighbours side by side in the table of entries."""

from __future__ import annotations

from django.db import connection

from directory import tasks
from directory.models import SearchEntry
from tests.builders import point_of_sale


def test_it_vacuums_too(transactional_db):
    """Its rows are new to PostgreSQL: until a vacuum, whatever counts by index alone looks at each of them."""
    point_of_sale()
    assert tasks.reorder(timestamp=0)
    assert SearchEntry.objects.count() == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT relallvisible FROM pg_class WHERE oid = 'directory_search_entry'::regclass")
        assert cursor.fetchone() == (1,)
