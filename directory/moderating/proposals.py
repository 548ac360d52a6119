"""Words for things sold that the vocabulary lacks: kept as offers in free text, and proposed to the moderators once."""

from __future__ import annotations

from typing import Any

from directory.models import TermProposal
from geo.folding import fold

LONGEST = 200


def propose(word: str, by: Any = None) -> TermProposal | None:
    """The proposal of that word, made if nobody proposed it yet; None where the word says nothing.

    One that was decided stays so: a refused word is not asked about again. `by`: the account of who wrote it, where
    there is no request to tell the history.
    """
    said = " ".join(word.split())[:LONGEST]
    folded = fold(said)[:LONGEST]
    if not folded:
        return None
    proposal, made = TermProposal.objects.get_or_create(folded=folded, defaults={"said": said})
    if made and by is not None:
        proposal.history.filter(history_user=None).update(history_user=by)
    return proposal
