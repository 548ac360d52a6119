"""A filled table, and how a statement's plan is read."""

from __future__ import annotations

import itertools
import json
import re
from typing import Any

from django.contrib.gis.measure import D
from django.db import connection

from directory import search
from directory.places import place_term
from directory.questions import Question
from geo.points import Bbox, Position
from tests.builders import VENDOME

ROWS = 20_000
SCHEDULES = 2_000
CENTRE = Position(1.065, 47.79)
AROUND: dict[str, Any] = {"centre": CENTRE, "radius": D(km=10)}
BOX: dict[str, Any] = {"bbox": Bbox(0.9, 47.7, 1.2, 47.9)}
CHEESE = {"products": ("cheese",)}
FARMS = {"activities": ("farm",)}
# What is shown of a page's entries is looked up.
KEYS = {"directory_search_entry_pkey", "directory_schedule_pkey"}

FILL = """
INSERT INTO directory_search_entry
    (id, merchant_id, schedule_id, public_point, terms, name, updated_at, demo, card)
SELECT i, i, 1 + i %% %s, ST_SetSRID(ST_MakePoint(0.1 + 3 * random(), 46.4 + 2.5 * random()), 4326),
       uniq(sort(t.path || ARRAY[%s::int, %s::int + i %% 6])), 'Ferme ' || i, now() - i * interval '1 s', true, '{}'
FROM generate_series(1, %s) AS i
CROSS JOIN LATERAL (SELECT path FROM directory_term ORDER BY id OFFSET i %% 475 LIMIT 1) AS t
"""
# Open for four hours each day, from one of ten hours on; a tenth of them are not known.
FILL_SCHEDULES = """
INSERT INTO directory_schedule (id, text, holidays, open_during, known_during)
SELECT i, 'invented ' || i, 'FR', stretches, CASE WHEN i %% 10 > 0 THEN '{[,)}'::tstzmultirange ELSE '{}' END
FROM generate_series(1, %s) AS i
CROSS JOIN LATERAL (
    SELECT range_agg(tstzrange(start, start + interval '4 h')) AS stretches
    FROM generate_series(date_trunc('day', now()) + i %% 10 * interval '1 h', now() + interval '60 d', '1 d') AS start
) AS days
"""
FILL_DETAILS = """
INSERT INTO directory_search_detail (id, document, folded_name, seasons)
SELECT id, to_tsvector('directory_french', 'Ferme numéro ' || id || ' du village ' || id %% 300),
       'ferme numero ' || id || ' du village ' || id %% 300, ARRAY(SELECT unnest(terms[1:2]) * 16 + 1 + id %% 12)
FROM directory_search_entry
"""


def fill() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.5)")
        cursor.execute(FILL_SCHEDULES, [SCHEDULES])
        cursor.execute(FILL, [SCHEDULES, place_term(VENDOME), place_term("18"), ROWS])
        cursor.execute(FILL_DETAILS, [])
        # What waits to be sorted into an index makes it dear: how much does, changes from run to run.
        for index in ("entry_terms", "detail_document", "detail_name_trgm", "detail_seasons"):
            cursor.execute("SELECT gin_clean_pending_list(%s::regclass)", [index])
        cursor.execute("ANALYZE directory_schedule, directory_search_entry, directory_search_detail")


def nodes(plan: dict) -> list[dict]:
    return [plan, *(node for child in plan.get("Plans", []) for node in nodes(child))]


def explain(sql: str, parameters: list) -> list[dict]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", parameters)
        (answer,) = cursor.fetchone()
    document = json.loads(answer) if isinstance(answer, str) else answer
    return nodes(document[0]["Plan"])


def explain_prepared(sql: str, parameters: list, mode: str) -> list[dict]:
    """The plan of a prepared statement: a connection that goes on asking ends up with the generic one."""
    numbers = itertools.count(1)
    numbered = re.sub("%s", lambda _: f"${next(numbers)}", sql)
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL plan_cache_mode = {mode}")
        cursor.execute(f"PREPARE question AS {numbered}")
    values = ", ".join(connection.ops.compose_sql("%s", [value]) for value in parameters)
    try:
        return explain(f"EXECUTE question({values})", [])
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DEALLOCATE question")


def indexes(question: Question, mode: str) -> set[str]:
    built = search.statement(question)
    plan = explain_prepared(built.sql, built.parameters, mode)
    assert "Seq Scan" not in {node["Node Type"] for node in plan}
    assert not any("BitmapAnd" in node["Node Type"] for node in plan)
    return {node["Index Name"] for node in plan if "Index Name" in node}
