"""Opening hours: a text, and the coming weeks worked out from it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from opening_hours import OpeningHours
from psycopg.types.multirange import Multirange

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


class Schedule(models.Model):
    """One row per distinct opening_hours text (OpenStreetMap syntax) and holiday calendar."""

    text = models.TextField(_("horaires"), validators=[validate_opening_hours])
    holidays = models.CharField(_("jours fériés"), max_length=10, default="FR")
    # When it is open, and when that is known: elsewhere it is neither open nor closed, but unknown.
    open_during = TimesField(default=Multirange, db_default=models.Value("{}"), editable=False)
    known_during = TimesField(default=Multirange, db_default=models.Value("{}"), editable=False)
    # When these were worked out; null: not yet.
    refreshed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("horaires")
        verbose_name_plural = _("horaires")
        constraints = [models.UniqueConstraint(fields=["text", "holidays"], name="schedule_once")]
        indexes = [models.Index(fields=["refreshed_at"], name="schedule_refreshed")]

    def __str__(self) -> str:
        return self.text
