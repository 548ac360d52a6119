"""The cells of a question as SQL: read from those that are kept where it asks one thing at most, else counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection
from psycopg.pq import Format
from psycopg.types.numeric import Int4

from directory.clusters.cover import KEPT, cover
from directory.models.cluster import ALL
from directory.questions import Question
from directory.search.matching import (
    TERMS_WITH_POINT,
    Piece,
    candidates,
    filled,
    joined,
    near_enough,
    only_term,
    opening,
    what,
)
from geo.grid import WORLD, Box
from geo.points import MAX_ZOOM


class Cell(NamedTuple):
    """A cell that holds something: sums of micro-degrees, and of ids. `card` is that of what stands alone in it."""

    x: int
    y: int
    points: int
    lon_sum: int
    lat_sum: int
    id_sum: int
    card: str | None


# Whole micro-degrees, as entries have them (migrations/sql/0006_faster_entries.sql).
LON_LAT = "round(ST_X(public_point) * 1e6)::int AS lon, round(ST_Y(public_point) * 1e6)::int AS lat"

# Cards are looked up by their key: a plain join of some sizes of table reads all entries.
CELLS = """
SELECT x, y, n::int, lon_sum::bigint, lat_sum::bigint, id_sum::bigint, entry.card
FROM (
    SELECT x >> coarser AS x, y >> coarser AS y,
           sum(n) AS n, sum(lon_sum) AS lon_sum, sum(lat_sum) AS lat_sum, sum(id_sum) AS id_sum
    FROM ({parts}) AS part CROSS JOIN (SELECT {coarser}::int AS coarser) AS asked
    GROUP BY 1, 2
    HAVING sum(n) > 0
    OFFSET 0
) AS cell
LEFT JOIN LATERAL (
    SELECT card FROM directory_search_entry WHERE id = CASE WHEN n = 1 THEN id_sum::bigint END OFFSET 0
) AS entry ON true
"""

# Every entry in its cell of the finest zoom.
HIT = """
SELECT directory_column(lon) AS x, directory_row(lat) AS y,
       1 AS n, lon::bigint AS lon_sum, lat::bigint AS lat_sum, id AS id_sum
"""
COUNTED = """{hit}
FROM (SELECT candidate.id, {lon_lat} FROM {candidates} {opening} WHERE {matching}) AS hit
"""

# From the cells that are kept everywhere, 8 or 10, down to those of each piece of a cover; where one on the way is not
# divided, and in the rest of the cover, the entries; and what changed since, but where entries were just counted.
# Columns beyond those that a term has are not looked for; each is one range of the key, which OFFSET 0 makes sure of:
# as a join PostgreSQL would read all columns and hash them. The limits cut nothing off: of a number that it does not
# know PostgreSQL expects one row, and so keeps one plan for all views; making one for each took most of the time.
KEPT_CELLS = """
WITH RECURSIVE piece AS MATERIALIZED (
    SELECT piece.*, term, at, greatest(west >> zoom - at, first.x) AS first, least(east >> zoom - at, last.x) AS last
    FROM (SELECT * FROM unnest({pieces}) LIMIT {number}) AS piece (zoom, west, south, east, north)
    CROSS JOIN (SELECT {term}::int AS term) AS asked
    CROSS JOIN LATERAL (SELECT 8 + mod(zoom, 4) AS at) AS everywhere
    CROSS JOIN LATERAL (
        SELECT min(x) AS x FROM directory_cluster_cell AS cell WHERE cell.zoom = at AND cell.term = asked.term
    ) AS first
    CROSS JOIN LATERAL (
        SELECT max(x) AS x FROM directory_cluster_cell AS cell WHERE cell.zoom = at AND cell.term = asked.term
    ) AS last
), found AS (
    SELECT piece.zoom, west, south, east, north, piece.term, at, cell.*
    FROM piece
    CROSS JOIN generate_series(first, last) AS col
    CROSS JOIN LATERAL (
        SELECT {cell}
        FROM directory_cluster_cell AS cell
        WHERE cell.zoom = at AND cell.term = piece.term AND x = col
            AND y BETWEEN south >> piece.zoom - at AND north >> piece.zoom - at
        OFFSET 0
    ) AS cell
    UNION ALL
    SELECT above.zoom, west, south, east, north, above.term, at + 4, cell.*
    FROM found AS above
    CROSS JOIN generate_series(
        greatest(west >> above.zoom - at - 4, above.x << 4), least(east >> above.zoom - at - 4, (above.x << 4) + 15)
    ) AS col
    CROSS JOIN LATERAL (
        SELECT {cell}
        FROM directory_cluster_cell AS cell
        WHERE cell.zoom = at + 4 AND cell.term = above.term AND x = col
            AND y BETWEEN greatest(south >> above.zoom - at - 4, above.y << 4)
                AND least(north >> above.zoom - at - 4, (above.y << 4) + 15)
        OFFSET 0
    ) AS cell
    WHERE at < above.zoom AND above.divided
), whole AS (
    SELECT zoom, at, x, y, greatest(west, x << zoom - at) AS west, least(east, (x + 1 << zoom - at) - 1) AS east,
           greatest(south, y << zoom - at) AS south, least(north, (y + 1 << zoom - at) - 1) AS north
    FROM found
    WHERE at < zoom AND NOT divided
), looked_at AS (
    SELECT west * width - 180000000 AS west, south * height - 90000000 AS south,
           (east + 1) * width - 180000001 AS east, (north + 1) * height - 90000001 AS north
    FROM whole CROSS JOIN LATERAL (SELECT 24 << 22 - zoom AS width, 16 << 22 - zoom AS height) AS size
    UNION ALL
    SELECT * FROM (SELECT * FROM unnest({rest}) LIMIT {number_left}) AS rest
)
SELECT x << 22 - zoom AS x, y << 22 - zoom AS y, n, lon_sum, lat_sum, id_sum FROM found WHERE at = zoom
UNION ALL
{hit}
FROM looked_at CROSS JOIN (SELECT 1e6::float8 AS million) AS constant CROSS JOIN LATERAL (
    SELECT id, {lon_lat}
    FROM directory_search_entry
    WHERE public_point && ST_MakeEnvelope(west / million, south / million, east / million, north / million, 4326) {what}
    OFFSET 0
) AS entry
WHERE lon BETWEEN west AND east AND lat BETWEEN south AND north
UNION ALL
SELECT x, y, sign, sign * lon::bigint, sign * lat::bigint, sign * entry
FROM directory_cluster_change
CROSS JOIN LATERAL (SELECT directory_column(lon) AS x, directory_row(lat) AS y) AS finest
WHERE lon BETWEEN {west} AND {east} AND lat BETWEEN {south} AND {north} {what_changed}
    AND EXISTS (
        SELECT FROM piece
        WHERE finest.x >> 22 - zoom BETWEEN west AND east AND finest.y >> 22 - zoom BETWEEN south AND north
    )
    AND NOT EXISTS (
        SELECT FROM whole
        WHERE finest.x >> 22 - zoom BETWEEN west AND east AND finest.y >> 22 - zoom BETWEEN south AND north
    )
"""
CELL = "x, y, count AS n, lon_sum, lat_sum, id_sum, divided"


def cells(question: Question, zoom: int, now: datetime) -> list[Cell]:
    """The cells of `zoom` that hold something of the question, each with what it holds, in no order."""
    if not box_of(question):
        return []
    built = statement(question, zoom, now)
    with connection.cursor() as cursor:
        cursor.cursor.format = Format.BINARY
        cursor.execute(built.sql, built.values)
        return [Cell(*row) for row in cursor.fetchall()]


def with_cards(found: Sequence[Cell]) -> list[Cell]:
    """Cells that were read before, with the cards of now: what they say may have changed where no entry moved."""
    lone = [cell.id_sum for cell in found if cell.points == 1]
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, card FROM directory_search_entry WHERE id = ANY (%s)", [lone])
        cards = dict(cursor.fetchall())
    return [cell._replace(card=cards.get(cell.id_sum)) if cell.points == 1 else cell for cell in found]


def box_of(question: Question) -> Box:
    """The micro-degrees of the box that is asked."""
    return WORLD if question.bbox is None else Box.of(question.bbox)


def statement(question: Question, zoom: int, now: datetime) -> Piece:
    """The SQL of `cells`."""
    term = only_term(question) if zoom <= KEPT[-1] else None
    parts = _counted(question, now) if term is None else _kept(term, box_of(question), zoom)
    return filled(CELLS, coarser=_whole(MAX_ZOOM - zoom), parts=parts)


def _kept(term: int, box: Box, zoom: int) -> Piece:
    covered = cover(box, zoom)
    zooms = [kept for kept, _ in covered.cells]
    pieces = _arrays([piece for _, piece in covered.cells])
    asked = term != ALL
    return filled(
        KEPT_CELLS,
        pieces=Piece(f"%s::int[], {pieces.sql}", (_array(zooms), *pieces.values)),
        number=_whole(len(zooms)),
        number_left=_whole(len(covered.rest)),
        term=_whole(term),
        cell=Piece(CELL),
        rest=_arrays(covered.rest),
        hit=Piece(HIT),
        lon_lat=Piece(LON_LAT),
        what=Piece(f"AND {TERMS_WITH_POINT}", (str(term),)) if asked else Piece(""),
        west=_whole(box.west),
        east=_whole(box.east),
        south=_whole(box.south),
        north=_whole(box.north),
        what_changed=Piece("AND terms OPERATOR(pg_catalog.@>) ARRAY[%s::int]", _whole(term).values)
        if asked
        else Piece(""),
    )


def _whole(number: int) -> Piece:
    """A number as an `int`, however small: of another type for each size, there would be as many plans."""
    return Piece("%s", (Int4(number),))


def _arrays(boxes: list[Box]) -> Piece:
    """West, south, east and north of boxes, an array of each."""
    edges = ([getattr(box, edge) for box in boxes] for edge in ("west", "south", "east", "north"))
    return Piece(", ".join(["%s::int[]"] * 4), tuple(map(_array, edges)))


def _array(numbers: list[int]) -> str:
    """As PostgreSQL writes it, to be cast: the driver gives an empty list another type."""
    return f"{{{','.join(map(str, numbers))}}}"


def _counted(question: Question, now: datetime) -> Piece:
    opened = opening(question, now)
    is_open = Piece("hours.is_open") if opened else Piece("")
    return filled(
        COUNTED,
        hit=Piece(HIT),
        lon_lat=Piece(LON_LAT),
        candidates=candidates(
            question,
            now,
            ("" if question.circle else ", public_point") + (", schedule_id" if opened else ""),
            what(question),
        ),
        opening=opened,
        matching=joined([near_enough(question), is_open], " AND "),
    )
