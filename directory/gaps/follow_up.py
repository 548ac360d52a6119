"""What an official writes about a case: one step at a time, kept for good."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.models import CaseEvent, GapCase, Official

LONGEST_NOTE = 2_000
CONTACT_MADE = {GapCase.State.CONTACTED, GapCase.State.SOLUTION_FOUND, GapCase.State.CONNECTED, GapCase.State.REFUSED}
SOLVED = {GapCase.State.SOLUTION_FOUND, GapCase.State.CONNECTED}


class FollowUpError(Exception):
    """A step that cannot be written; the message names the remedy."""


@transaction.atomic
def record(
    case: GapCase,
    by: Any,
    *,
    state: str | None = None,
    need: str | None = None,
    assignee: Any = ...,
    next_on: date | Any | None = ...,
    note: str = "",
    seen: int | None = None,
) -> CaseEvent:
    """Write one step: what is given changes, the rest stays. The clocks stop at the first contact and solution.

    `seen` is the last step that the writer had read, 0 where there was none. Raises FollowUpError where another was
    written since, where nothing changes and nothing is noted, or the assignee is not an official of the département.
    """
    held = GapCase.objects.select_for_update().get(pk=case.pk)
    if seen is not None and seen != last_step(held):
        raise FollowUpError(
            _("Quelqu'un a écrit dans ce dossier entre-temps : relisez-le ci-dessous, puis enregistrez.")
        )
    before = (held.state, held.need, held.assignee_id, held.next_on)
    held.state = state or held.state
    if need and need != held.need:
        held.need, held.need_given = need, True
    if assignee is not ...:
        _check_assignee(held, assignee)
        held.assignee = assignee
    if next_on is not ...:
        held.next_on = next_on
    note = note.strip()[:LONGEST_NOTE]
    if before == (held.state, held.need, held.assignee_id, held.next_on) and not note:
        raise FollowUpError(_("Rien n'a changé : choisissez un état ou une date, ou écrivez une note."))
    _stop_clocks(held)
    held.save()
    return CaseEvent.objects.create(
        case=held, by=by, before=before[0], after=held.state, need=held.need, assignee=held.assignee,
        next_on=held.next_on, note=note,
    )  # fmt: skip


def last_step(case: GapCase) -> int:
    """The id of the case's last step, 0 where there is none."""
    return case.events.values_list("pk", flat=True).first() or 0


def assignees(departement: str) -> list[Any]:
    """The people who may be given a case of the département."""
    posts = Official.objects.filter(departement=departement, user__is_active=True).select_related("user")
    return [post.user for post in posts.order_by("user__last_name", "user__username")]


def _check_assignee(case: GapCase, assignee: Any) -> None:
    if assignee is not None and not Official.objects.filter(departement=case.departement_id, user=assignee).exists():
        raise FollowUpError(_("Cette personne n'est pas du département : choisissez-en une de la liste."))


def _stop_clocks(case: GapCase) -> None:
    """The first contact and the first solution count; a state before them takes a mistaken one back."""
    now = timezone.now()
    case.contacted_at = (case.contacted_at or now) if case.state in CONTACT_MADE else None
    case.solved_at = (case.solved_at or now) if case.state in SOLVED else None
