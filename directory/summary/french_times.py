"""Times in French words: "en ce moment", "dimanche matin", "le samedi 28 novembre à 10 h 30", "jusqu'à 18 h"."""

from __future__ import annotations

from datetime import datetime

from directory.questions import THIS_MONTH, At, Now, On, Opening
from directory.questions.opening import local_zone
from directory.summary.facts import Until

NBSP = "\u00a0"
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
PARTS = {None: "", "morning": " matin", "afternoon": " après-midi", "evening": " soir"}
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip


def when(opening: Opening) -> str:
    """After "ouvertes"."""
    match opening:
        case Now():
            return "en ce moment"
        case On(weekday, part):
            return DAYS[weekday - 1] + PARTS[part]
        case At(moment):
            local = moment.astimezone(local_zone())
            day = "1er" if local.day == 1 else local.day
            return f"le {DAYS[local.weekday()]} {day} {MONTHS[local.month - 1]} à {hour(local)}"


def until(change: Until) -> str:
    """ "jusqu'à 18 h", "jusqu'à demain 9 h", "jusqu'à lundi 9 h 30"."""
    day = {Until.Day.SOON: "", Until.Day.TOMORROW: "demain "}.get(change.day, f"{DAYS[change.weekday]} ")
    return f"jusqu'à {day}{hour(change.at)}"


def hour(local: datetime) -> str:
    """ "18 h", "10 h 30"; the last of a day is "minuit"."""
    if (local.hour, local.minute) == (0, 0):
        return "minuit"
    minutes = f"{NBSP}{local.minute:02}" if local.minute else ""
    return f"{local.hour}{NBSP}h{minutes}"


def in_season(month: int) -> str:
    """ "de saison", "de saison en juin"."""
    return "de saison" if month == THIS_MONTH else f"de saison en {MONTHS[month - 1]}"
