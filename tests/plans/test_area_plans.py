"""Who comes somewhere: found by the index of the areas, their entries by their key, whatever else is asked."""

from __future__ import annotations

import pytest
from django.db import connection

from directory.questions import Question
from directory.questions.question import ANY_RADIUS
from tests.plans.filling import CENTRE, CHEESE, FARMS, KEYS, indexes

# A tenth of the entries go 5 to 64 km far.
AREAS = """
INSERT INTO directory_service_area (id, centre, radius_m, communes, box)
SELECT id, public_point, radius_m, '{}', directory_circle_box(public_point, radius_m)
FROM directory_search_entry CROSS JOIN LATERAL (SELECT 5000.0 + id %% 60 * 1000 AS radius_m) AS far
WHERE id %% 10 = 0
"""
COMING = {"centre": CENTRE, "radius": ANY_RADIUS, "comes": True}


@pytest.fixture
def areas(filled):
    with connection.cursor() as cursor:
        cursor.execute(AREAS, [])
        cursor.execute("ANALYZE directory_service_area")


@pytest.mark.parametrize(
    ("question", "others"),
    [
        (Question(**COMING), set()),
        (Question(**COMING, **CHEESE, **FARMS), set()),
        (Question(**COMING, text="village"), {"directory_search_detail_pkey"}),
        (Question(**COMING, **CHEESE, season=6), {"directory_search_detail_pkey"}),
    ],
    ids=lambda value: "" if isinstance(value, set) else value.query_string(),
)
@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
def test_areas_are_found_by_their_index(areas, question, others, mode):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # as in the service
    used = indexes(question, mode)
    assert "service_area_box" in used
    contour = {name for name in used if "contour" in name}
    assert len(contour) == 1
    assert used - contour == {"service_area_box", *KEYS, *others}
