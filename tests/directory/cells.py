"""What clusters should say: views as a map asks for them, and cells counted by looking at every hit."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from django.db import connection

from directory import search
from directory.questions import Question
from geo.grid import MICRO, Box
from geo.points import Bbox
from tests.directory.catalogue import NOW


def snapped(bbox: Bbox, zoom: int) -> Bbox:
    """The box of the cells that it touches, as a map asks for them."""
    ground = Box.of(bbox).cells_touched(zoom).ground(zoom)
    return Bbox(
        *((edge - half) / MICRO for edge, half in zip(ground.__getstate__(), (0.5, 0.5, -0.5, -0.5), strict=True))
    )


def true_cells(question: Question, zoom: int) -> Counter[tuple[int, int]]:
    """By looking at every hit."""
    hits = search.every_hit(replace(question, sort=None, limit=200), 10_000, NOW)
    places = [Box.of(Bbox(hit.lon, hit.lat, hit.lon, hit.lat)).cells_touched(zoom) for hit in hits]
    return Counter((place.west, place.south) for place in places)


def divide_early() -> None:
    """Cells are divided from four entries on, so that a small catalogue has cells of every zoom."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('directory_rebuild_clusters'::regproc)")
        (definition,) = cursor.fetchone()
        cursor.execute(definition.replace("int := 250", "int := 3"))
