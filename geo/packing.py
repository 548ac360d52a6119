"""Lines and areas as text of few letters: whole parts of a degree, every point given by its step from the one before.

A quarter of the bytes of GeoJSON; read by static/maps/js/viewport.js and coverage_areas.js.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from geo.arcs import Coverage, Line

FIRST_LETTER = 63  # "?": from there on are the 64 letters of packed lines


def steps(line: Line) -> list[int]:
    """[x, y, dx, dy, …]: the first point, then every step that moves."""
    flat = list(line[0])
    for (x0, y0), (x1, y1) in pairwise(line):
        if (x0, y0) != (x1, y1):
            flat += [x1 - x0, y1 - y0]
    return flat


def packed(numbers: Iterable[int]) -> str:
    """Whole numbers as letters, as Google's polylines have them: five bits a letter, the sign last and lowest."""
    letters = []
    for number in numbers:
        rest = 2 * number if number >= 0 else -2 * number - 1
        while rest >= 32:
            letters.append(32 | rest & 31)
            rest >>= 5
        letters.append(rest)
    return "".join(chr(FIRST_LETTER + letter) for letter in letters)


def packed_areas(coverage: Coverage, codes: Iterable[str]) -> dict[str, str]:
    """Some areas of a coverage, and the arcs that they are made of, each once.

    "arcs": one after the other, parted by spaces, the first point of each given by its step from the last of the one
    before. "rings": areas in the order of `codes`, parted by commas, their rings by spaces; of each ring, how far back
    its arcs are: 0 is the next one of the file, n that which came n before it, taken backwards; -n the same, forwards.
    """
    numbers: dict[int, tuple[int, int]] = {}  # of an arc: which of the file's it is, and in which direction
    arcs, areas = [], []
    at = (0, 0)
    for code in codes:
        rings = []
        for ring in coverage.rings[code]:
            back = []
            for ref in ring:
                arc = max(ref, ~ref)
                if arc in numbers:
                    number, before = numbers[arc]
                    back.append((len(numbers) - number) * (-1 if ref == before else 1))
                    continue
                numbers[arc] = len(numbers), ref
                line = coverage.arcs[arc] if ref == arc else coverage.arcs[arc][::-1]
                x, y, *rest = steps(line)
                arcs.append(packed([x - at[0], y - at[1], *rest]))
                at = line[-1]
                back.append(0)
            rings.append(packed(back))
        areas.append(" ".join(rings))
    return {"rings": ",".join(areas), "arcs": " ".join(arcs)}
