"""Products as they were understood, shown back: with the vocabulary's word, or kept as they were written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from directory.offering.lines import Line
from directory.vocabulary import vocabulary
from geo.folding import fold
from maps import wording


@dataclass(frozen=True, slots=True)
class SaidLine:
    """`label` is the product that it was taken for, empty where it says the same; `known`: the vocabulary has it."""

    said: str
    label: str
    known: bool


def lines_said(lines: Sequence[Line]) -> list[SaidLine]:
    known, language = vocabulary(), wording.language()
    shown = []
    for line in lines:
        label = known.by_code[line.means.code].label(language) if line.means.code else ""
        shown.append(SaidLine(line.said, "" if fold(label) == fold(line.said) else label, bool(line.means.code)))
    return shown
