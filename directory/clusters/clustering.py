"""Clusters of a question: in every cell of a grid, how many answer it, and where their middle is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from directory.clusters.memory import remember, remembered, revision
from directory.clusters.reading import Cell, box_of, cells, with_cards
from directory.questions import Question
from directory.search.matching import only_term
from geo.grid import Box
from geo.points import Bbox

MOST = 1_000  # clusters
MOST_CELLS = 4_096  # of the grid over what is asked, to begin with


@dataclass(frozen=True, slots=True)
class Clusters:
    """`cells` of `zoom`, south to north and west to east, hold all that answers `question` within `box`."""

    question: Question
    zoom: int
    cells: list[Cell]
    box: Box

    @property
    def total(self) -> int:
        return sum(cell.points for cell in self.cells)


def clusters(question: Question, zoom: int, now: datetime | None = None) -> Clusters:
    """The clusters of a question on a map of this zoom, 0 to 22: MOST of them at most, exact, the same every time.

    Where there would be more, cells are those of a coarser zoom. Raises django.db.OperationalError as answer() does.
    """
    now = now or timezone.now()
    if not _is_dear(question):
        return _made(question, zoom, now)
    # The box as it is: a query string rounds it.
    key = (replace(question, bbox=None).query_string(), question.bbox, zoom, revision())
    found = remembered().get(key)
    if found is not None:
        return replace(found, cells=with_cards(found.cells))
    found = _made(question, zoom, now)
    remember(key, found)
    return found


def _is_dear(question: Question) -> bool:
    """Whether all that match are counted, in a wide view, and it is the cells' revision that says when that changes."""
    momentary = question.text or question.opening is not None or question.season is not None
    return not momentary and question.circle is None and only_term(question) is None


def _made(question: Question, zoom: int, now: datetime) -> Clusters:
    box = box_of(question)
    at = _zoom_to_begin(question, box, zoom)
    found = cells(question, at, now)
    if at < zoom and sum(cell.points for cell in found) <= MOST:
        at = zoom  # few of them, far apart
        found = cells(question, at, now)
    while len(found) > MOST:
        at -= 1
        found = list(_coarser(found))
    return Clusters(question, at, sorted(found, key=lambda cell: (cell.y, cell.x)), box)


def _zoom_to_begin(question: Question, box: Box, zoom: int) -> int:
    """The finest zoom, `zoom` at most, whose grid has MOST_CELLS at most over the région and what is asked."""
    seen = box.meet(Box.of(Bbox(*settings.REGION["bbox"])))
    if question.circle is not None:
        seen = seen.meet(Box.of(question.circle.envelope()))
    return next((at for at in range(zoom, 0, -1) if seen.cells_touched(at).size <= MOST_CELLS), 0) if seen else zoom


def _coarser(found: Iterable[Cell]) -> Iterable[Cell]:
    """The cells of the zoom above, four in one."""
    merged: dict[tuple[int, int], Cell] = {}
    for cell in found:
        place = x, y = cell.x >> 1, cell.y >> 1
        other = merged.get(place)
        merged[place] = cell._replace(x=x, y=y) if other is None else _together(other, cell)
    return merged.values()


def _together(one: Cell, other: Cell) -> Cell:
    return Cell(
        one.x,
        one.y,
        one.points + other.points,
        one.lon_sum + other.lon_sum,
        one.lat_sum + other.lat_sum,
        one.id_sum + other.id_sum,
        card=None,
    )
