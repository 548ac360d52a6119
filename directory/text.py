"""Typed words -> a condition over directory_search_detail: full text in French and English, misspelt words forgiven.

What the words ask is worked out by the database (`directory_asked`, in migrations/sql/0004_search_detail.sql), from the
whole catalogue and never from what other filters leave of it: so another filter never brings more results. A word that
no point of sale has means the words of names that are nearest to it; the others mean what they say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from geo.folding import SMALL_WORDS, fold

# A name made of nothing but words too common to be looked for ("Le Où") is found as a whole.
MATCHES = "(detail.document @@ (SELECT directory_asked(%s::text[])) OR detail.folded_name = %s)"
# The name itself comes first; then words in the name, in what is offered, in the French and the English description.
# Between equals the shorter name, of which the words are more: 200 characters weigh less than any of that.
RANK = """CASE WHEN detail.folded_name = %s THEN 2
     ELSE ts_rank('{0.1, 0.2, 0.4, 1}', detail.document, (SELECT directory_asked(%s::text[])))
          - length(detail.folded_name) / 10000.0
     END::float4"""


@dataclass(frozen=True, slots=True)
class TextCondition:
    """SQL over the alias `detail` (directory_search_detail): which rows match, and how well, the best highest."""

    sql: str
    params: tuple[Any, ...]
    rank_sql: str
    rank_params: tuple[Any, ...]


EVERYTHING = TextCondition("true", (), "0::float4", ())


def text_condition(text: str) -> TextCondition:
    """What a text asks; one without a letter or digit asks nothing, and everything matches."""
    name = fold(text)
    words = significant_words(name)
    if not words:
        return EVERYTHING
    return TextCondition(MATCHES, (words, name), RANK, (name, words))


def significant_words(folded: str) -> list[str]:
    """Each word once, without articles and links; all of them when nothing else is there."""
    words = list(dict.fromkeys(folded.split()))
    return [word for word in words if word not in SMALL_WORDS] or words
