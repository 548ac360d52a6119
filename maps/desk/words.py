"""A case in words: what is found and how well it is known, what its priority is the sum of, how long things took."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from directory.gaps.priority import TERMS
from directory.models import CaseEvent, GapCase
from geo.coverage import wording
from geo.coverage.steps import UNKNOWN, Count
from maps.desk.common import name_of

TERM_NAMES = {
    "class": gettext_lazy("classe"),
    "share": gettext_lazy("part"),
    "copper": gettext_lazy("cuivre"),
    "no_online_shop": gettext_lazy("sans boutique en ligne"),
    "own_report": gettext_lazy("réponse du commerçant"),
}


@dataclass(frozen=True)
class Term:
    """A term of a priority: so many points of at most so many, and why."""

    name: str
    points: int
    most: int
    why: str = ""


def found(case: GapCase) -> str:
    """What is known, with the number behind it: of the zone, or of the commune's premises; never of the shop's line."""
    if case.evidence_gone:
        return _("Chiffres ou zone d'alors : plus gardés")
    if case.zone is not None:
        return _("Zone : {speed}").format(speed=wording.range_in_words(case.finding))
    if case.eligible is None or case.premises is None:
        return _("Aucun chiffre pour cette commune")
    lacking = case.evidence == GapCase.Evidence.COMMUNE
    return wording.share(case.indicator, Count(case.eligible, case.premises), lacking=lacking)


def evidence(case: GapCase) -> str:
    """How well it is known; that a merchant's reply alone put the case here; nothing of what is no longer kept."""
    if case.evidence_gone:
        return ""
    name = str(case.get_evidence_display())
    if case.evidence == GapCase.Evidence.REPORT and case.finding != UNKNOWN:
        return _("hors zone, {evidence}").format(evidence=name)
    return name


def copper(case: GapCase) -> date | None:
    """When the commune's copper closes, as far as the finding is kept."""
    return None if case.evidence_gone else case.copper_on


def terms(case: GapCase) -> list[Term]:
    """Term by term, in the order in which they are weighed."""
    why = _reasons(case)
    return [
        Term(str(TERM_NAMES[term]), case.points.get(term, 0), settings.GAP_WEIGHTS[term], why.get(term, ""))
        for term in TERMS
    ]


def arithmetic(case: GapCase) -> str:
    """ "classe 30 sur 30 · part 25 sur 25 · …"."""
    text = _("{name} {points} sur {most}")
    return " · ".join(text.format(name=term.name, points=term.points, most=term.most) for term in terms(case))


def weights() -> str:
    """What each term counts for at most, as it is printed above the list."""
    text = _("{name} {most}")
    parts = [text.format(name=TERM_NAMES[term], most=settings.GAP_WEIGHTS[term]) for term in TERMS]
    return _("Priorité sur {sum} points : {parts}.").format(
        sum=sum(settings.GAP_WEIGHTS.values()), parts=", ".join(parts)
    )


def _reasons(case: GapCase) -> dict[str, str]:
    zone, gone = case.zone is not None, case.evidence_gone
    closes = copper(case)
    return {
        "class": found(case) if gone else wording.step_in_words("" if zone else case.indicator, case.finding),
        "share": _("Dans une zone livrée, tous les locaux comptent.") if zone else found(case),
        "copper": _("Fermeture technique le {date}").format(date=wording.day_in_words(closes))
        if closes
        else (found(case) if gone else _("Date de fermeture inconnue ou lointaine")),
        "no_online_shop": _("Pas d'adresse de boutique en ligne dans sa fiche")
        if case.points.get("no_online_shop")
        else _("Une boutique en ligne dans sa fiche"),
        "own_report": _("Ce que le commerçant dit de sa ligne, ci-dessous")
        if case.points.get("own_report")
        else _("Pas de réponse qui compte"),
    }


# --- Time ------------------------------------------------------------------------------------------------------------
def days(number: float) -> str:
    """ "1 jour", "12 jours", "moins d'un jour"; a mean is rounded to whole days."""
    whole = round(number)
    if whole == 0:
        return _("moins d'un jour")
    return ngettext("{n} jour", "{n} jours", whole).format(n=whole)


def mean_days(number: float | None) -> str:
    return "–" if number is None else days(number)


def between(start: datetime, end: datetime) -> int:
    """Calendar days in the région's time."""
    return (timezone.localdate(end) - timezone.localdate(start)).days


def clock(case: GapCase, now: datetime) -> list[str]:
    """From the first flag to the first contact and to a solution, or how long each has been waited for."""
    since = between(case.flagged_at, now)
    lines = [_("Signalé le {date}").format(date=long_day(case.flagged_at))]
    for at, done, awaited in (
        (case.contacted_at, _("Premier contact après {days}"), _("Pas encore contacté, depuis {days}")),
        (case.solved_at, _("Solution trouvée après {days}"), _("Pas encore de solution, depuis {days}")),
    ):
        took = since if at is None else between(case.flagged_at, at)
        if at is None and not took:
            continue  # flagged today: nothing has been waited for
        lines.append((awaited if at is None else done).format(days=days(took)))
    if not case.in_gap and case.left_at is not None:
        lines.append(
            _("Sorti de la zone le {date}").format(date=wording.day_in_words(timezone.localdate(case.left_at)))
        )
    return lines


# --- Steps -----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Step:
    """An event of a case's timeline: who, when, what changed, and the note."""

    at: datetime
    by: str
    changes: list[str]
    note: str


def steps(events: list[CaseEvent]) -> list[Step]:
    """The events, latest first, each compared with the one before it."""
    return [
        Step(event.at, author(event.by), changes(event, earlier), event.note)
        for event, earlier in zip(events, [*events[1:], None], strict=False)
    ]


def author(user: Any) -> str:
    return _("Auteur inconnu") if user is None else name_of(user)


def changes(event: CaseEvent, earlier: CaseEvent | None) -> list[str]:
    """What the step changed; of a first step, whatever it set."""
    said = []
    if event.before != event.after:
        said.append(_("{before} → {after}").format(before=event.get_before_display(), after=event.get_after_display()))
    if event.need != (earlier.need if earlier else GapCase.Need.UNKNOWN):
        said.append(_("besoin : {need}").format(need=event.get_need_display()))
    if event.assignee_id != (earlier.assignee_id if earlier else None):
        name = name_of(event.assignee) if event.assignee else _("Personne").lower()
        said.append(_("suivi par : {name}").format(name=name))
    if event.next_on != (earlier.next_on if earlier else None):
        said.append(_("prochaine date : {date}").format(date=day(event.next_on) or _("aucune")))
    return said


def long_day(value: datetime) -> str:
    return wording.day_in_words(timezone.localdate(value))


def day(value: date | None) -> str:
    """A day as it stands in a table: "30/11/2026"."""
    return "" if value is None else str(date_format(value, "SHORT_DATE_FORMAT"))


def short_day(value: date | None) -> str:
    """A day without its year: "30/11"."""
    return "" if value is None else f"{value:%d/%m}"


def moment(value: datetime) -> str:
    """A day and a time: "30/11/2026 09:15"."""
    return str(date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT"))
