"""Whether points of sale are open, by their ids: for pages that show a few."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import connection

from directory.hours.state import AT

STATES = f"""
SELECT place.id, state.open_now, state.changes_at
FROM (SELECT id, schedule_id FROM directory_pointofsale WHERE id = ANY(%s)) AS place
{AT}
"""  # noqa: S608

# Open (None: not known), and when that changes, as a search's hit tells it.
State = tuple[bool | None, datetime | None]


def states(ids: Collection[int], now: datetime) -> dict[int, State]:
    """The state of each point of sale at `now`."""
    with connection.cursor() as cursor:
        cursor.execute(STATES, [list(ids), now])
        return {id_: (open_now, changes_at) for id_, open_now, changes_at in cursor.fetchall()}
