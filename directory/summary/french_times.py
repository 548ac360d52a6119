"""Times in French words: "en ce moment", "dimanche matin", "le samedi 28 novembre à 10 h 30", "jusqu'à 18 h"."""

from __future__ import annotations

from datetime import date, datetime

from directory.questions import THIS_MONTH, At, Now, On, Opening, phrasing
from directory.questions.opening import local_zone
from directory.summary.facts import Until, week_ahead

NBSP = "\u00a0"
DAYS, MONTHS = phrasing.DAYS["fr"], phrasing.MONTHS["fr"]
PARTS = {None: "", "morning": " matin", "afternoon": " après-midi", "evening": " soir"}
PARTS_OF_A_DATE = {"morning": " au matin", "afternoon": " dans l'après-midi"}  # no evening is over before its day


def when(opening: Opening, now: datetime) -> str:
    """After "ouvertes"."""
    match opening:
        case Now():
            return "en ce moment"
        case On():
            return day(opening, now)
        case At(moment):
            local = moment.astimezone(local_zone())
            return f"le {_dated(local)} à {hour(local)}"


def day(opening: On, now: datetime) -> str:
    """ "dimanche matin"; with its date a week ahead, "vendredi 4 décembre au matin"."""
    ahead = week_ahead(opening, now)
    if ahead is None:
        return DAYS[opening.weekday - 1] + PARTS[opening.part]
    return _dated(ahead) + PARTS_OF_A_DATE.get(opening.part or "", "")


def _dated(at: date) -> str:
    return f"{DAYS[at.weekday()]} {'1er' if at.day == 1 else at.day} {MONTHS[at.month - 1]}"


def until(change: Until) -> str:
    """ "jusqu'à 18 h", "jusqu'à demain 9 h", "jusqu'à lundi 9 h 30"."""
    told = {Until.Day.SOON: "", Until.Day.TOMORROW: "demain "}.get(change.day, f"{DAYS[change.weekday]} ")
    return f"jusqu'à {told}{hour(change.at)}"


def hour(local: datetime) -> str:
    """ "18 h", "10 h 30", "midi", "minuit"."""
    if local.minute == 0 and local.hour % 12 == 0:
        return "midi" if local.hour else "minuit"
    minutes = f"{NBSP}{local.minute:02}" if local.minute else ""
    return f"{local.hour}{NBSP}h{minutes}"


def in_season(month: int) -> str:
    """ "de saison", "de saison en juin"."""
    return "de saison" if month == THIS_MONTH else f"de saison {in_month(month)}"


def in_month(month: int) -> str:
    """ "en juin"."""
    return f"en {MONTHS[month - 1]}"
