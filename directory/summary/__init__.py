"""The one-sentence answer: it opens the page, is the live region, the meta description and the share text.

"37 fermes vendent du fromage à moins de 10 km de Vendôme ; la plus proche est à 2,3 km, ouverte jusqu'à 18 h."

`facts` reads from the answer what is to be said, once; `french` and `english` each say it by their own grammar.
"""

from __future__ import annotations

from directory.search import Answer
from directory.summary import english, french
from directory.summary.facts import facts_of

__all__ = ["summary"]


def summary(answer: Answer, language: str) -> str:
    """The answer in one sentence. `language` is a tag: English for "en" and "en-GB", else French."""
    facts = facts_of(answer)
    return english.sentence(facts) if language.lower().startswith("en") else french.sentence(facts)
