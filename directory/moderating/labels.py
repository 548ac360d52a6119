"""Labels: declared by the merchant until an agent verifies them, and declared again when that runs out."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.models import MerchantLabel
from directory.moderating.notices import tell

State = MerchantLabel.State

# What the law lets be used by those alone who hold it; the others are brands of associations. Each is verified alike,
# these first. Signs of quality and origin: code rural, art. L. 640-2 and L. 641-1 to L. 641-13; artisan: loi 96-603,
# art. 21; maître restaurateur: décret 2007-1359; entreprise du patrimoine vivant: loi 2005-882, art. 23.
PROTECTED = frozenset({
    "organic", "aop", "aoc", "igp", "label_rouge", "hve", "artisan", "maitre_restaurateur",
    "entreprise_du_patrimoine_vivant",
})  # fmt: skip


def verify(link: MerchantLabel, who: str, until: date | None, by: Any) -> None:
    """An agent saw the proof. `who`: who vouches for it, as the sheet says; `until`: its last day."""
    link.state, link.verified_by, link.verified_until = State.VERIFIED, who, until
    _save(link, by, _("label vérifié"))


def refuse(link: MerchantLabel, by: Any) -> None:
    """The proof is lacking: the label leaves the entry, and its owner is told."""
    tell(link.merchant, "label_refused", label=link.label.code)
    _marked(link, by, _("label refusé"))
    link.delete()


def expire(today: date | None = None) -> int:
    """Those whose verification ran out are declared again; how many."""
    over = MerchantLabel.objects.filter(state=State.VERIFIED, verified_until__lt=today or timezone.localdate())
    count = 0
    for link in over.select_related("merchant", "label").order_by("pk"):
        link.state, link.verified_by, link.verified_until = State.DECLARED, "", None
        _save(link, None, _("vérification échue"))
        tell(link.merchant, "label_expired", label=link.label.code)
        count += 1
    return count


def verified_links(today: date | None = None) -> QuerySet[MerchantLabel]:
    """The labels whose verification has not run out."""
    until = Q(verified_until=None) | Q(verified_until__gte=today or timezone.localdate())
    return MerchantLabel.objects.filter(until, state=State.VERIFIED)


def state_on(link: MerchantLabel, today: date | None = None) -> str:
    """The state as anybody may be told it: a verification that ran out this morning is none."""
    over = link.verified_until is not None and link.verified_until < (today or timezone.localdate())
    return State.DECLARED if over else link.state


def _save(link: MerchantLabel, by: Any, why: str) -> None:
    _marked(link, by, why)
    link.save()


def _marked(link: Any, by: Any, why: str) -> None:
    link._history_user, link._change_reason = by, why
