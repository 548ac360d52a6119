"""Typed words -> a condition over directory_search_detail: full text in French and English, misspelt words forgiven.

What the words ask is worked out by the database (`directory_asked`, in migrations/sql/0004_search_detail.sql), from the
whole catalogue and never from what other filters leave of it: so another filter never brings more results. A word that
no point of sale has means the words of names that are nearest to it; the others mean what they say. Words of grammar
are not asked for: PostgreSQL does not know all of them once their accents are gone ("à", "été", "même").
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from directory.questions.common_words import listed
from geo.folding import ARTICLES, SMALL_WORDS, fold

# Nothing but words of grammar asks for names: for those that hold them all ("Chez Mémé"), and for the name that they
# are, since some are in no document ("Le Où").
MATCHES_NAMES = "(detail.document @@ to_tsquery('directory_french', %s) OR detail.folded_name = %s)"
MATCHES = "(detail.document @@ (SELECT directory_asked(%s::text[])) OR detail.folded_name = %s)"
# PostgreSQL's own French list, without accents: what no other list of ours has.
VERB_FORMS = frozenset({
    "etaient", "etais", "etait", "etant", "etante", "etantes", "etants", "etee", "etees", "etiez", "etions", "eumes",
    "eutes", "fumes", "futes",
})  # fmt: skip
# The name itself comes first; then words in the name, in what is offered, in the French and the English description.
# Between equals the shorter name, of which the words are more: 200 characters weigh less than any of that.
RANK = """CASE WHEN detail.folded_name = %s THEN 2
     ELSE ts_rank('{0.1, 0.2, 0.4, 1}', detail.document, (SELECT directory_asked(%s::text[])))
          - length(detail.folded_name) / 10000.0
     END::float4"""

# As points of sale are named, and as merchants are whose points of sale have names of their own.
NAMED = """
SELECT EXISTS (SELECT FROM directory_search_detail WHERE folded_name = ANY (%s))
    OR EXISTS (
        SELECT FROM directory_merchant AS merchant
        JOIN directory_search_entry AS entry ON entry.merchant_id = merchant.id
        WHERE directory_fold(merchant.name) = ANY (%s)
    )
"""
# What people add before a name, or leave out: "la ferme du pré", "au pain doré".
BEFORE_NAMES = (*sorted(ARTICLES), "au", "aux")

SAID = """SELECT word FROM unnest(%s::text[]) AS word WHERE EXISTS (
    SELECT FROM directory_search_detail AS detail WHERE detail.document @@ directory_asked(ARRAY[word])
)"""


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
    if not name:
        return EVERYTHING
    words = [word for word in dict.fromkeys(name.split()) if word not in SMALL_WORDS]
    required = [word for word in words if word not in listed("function") and word not in VERB_FORMS]
    # Words that are not required tell the better from the good.
    rank = (RANK, (name, words))
    if required:
        return TextCondition(MATCHES, (required, name), *rank)
    return TextCondition(MATCHES_NAMES, (" & ".join(f"{word}:A" for word in words), name), *rank)


def names_somebody(text: str) -> bool:
    """Whether a published point of sale, or its merchant, bears this very name; with or without an article before."""
    names = _spellings(fold(text))
    if not names:
        return False
    with connection.cursor() as cursor:
        cursor.execute(NAMED, [names, names])
        return bool(cursor.fetchone()[0])


def _spellings(name: str) -> list[str]:
    """A folded name as it may be borne. One of common words alone is only what it says: "où" is not "Le Où"."""
    words = name.split()
    bare = words[1:] if words[:1] and words[0] in BEFORE_NAMES else words
    if set(bare) <= listed("function"):
        return [name] if name else []
    rest = " ".join(bare)
    return [rest, *(f"{article} {rest}" for article in BEFORE_NAMES)]


def known_name_words(words: Iterable[str]) -> set[str]:
    """Which of these folded words stand in published names, as directory_name_word has them: from four letters on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT word FROM directory_name_word WHERE word = ANY (%s)", [list(words)])
        return {word for (word,) in cursor.fetchall()}


def said_words(words: Iterable[str]) -> set[str]:
    """Which of these folded words some published point of sale says of itself, misspellings of names allowed for."""
    with connection.cursor() as cursor:
        cursor.execute(SAID, [list(words)])
        return {word for (word,) in cursor.fetchall()}
