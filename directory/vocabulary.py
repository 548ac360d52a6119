"""The vocabulary in memory: codes, ids, labels and ancestors of every term.

The table is loaded from `fixtures/vocabulary/*.csv` by `manage.py load_vocabulary` (directory/vocabulary_loading.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from rapidfuzz import process

from directory.models import Term
from geo.revisions import refreshed

# A label's explanation, for display only: "Label Rouge (French quality label)".
_EXPLANATION = re.compile(r"\s*\([^()]*\)")
DIMENSIONS = ("activity", "product", "label", "service")


def plain(label: str) -> str:
    """A label without its explanation."""
    return _EXPLANATION.sub("", label)


@dataclass(frozen=True, slots=True)
class TermEntry:
    """A term as the read path needs it. `path` holds its id and its ancestors' ids, itself first."""

    id: int
    dimension: str
    code: str
    label_fr: str
    label_en: str
    path: tuple[int, ...]
    season: tuple[int, int] | None
    synonyms_fr: tuple[str, ...] = ()
    synonyms_en: tuple[str, ...] = ()

    @property
    def phrases(self) -> list[tuple[str, str]]:
        """What it is called, as (language, phrase): its labels without their explanations, then its synonyms."""
        labels = [("fr", plain(self.label_fr)), ("en", plain(self.label_en))]
        return labels + [("fr", text) for text in self.synonyms_fr] + [("en", text) for text in self.synonyms_en]

    def label(self, language: str) -> str:
        return self.label_en if language.startswith("en") else self.label_fr

    @property
    def depth(self) -> int:
        return len(self.path) - 1


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """All terms, in display order. One copy is no other's equal: caches keep what they made of each."""

    terms: tuple[TermEntry, ...]
    by_code: dict[str, TermEntry] = field(init=False)
    by_id: dict[int, TermEntry] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_code", {term.code: term for term in self.terms})
        object.__setattr__(self, "by_id", {term.id: term for term in self.terms})

    def of(self, dimension: str) -> list[TermEntry]:
        """The terms of one dimension, in display order."""
        return [term for term in self.terms if term.dimension == dimension]

    def find(self, dimension: str, code: str) -> TermEntry | None:
        """The term of that code in that dimension, or None."""
        term = self.by_code.get(code)
        return term if term is not None and term.dimension == dimension else None

    def nearest_code(self, dimension: str, code: str) -> str | None:
        """The known code most like a mistaken one, for an error's remedy."""
        found = process.extractOne(code[:60], [term.code for term in self.of(dimension)], score_cutoff=60)
        return found[0] if found else None

    def labels(self, codes: Iterable[str], language: str) -> list[str]:
        """Display labels of codes; a code that is no longer known is shown as it is."""
        return [self.by_code[code].label(language) if code in self.by_code else code for code in codes]

    def is_below(self, code: str, ancestors: Iterable[int]) -> bool:
        """Whether the term is one of these terms or lies below one."""
        term = self.by_code.get(code)
        return term is not None and not set(term.path).isdisjoint(ancestors)


@refreshed("vocabulary")
def vocabulary() -> Vocabulary:
    """The process's copy, refreshed after a load."""
    rows = Term.objects.order_by("dimension", "rank").values_list(
        "id", "dimension", "code", "label_fr", "label_en", "path", "season_first", "season_last", "synonyms_fr",
        "synonyms_en",
    )  # fmt: skip
    return Vocabulary(
        tuple(
            TermEntry(
                id_,
                dimension,
                code,
                fr,
                en,
                tuple(path),
                (first, last) if first and last else None,
                tuple(synonyms_fr),
                tuple(synonyms_en),
            )
            for id_, dimension, code, fr, en, path, first, last, synonyms_fr, synonyms_en in rows
        )
    )
