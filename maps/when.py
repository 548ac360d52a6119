"""When, in words: what is open and until what hour, and what a question asks of opening hours and seasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from directory.questions import THIS_MONTH, Now, On, Opening
from directory.questions.phrasing import DAYS
from directory.summary import times
from maps.wording import language

# Until this hour, what closes after midnight closes "à 2 h", not "demain à 2 h".
NIGHT_ENDS = 6
# Up to so many days ahead, a weekday's name is enough.
WEEK = 6


@dataclass(frozen=True)
class State:
    """Whether a place is open: `kind` is "open", "closed" or "unknown"; `text` says it, and until when."""

    kind: str
    text: str


def state(open_now: bool | None, changes_at: datetime | None, now: datetime) -> State:
    """ "Ouvert · ferme à 12 h 30", "Fermé · ouvre lundi à 9 h", "Horaires inconnus"."""
    if open_now is None:
        return State("unknown", _("Horaires inconnus"))
    kind, said, change = (
        ("open", _("Ouvert"), _("ferme {when}")) if open_now else ("closed", _("Fermé"), _("ouvre {when}"))
    )
    if changes_at is None:
        return State(kind, said)
    return State(kind, f"{said} · {change.format(when=_at(localtime(changes_at), localtime(now)))}")


def _at(moment: datetime, now: datetime) -> str:
    days = (moment.date() - now.date()).days
    time = times(language()).hour(moment)
    if days == 0 or (days == 1 and moment.hour < NIGHT_ENDS):
        return _("à {time}").format(time=time)
    if days == 1:
        return _("demain à {time}").format(time=time)
    if days <= WEEK:
        return _("{day} à {time}").format(day=DAYS[language()][moment.weekday()], time=time)
    return _("le {date} à {time}").format(date=date_format(moment, "j F"), time=time)


def asked_opening(opening: Opening, now: datetime) -> str:
    """ "Ouvert maintenant", "Ouvert dimanche matin", "Ouvert le samedi 30 mai à 10 h 30"."""
    match opening:
        case Now():
            return _("Ouvert maintenant")
        case On():
            return _("Ouvert {day}").format(day=times(language()).day(opening, now))
        case _:
            return _("Ouvert {when}").format(when=times(language()).when(opening, now))


def other_openings(opening: Opening, now: datetime) -> list[Opening]:
    """What may be asked instead: now, and the parts of the same day; of now, the coming days and the week-end."""
    days = [opening.weekday] if isinstance(opening, On) else []
    if not days:
        tomorrow = localtime(now) + timedelta(days=1)
        days = list(dict.fromkeys((localtime(now).isoweekday(), tomorrow.isoweekday(), 6, 7)))
        others: list[Opening] = [Now(), *(On(day) for day in days)]
    else:
        others = [Now(), *(On(days[0], part) for part in (None, "morning", "afternoon", "evening"))]
    return [other for other in others if other != opening]


def asked_season(season: int) -> str:
    """ "De saison", "De saison en mai"."""
    said = times(language()).in_season(season)
    return said[:1].upper() + said[1:]


def season_badge(season: int | None) -> str:
    """What is said of a product in its season: "de saison"; of a month that was asked for, "en juin"."""
    return times(language()).in_month(season) if season else times(language()).in_season(THIS_MONTH)
