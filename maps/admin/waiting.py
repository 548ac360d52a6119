"""What waits for an agent: the first lines of the admin's home, counted there by reason."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from directory.models import MerchantLabel, PointOfSale, TermProposal
from directory.moderating.labels import PROTECTED
from maps.admin.reasons import open_pairs
from maps.admin.worklists import DOUBTFUL, GRAVEST, MODERATION, QUEUES, REASON_PARAMETER

# (a word of its own, what it says, where it leads)
Waiting = tuple[str, str, str]


def queues(user: Any) -> Iterator[Waiting]:
    """The queues themselves, without asking how many wait: every page of the admin names them."""
    if _may(user, "pointofsale"):
        for queue in QUEUES.values():
            yield queue.slug, capfirst(queue.title), queue.url


def waiting(user: Any) -> Iterator[Waiting]:
    """What the person may see of it."""
    if _may(user, "pointofsale"):
        yield from _entries()
    if _may(user, "duplicate"):
        yield _counted("doublons", _("doublons possibles"), open_pairs().count(), "duplicate", "state__exact=open")
    if _may(user, "merchantlabel"):
        declared = MerchantLabel.objects.filter(state=MerchantLabel.State.DECLARED, label__code__in=PROTECTED).count()
        yield _counted("labels", _("labels protégés à vérifier"), declared, "merchantlabel", "todo=1")
    if _may(user, "termproposal"):
        words = TermProposal.objects.filter(state=TermProposal.State.OPEN).count()
        yield _counted("mots", _("mots proposés"), words, "termproposal", "state__exact=open")


def _entries() -> Iterator[Waiting]:
    """One query, whose rows the index on the reviews gives."""
    rows = MODERATION.rows(PointOfSale.objects.all()).order_by()
    counts = {str(review): Count("pk", filter=Q(reviews__contains=[review])) for review in GRAVEST}
    found = rows.aggregate(all=Count("pk"), **counts)
    yield MODERATION.slug, f"{capfirst(MODERATION.title)} ({found['all']})", MODERATION.url
    for review in GRAVEST:
        if review != PointOfSale.Review.DOUBTFUL_PIN and (count := found[review]):
            yield (
                f"{MODERATION.slug}-{review}",
                f"— {review.label} ({count})",
                f"{MODERATION.url}?{REASON_PARAMETER}={review}",
            )
    yield DOUBTFUL.slug, f"{capfirst(DOUBTFUL.title)} ({found['doubtful_pin']})", DOUBTFUL.url


def _counted(slug: str, title: str, count: int, model: str, query: str) -> Waiting:
    return slug, f"{capfirst(title)} ({count})", f"{reverse(f'admin:directory_{model}_changelist')}?{query}"


def _may(user: Any, model: str) -> bool:
    return bool(user.has_perm(f"directory.view_{model}") or user.has_perm(f"directory.change_{model}"))
