"""Schedules are filled when they are made, and worked out anew each day."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directory.hours import refreshing
from directory.hours.refreshing import not_refreshed_since, refresh_schedules
from directory.models import Schedule, SearchEntry
from tests.builders import point_of_sale

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
NIGHT = datetime(2026, 11, 27, 0, 5, tzinfo=PARIS)
WEEKDAYS = "Mo-Fr 09:00-12:00"


def never_refreshed(*texts: str) -> None:
    """Rows written past Django."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO directory_schedule (text, holidays) SELECT unnest(%s::text[]), 'FR'", [list(texts)])


def first_opening(text: str) -> datetime:
    return Schedule.objects.get(text=text).open_during[0].lower


class TestFilling:
    def test_one_that_is_made_is_filled(self):
        Schedule.objects.create(text=WEEKDAYS)
        found = Schedule.objects.get(text=WEEKDAYS)
        assert 40 < len(found.open_during) < 50
        assert found.known_during[0].lower == timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        assert not not_refreshed_since(timezone.now() - timedelta(minutes=1)).exists()

    def test_those_made_in_bulk_are_filled(self):
        ids = Schedule.objects.ids_of([WEEKDAYS, "24/7"])
        assert {len(found.known_during) for found in Schedule.objects.filter(pk__in=ids.values())} == {1}
        assert ids.keys() == {WEEKDAYS, "24/7"}

    def test_those_that_exist_are_found_not_made(self, django_assert_num_queries):
        made = Schedule.objects.create(text=WEEKDAYS)
        Schedule.objects.create(text=WEEKDAYS, holidays="DE")
        with django_assert_num_queries(1):
            assert Schedule.objects.ids_of([WEEKDAYS]) == {WEEKDAYS: made.pk}
        assert Schedule.objects.ids_of([WEEKDAYS, "24/7"])[WEEKDAYS] == made.pk
        assert Schedule.objects.ids_of([]) == {}

    @pytest.mark.parametrize("update_fields", [None, ["text"]])
    def test_one_whose_text_changes_is_worked_out_again(self, update_fields):
        Schedule.objects.create(text=WEEKDAYS)
        found = Schedule.objects.get(text=WEEKDAYS)
        found.text = "24/7"
        found.save(update_fields=update_fields)
        assert len(Schedule.objects.get(text="24/7").open_during) == 1

    def test_one_edited_in_the_administration_is_worked_out_again(self, admin_client):
        made = Schedule.objects.create(text=WEEKDAYS)
        admin_client.post(f"/gestion/directory/schedule/{made.pk}/change/", {"text": "24/7", "holidays": "FR"})
        assert len(Schedule.objects.get(pk=made.pk).open_during) == 1

    def test_a_list_of_schedules_does_not_read_their_windows(self):
        Schedule.objects.create(text=WEEKDAYS)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            list(Schedule.objects.all())
        assert "open_during" not in captured[0]["sql"]


class TestRefreshing:
    def test_once_a_day_however_often_it_is_called(self):
        never_refreshed(WEEKDAYS, "24/7", "lundi matin")
        assert refresh_schedules(NIGHT) == 3
        assert refresh_schedules(NIGHT + timedelta(hours=23)) == 0
        assert refresh_schedules(NIGHT + timedelta(hours=24)) == 3

    def test_windows_move_on_with_the_days(self):
        never_refreshed(WEEKDAYS)
        refresh_schedules(NIGHT)
        assert first_opening(WEEKDAYS) == datetime(2026, 11, 27, 9, tzinfo=PARIS)
        refresh_schedules(NIGHT + timedelta(days=1))
        assert first_opening(WEEKDAYS) == datetime(2026, 11, 30, 9, tzinfo=PARIS)

    def test_a_text_that_cannot_be_read_stops_nothing_and_is_unknown(self):
        never_refreshed("lundi matin", WEEKDAYS)
        refresh_schedules(NIGHT)
        assert len(Schedule.objects.get(text="lundi matin").known_during) == 0
        assert len(Schedule.objects.get(text=WEEKDAYS).known_during) == 1

    def test_more_than_a_chunk(self, monkeypatch):
        monkeypatch.setattr(refreshing, "CHUNK", 2)
        never_refreshed(*(f"Mo 09:0{minute}-12:00" for minute in range(5)))
        assert refresh_schedules(NIGHT) == 5
        assert not not_refreshed_since(NIGHT).exists()

    def test_the_same_as_what_saving_gives(self):
        text = 'Mo-Fr 09:00-12:00; Sa "sur rendez-vous"; Su 22:00-03:00; PH off'
        made = Schedule.objects.create(text=text)
        Schedule.objects.filter(pk=made.pk).update(refreshed_at=None, open_during="{}", known_during="{}")
        refresh_schedules()
        found = Schedule.objects.get(pk=made.pk)
        assert (found.open_during, found.known_during) == (made.open_during, made.known_during)

    def test_the_hot_table_is_left_alone(self):
        point_of_sale(schedule=Schedule.objects.create(text=WEEKDAYS))
        before = entry_versions()
        with CaptureQueriesContext(connection) as captured:
            assert refresh_schedules(timezone.now() + timedelta(days=1)) == 1
        assert entry_versions() == before
        assert not any("search_entry" in query["sql"] for query in captured)

    def test_stale_ones_are_found_by_index(self):
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO directory_schedule (text, holidays, refreshed_at)"
                " SELECT 'text ' || i, 'FR', now() FROM generate_series(1, 5000) AS i"
            )
            cursor.execute("ANALYZE directory_schedule")
        assert "schedule_refreshed" in not_refreshed_since(timezone.now() - refreshing.LATE).explain()


def entry_versions() -> list[tuple[int, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, xmin::text, ctid::text FROM directory_search_entry ORDER BY id")
        found = cursor.fetchall()
    assert len(found) == SearchEntry.objects.count() > 0
    return found


class TestReady:
    def test_schedules_left_for_two_days_are_told_with_the_remedy(self, client):
        made = Schedule.objects.create(text=WEEKDAYS)
        assert client.get("/ready/").json() == {"status": "ready"}
        Schedule.objects.filter(pk=made.pk).update(refreshed_at=timezone.now() - timedelta(days=2, minutes=1))
        answer = client.get("/ready/")
        assert answer.status_code == 200
        assert "procrastinate worker" in answer.json()["degraded"]["opening_hours"]
        refresh_schedules()
        assert client.get("/ready/").json() == {"status": "ready"}
