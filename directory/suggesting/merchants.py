"""Merchants by what people begin to type of their name: one bounded statement."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from geo.folding import SMALL_WORDS, fold
from geo.points import Position

SHORTEST = 3  # two letters begin a twentieth of all names
SHORTEST_INNER = 4
# A typo leaves one half of its word as it should be; the index needs three letters of it.
SHORTEST_MISSPELT = 6
LONGEST = 80
_AFTER_ALL = "\U0010ffff"

# Three ways, each only where the one before found too little: "One-Time Filter" in the plan. Beginnings are read in
# order along the index; of the others 200 are compared at most, whatever the catalogue's size: as an indexed condition,
# word similarity compares thousands (22 ms for "bolangeri" among 100,000). They stand in CTEs of their own, read only
# as far as needed but planned as if to the end: a LIMIT beside the condition made PostgreSQL read the table from its
# start. 20 points of sale: a merchant may have several of one name.
STATEMENT = """
WITH beginning AS MATERIALIZED (
    SELECT id, 0 AS way, 0::real AS far FROM directory_search_detail
    WHERE folded_name >= %(low)s AND folded_name < %(high)s
    ORDER BY folded_name, id LIMIT 20
), holding AS MATERIALIZED (
    SELECT id, folded_name FROM directory_search_detail
    WHERE %(inner)s AND (SELECT count(*) < 3 FROM beginning) AND folded_name LIKE %(like)s
), inner_word AS MATERIALIZED (
    SELECT id, 1 AS way, 1 - similarity(folded_name, %(text)s) AS far
    FROM (SELECT * FROM holding LIMIT 200) AS candidate
), half AS MATERIALIZED (
    SELECT id, folded_name FROM directory_search_detail
    WHERE %(typos)s AND NOT EXISTS (SELECT FROM beginning) AND NOT EXISTS (SELECT FROM inner_word)
      AND (folded_name LIKE %(head)s OR folded_name LIKE %(foot)s)
      AND (folded_name LIKE %(other_head)s OR folded_name LIKE %(other_foot)s)
), likeness AS MATERIALIZED (
    SELECT id, 2 AS way, 1 - strict_word_similarity(%(text)s, folded_name) AS far
    FROM (SELECT * FROM half LIMIT 200) AS candidate
), found AS MATERIALIZED (
    SELECT id, min(way) AS way, min(far) AS far
    FROM (TABLE beginning UNION ALL TABLE inner_word UNION ALL SELECT * FROM likeness WHERE far < 0.5) AS ways
    GROUP BY id
    ORDER BY way, far, id LIMIT 20
)
SELECT found.way, entry.merchant_id, entry.name, entry.card::json->>'url', entry.card::json#>>'{commune,name}',
       ST_X(entry.public_point), ST_Y(entry.public_point)
FROM found JOIN directory_search_entry AS entry ON entry.id = found.id
ORDER BY found.way, found.far, entry.name, found.id
"""


@dataclass(frozen=True, slots=True)
class FoundMerchant:
    """`way` is 0 for a name that begins as typed, 1 for an inner word, 2 for a likeness."""

    way: int
    id: int
    name: str
    url: str
    commune: str
    position: Position


def named(text: str, inside: bool, typos: bool) -> list[FoundMerchant]:
    """Merchants by a name that someone is typing, best first, at their first point of sale of that name.

    `inside` also looks for names that hold the text, `typos` for names that are like it.
    """
    folded = fold(text)[:LONGEST]
    if len(folded) < SHORTEST:
        return []
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, values(folded, inside, typos))
        rows = cursor.fetchall()
    best: dict[int, FoundMerchant] = {}
    for way, merchant, name, url, commune, x, y in rows:
        best.setdefault(merchant, FoundMerchant(way, merchant, name, url, commune, Position(x, y)))
    return list(best.values())


def values(folded: str, inside: bool, typos: bool) -> dict[str, str | bool]:
    """The statement's parameters. Folded text holds letters, digits and spaces: nothing that LIKE would read."""
    words = sorted((word for word in folded.split() if word not in SMALL_WORDS), key=len, reverse=True)
    long = [word for word in words if len(word) >= SHORTEST_MISSPELT]
    one, other = (long[0], long[min(1, len(long) - 1)]) if long else ("", "")
    return {
        "text": folded,
        "low": folded,
        "high": folded + _AFTER_ALL,
        "inner": inside and bool(words) and len(words[0]) >= SHORTEST_INNER,
        "like": f"% {folded}%",
        "typos": inside and typos and bool(long),
        "head": f"%{one[: len(one) // 2]}%",
        "foot": f"%{one[-(len(one) // 2) :]}%",
        "other_head": f"%{other[: len(other) // 2]}%",
        "other_foot": f"%{other[-(len(other) // 2) :]}%",
    }
