"""Which cells make up a box, and what they leave of it to be counted."""

from __future__ import annotations

from dataclasses import dataclass

from geo.grid import Box

# Zooms of the cells that are kept (directory/migrations/sql/0007_clusters.sql); those of the first two, everywhere.
KEPT = (8, 10, 12, 14, 16)
FINER = 4  # zooms: the edges of a box are made up of smaller cells than its middle, down to a sixteenth of them


@dataclass(frozen=True, slots=True)
class Cover:
    """Boxes of cells, each with its zoom, and `rest`, boxes of micro-degrees: together the box, each place once."""

    cells: list[tuple[int, Box]]
    rest: list[Box]


def cover(box: Box, zoom: int) -> Cover:
    """A box of micro-degrees by cells of `zoom`, or of the nearest kept zoom that is finer.

    Cells of that size lie in its middle, ever smaller ones towards its edges, and what no cell fills is the rest. All
    is rest where no cell that fine is kept.
    """
    cells: list[tuple[int, Box]] = []
    done, kept_before = Box(0, 0, -1, -1), 0
    finest = min(first_kept(zoom) + FINER, KEPT[-1])
    for kept in (kept for kept in KEPT if zoom <= kept <= finest):
        within = box.cells_within(kept)
        if not within:
            continue
        inner = done.ground(kept_before).cells_within(kept) if done else done
        cells += [(kept, piece) for piece in within.without(inner)]
        done, kept_before = within, kept
    ground = done.ground(kept_before) if done else done
    return Cover(cells, list(box.without(ground)))


def first_kept(zoom: int) -> int:
    """The coarsest kept zoom that is as fine as this one; one beyond the last where none is."""
    return next((kept for kept in KEPT if kept >= zoom), KEPT[-1] + 1)
