"""Lists of words, French and English, read from `common_words.toml`: what surrounds what is asked, and leads to it."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from django.conf import settings

from directory.questions.words import norms_of


@cache
def _lists() -> dict[str, str]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


@cache
def listed(name: str) -> frozenset[str]:
    """The words of a list, folded."""
    return frozenset(_lists()[name].split())


@cache
def phrases(name: str) -> frozenset[tuple[str, ...]]:
    """The phrases of a list, each as its folded words."""
    return frozenset(tuple(phrase.split()) for phrase in _lists()[name].split("|") if phrase.strip())


@cache
def fillers() -> frozenset[str]:
    """What people say around what they look for; grammar included."""
    return listed("function") | listed("filler")


@cache
def filler_phrases() -> frozenset[tuple[str, ...]]:
    """Several words that say no more than a filler, as norms; the région's name is one: all that is here is in it."""
    region = norms_of(settings.REGION["name"])
    return frozenset(norms_of(" ".join(phrase)) for phrase in phrases("filler_phrases")) | {region}


@cache
def everyday_words() -> frozenset[str]:
    """Fillers and plain words: never a misspelling of something else."""
    return fillers() | listed("plain")
