"""What the map under a pin needs to know of the commune: for the page of a pin, and for a registration's."""

from __future__ import annotations

from typing import Any

from geo.gazetteer import gazetteer
from maps.backdrops import BACKDROPS
from maps.pins import wording as words


def stage(code: str) -> dict[str, Any]:
    """For maps/pins/_stage.html; the commune by its INSEE code."""
    commune = gazetteer().commune(code)
    return {
        "commune": commune,
        "directions": words.directions(),
        "sentence": words.centre_template(),
        "of_commune": words.name_of(commune.name) if commune else "",
        "backdrops": BACKDROPS,
    }
