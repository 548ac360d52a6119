"""Words for things sold that the vocabulary lacks: kept as offers in free text, and proposed to the moderators once."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F, Func, QuerySet, TextField
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.models import Offer, Product, TermProposal
from directory.moderating.moving import change
from geo.folding import fold

LONGEST = 200
# Of one account, undecided: a list of a hundred invented words would bury those of everybody else.
MOST_WAITING = 20


def propose(word: str, by: Any = None) -> TermProposal | None:
    """The proposal of that word, made if nobody proposed it yet; None where the word says nothing.

    None too where MOST_WAITING of the account wait: the word stays in the offer, and is found there.

    One that was decided stays so: a refused word is not asked about again. `by`: the account of who wrote it, where
    there is no request to tell the history.
    """
    said = " ".join(word.split())[:LONGEST]
    folded = fold(said)[:LONGEST]
    if not folded:
        return None
    there = TermProposal.objects.filter(folded=folded).first()
    if there is not None or (by is not None and _waiting_of(by) >= MOST_WAITING):
        return there
    proposal, made = TermProposal.objects.get_or_create(folded=folded, defaults={"said": said})
    if made and by is not None:
        proposal.history.filter(history_user=None).update(history_user=by)
    return proposal


def _waiting_of(by: Any) -> int:
    made = TermProposal.history.filter(history_type="+", history_user=by).values("id")
    return TermProposal.objects.filter(pk__in=made, state=TermProposal.State.OPEN).count()


def product_for(line: str) -> int | None:
    """The id of the product that moderators attached those words to."""
    found = TermProposal.objects.filter(folded=fold(line)[:LONGEST], state=TermProposal.State.ACCEPTED)
    return found.values_list("product_id", flat=True).first()


def waiting_offers() -> QuerySet[Any]:
    """The offers that the vocabulary lacks a product for, with `folded`, their words."""
    folded = Func(F("line"), function="directory_fold", output_field=TextField())
    return Offer.objects.filter(product=None).annotate(folded=folded)


@transaction.atomic
def decide(proposal: TermProposal, state: str, product: Product | None, by: Any) -> int:
    """Attach the word to a product, or leave it in free text; how many offers got the product."""
    accepted = state == TermProposal.State.ACCEPTED
    proposal.state, proposal.product = state, product if accepted else None
    proposal.decided_by, proposal.decided_at = (
        (None, None) if state == TermProposal.State.OPEN else (by, timezone.now())
    )
    proposal.save()
    if not accepted:
        return 0
    why = _("mot rattaché à un produit")
    rows = waiting_offers().filter(folded=proposal.folded)
    return sum(change(row, {"product_id": product.pk if product else None}, by, why) is not None for row in rows)
