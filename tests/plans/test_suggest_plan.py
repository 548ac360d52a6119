"""The statement that names merchants, on a filled table: along indexes, and later ways only where needed."""

from __future__ import annotations

import json

import pytest
from django.db import connection

from directory.suggesting.merchants import STATEMENT, values

ROWS = 20_000
FILL = """
INSERT INTO directory_search_entry (id, merchant_id, public_point, terms, name, updated_at, demo, card)
SELECT i, i, ST_SetSRID(ST_MakePoint(1, 47), 4326), '{}', 'Ferme ' || i, now(), true, '{}'
FROM generate_series(1, %(rows)s) AS i;
"""
# A third of the names begin with "ferme", one in forty holds "moulin", one in forty begins with "boulangerie".
DETAIL = """
INSERT INTO directory_search_detail (id, document, folded_name, seasons)
SELECT i, '', CASE WHEN i %% 3 = 0 THEN 'ferme ' WHEN i %% 40 = 1 THEN 'boulangerie ' ELSE 'les jardins ' END
    || CASE WHEN i %% 40 = 2 THEN 'du moulin ' ELSE '' END || md5(i::text), '{}'
FROM generate_series(1, %(rows)s) AS i
"""


@pytest.fixture
def filled(db):
    with connection.cursor() as cursor:
        for statement in (FILL, DETAIL):
            cursor.execute(statement, {"rows": ROWS})
        # As after a vacuum: what waits to be sorted into the index makes it look dear.
        cursor.execute("SELECT gin_clean_pending_list('detail_name_trgm')")
        cursor.execute("ANALYZE directory_search_entry, directory_search_detail")


def nodes(plan: dict) -> list[dict]:
    return [plan, *(node for child in plan.get("Plans", []) for node in nodes(child))]


def run(text: str, mode: str) -> list[dict]:
    """The nodes that ran of the plan of a prepared statement: a connection that goes on asking has the generic one."""
    given = values(text, inside=True, typos=True)
    statement = STATEMENT
    for number, name in enumerate(given, 1):
        statement = statement.replace(f"%({name})s", f"${number}")
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL plan_cache_mode = {mode}")
        cursor.execute("DEALLOCATE ALL")
        cursor.execute(f"PREPARE merchants AS {statement}")
        listed = ", ".join(connection.ops.compose_sql("%s", [value]) for value in given.values())
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE merchants({listed})")
        (answer,) = cursor.fetchone()
    plan = nodes((json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"])
    return [node for node in plan if node["Actual Loops"] > 0]


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
@pytest.mark.parametrize(
    ("text", "used", "unused"),
    [
        ("ferme ", {"detail_name"}, {"detail_name_trgm"}),
        ("ferme 0123zz", {"detail_name", "detail_name_trgm"}, set()),
        ("moulin", {"detail_name", "detail_name_trgm"}, set()),
        ("boulanjerie du molinet", {"detail_name", "detail_name_trgm"}, set()),
    ],
)
def test_merchants_are_named_along_indexes(filled, text, used, unused, mode):
    plan = run(text, mode)
    assert "Seq Scan" not in {node["Node Type"] for node in plan}
    ran = {node["Index Name"] for node in plan if "Index Name" in node}
    assert used <= ran
    assert not unused & ran


def test_a_common_beginning_reads_twenty_rows(filled):
    (scan,) = [node for node in run("ferme", "force_custom_plan") if node.get("Index Name") == "detail_name"]
    assert scan["Actual Rows"] == 20


def test_a_common_inner_word_compares_two_hundred(filled):
    heaps = [n for n in run("moulin", "force_custom_plan") if n["Node Type"] == "Bitmap Heap Scan"]
    assert max(node["Actual Rows"] for node in heaps) == 200
