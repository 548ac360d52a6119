"""Open, closed or unknown, and the next change, as the database says. Plans are pinned in tests/plans."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from directory.hours import state
from directory.models import Schedule

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
TODAY = datetime(2026, 11, 27, 0, 5, tzinfo=PARIS)  # a Friday
EDGE = datetime(2027, 1, 30, tzinfo=PARIS)  # where what is known ends


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=PARIS)


def worked_out(text: str | None) -> int | None:
    """The key of a schedule worked out on TODAY; None without a text."""
    if text is None:
        return None
    schedule = Schedule.objects.create(text=text)
    schedule.work_out(TODAY)
    Schedule.objects.filter(pk=schedule.pk).update(open_during=schedule.open_during, known_during=schedule.known_during)
    return schedule.pk


def ask(columns: str, join: str, text: str | None, *parameters: datetime) -> tuple:
    sql = f"SELECT {columns} FROM (SELECT %s::bigint AS schedule_id) AS entry {join}"
    with connection.cursor() as cursor:
        cursor.execute(sql, [worked_out(text), *parameters])
        (row,) = cursor.fetchall()
    return row


@pytest.mark.parametrize(
    ("text", "begins", "ends", "expected"),
    [
        ("Fr 09:00-12:00", at(27, 9), at(27, 9, 1), True),
        ("Fr 09:00-12:00", at(27, 8, 59), at(27, 9), False),
        ("Fr 09:00-12:00", at(27, 12), at(27, 13), False),
        ("Fr 09:00-12:00", at(27, 6), at(27, 18), True),
        ("Fr 09:00-12:00", at(28, 6), at(28, 18), False),
        ('Sa "sur rendez-vous"', at(28, 6), at(28, 18), None),
        ('Fr 09:00-12:00; Sa "sur rendez-vous"', at(27, 18), at(28, 6), None),
        ("24/7", EDGE - timedelta(seconds=1), EDGE, True),
        ("24/7", EDGE, EDGE + timedelta(seconds=1), None),
        ("Fr 09:00-12:00", EDGE - timedelta(hours=1), EDGE + timedelta(hours=1), None),
        ("lundi matin", at(27, 9), at(27, 10), None),
        (None, at(27, 9), at(27, 10), None),
    ],
    ids=str,
)
def test_open_during_a_span(text, begins, ends, expected):
    assert ask("hours.is_open", state.DURING, text, begins, ends) == (expected,)


@pytest.mark.parametrize(
    ("text", "moment", "open_now", "changes_at"),
    [
        ("Fr 09:00-12:00", at(27, 10), True, at(27, 12)),
        ("Fr 09:00-12:00", at(27, 9), True, at(27, 12)),
        ("Fr 09:00-12:00", at(27, 12), False, at(4, 9, month=12)),
        ("Fr 09:00-12:00,14:00-18:00", at(27, 8), False, at(27, 9)),
        ("Fr 09:00-12:00,14:00-18:00", at(27, 13), False, at(27, 14)),
        ("Fr 22:00-03:00", at(27, 23), True, at(28, 3)),
        ('Fr 09:00-12:00; Fr 12:00-14:00 "sur rendez-vous"', at(27, 12), None, None),
        ('Fr 12:00-14:00 "sur rendez-vous"; Sa 10:00-12:00', at(27, 12), None, at(28, 10)),
        ("24/7", at(27, 12), True, None),
        ("off", at(27, 12), False, None),
        ("May-Sep: We-Su 11:00-23:00", at(27, 12), False, None),
        ("Fr 09:00-12:00", EDGE, None, None),
        ("lundi matin", at(27, 9), None, None),
        (None, at(27, 9), None, None),
    ],
    ids=str,
)
def test_the_state_at_a_moment_and_its_next_change(text, moment, open_now, changes_at):
    assert ask("state.open_now, state.changes_at", state.AT, text, moment) == (open_now, changes_at)
