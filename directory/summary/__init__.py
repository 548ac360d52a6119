"""The one-sentence answer: it opens the page, is the live region, the meta description and the share text.

"37 fermes vendent du fromage à moins de 10 km de Vendôme ; la plus proche est à 2,3 km, ouverte jusqu'à 18 h."

`facts` reads from the answer what is to be said, once; `french` and `english` each say it by their own grammar.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from directory.questions import On, Opening
from directory.search import Answer
from directory.summary import english, english_times, french, french_times
from directory.summary.facts import facts_of

__all__ = ["Times", "summary", "times"]


class Times(Protocol):
    """How a language says times; each example is in French."""

    def when(self, opening: Opening, now: datetime) -> str:
        """ "en ce moment", "dimanche matin", "le samedi 28 novembre à 10 h 30"."""

    def day(self, opening: On, now: datetime) -> str:
        """ "dimanche matin"."""

    def hour(self, local: datetime) -> str:
        """ "10 h 30"."""

    def in_season(self, month: int) -> str:
        """ "de saison", "de saison en juin"."""

    def in_month(self, month: int) -> str:
        """ "en juin"."""


def times(language: str) -> Times:
    """Times in words, as the sentence says them. `language` is a tag."""
    return english_times if _is_english(language) else french_times


def summary(answer: Answer, language: str) -> str:
    """The answer in one sentence. `language` is a tag: English for "en" and "en-GB", else French."""
    facts = facts_of(answer)
    return english.sentence(facts) if _is_english(language) else french.sentence(facts)


def _is_english(language: str) -> bool:
    return language.lower().startswith("en")
