"""Opening hours: a text, and the coming weeks worked out from it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from opening_hours import OpeningHours
from psycopg.types.multirange import Multirange

from directory.hours.evaluation import evaluate
from directory.models.fields import TimesField


def validate_opening_hours(value: str) -> None:
    try:
        OpeningHours(value)
    except Exception as error:  # the parser raises its own SyntaxError, not exported in every version
        raise ValidationError(
            _("Horaires illisibles. Exemple : « Mo-Fr 09:00-12:30,14:00-18:00; Sa 09:00-12:30; PH off ». (%(why)s)"),
            code="opening_hours",
            params={"why": str(error).splitlines()[0] if str(error) else ""},
        ) from error


class ScheduleQuerySet(models.QuerySet["Schedule"]):
    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        schedules = list(objs)
        for schedule in schedules:
            schedule.work_out()
        return super().bulk_create(schedules, *args, **kwargs)

    def ids_of(self, texts: Iterable[str]) -> dict[str, int]:
        """The schedules of these texts, with the région's holidays; made where they lack."""
        wanted = set(texts)
        usual = self.filter(holidays=Schedule._meta.get_field("holidays").default)
        found = dict(usual.filter(text__in=wanted).values_list("text", "id"))
        if new := sorted(wanted - found.keys()):
            self.bulk_create([Schedule(text=text) for text in new], ignore_conflicts=True)
            found |= usual.filter(text__in=new).values_list("text", "id")
        return found


class ScheduleManager(models.Manager.from_queryset(ScheduleQuerySet)):  # type: ignore[misc]
    def get_queryset(self) -> ScheduleQuerySet:
        """Without the windows, which SQL reads: making Python values of them takes 0.3 ms a row."""
        return super().get_queryset().defer(*Schedule.WINDOWS)


class Schedule(models.Model):
    """One row per distinct opening_hours text (OpenStreetMap syntax) and holiday calendar.

    Its windows are worked out whenever it is saved or made, and anew each day: see directory.hours.
    """

    WINDOWS = ("open_during", "known_during")

    text = models.TextField(_("horaires"), validators=[validate_opening_hours])
    holidays = models.CharField(_("jours fériés"), max_length=10, default="FR")
    # When it is open, and when that is known: elsewhere it is neither open nor closed, but unknown.
    open_during = TimesField(default=Multirange, db_default=models.Value("{}"), editable=False)
    known_during = TimesField(default=Multirange, db_default=models.Value("{}"), editable=False)
    # When these were worked out; null: not yet.
    refreshed_at = models.DateTimeField(null=True, editable=False)

    objects = ScheduleManager()

    class Meta:
        verbose_name = _("horaires")
        verbose_name_plural = _("horaires")
        constraints = [models.UniqueConstraint(fields=["text", "holidays"], name="schedule_once")]
        indexes = [models.Index(fields=["refreshed_at"], name="schedule_refreshed")]

    def __str__(self) -> str:
        return self.text

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        self.work_out()
        if update_fields is not None:
            update_fields = {*update_fields, *self.WINDOWS, "refreshed_at"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def work_out(self, now: datetime | None = None) -> None:
        """Set the windows from the text, for the weeks that follow `now`."""
        now = now or timezone.now()
        west, south, east, north = settings.REGION["bbox"]
        centre = ((south + north) / 2, (west + east) / 2)
        windows = evaluate(self.text, self.holidays, ZoneInfo(settings.TIME_ZONE), now, centre)
        self.open_during, self.known_during, self.refreshed_at = windows.open, windows.known, now
