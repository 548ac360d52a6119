"""The words of every day that surround what is asked, read from `common_words.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from directory.questions.words import norms_of


def _lists() -> dict[str, str]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


@cache
def function_words() -> frozenset[str]:
    """Grammar, folded."""
    return frozenset(_lists()["function"].split())


@cache
def fillers() -> frozenset[str]:
    """What people say around what they look for, folded; grammar included."""
    return function_words() | frozenset(_lists()["filler"].split())


@cache
def filler_phrases() -> frozenset[tuple[str, ...]]:
    """Several words that say no more than a filler, as norms."""
    phrases = (phrase.strip() for phrase in _lists()["filler_phrases"].split("|"))
    return frozenset(norms_of(phrase) for phrase in phrases if phrase)


@cache
def everyday_words() -> frozenset[str]:
    """All of them, and the plain words: never a misspelling of something else."""
    return fillers() | frozenset(_lists()["plain"].split())
