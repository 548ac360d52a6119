"""Places as terms: a search entry holds its commune, EPCI and département in the same array as what it sells.

So one index scan answers "cheese in Loir-et-Cher", and no join is needed for a place filter.
"""

from __future__ import annotations

from functools import lru_cache

VOCABULARY_IDS_BELOW = 100_000_000


@lru_cache(maxsize=4096)
def place_term(code: str) -> int:
    """The term id of a commune, EPCI or département code; the same as SQL's `directory_place_term`.

    A SIREN (nine digits, from 200,000,000) is its own id. Communes ("41269", "2A004") and départements ("41", "2A",
    "974") are read in base 36: a commune's five characters never collide with a département's two or three.
    """
    if len(code) == 9:
        return int(code)
    return VOCABULARY_IDS_BELOW + int(code, 36)
