"""All rows that a merge may touch, to be compared."""

from __future__ import annotations

from typing import Any

from django.db import connection

TABLES = (
    "merchant", "merchantlabel", "consent", "soldon", "pointofsale", "pointofsale_activities", "pointofsale_services",
    "pointofsale_service_communes", "offer", "photo", "report", "claim", "letter", "connectionreport", "gapcase",
    "sourcerecord", "search_entry", "duplicate",
)  # fmt: skip
# When a row was written, and ids of links that are made anew.
LEFT_OUT = {"updated_at"}


def dump() -> dict[str, list[Any]]:
    """The rows of each table, without the time of writing."""
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT * FROM directory_{table}")
            names = [column.name for column in cursor.description]
            left_out = LEFT_OUT | ({"id"} if table.startswith("pointofsale_") else set())
            kept = [number for number, name in enumerate(names) if name not in left_out]
            rows = [{names[number]: row[number] for number in kept} for row in cursor.fetchall()]
            found[table] = sorted(rows, key=str)
    return found
