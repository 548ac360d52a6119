"""What the pin of a registration would be, as its owner's page will say it: what speaks against it, the line there."""

from __future__ import annotations

from typing import Any

from directory.models import PointOfSale
from directory.registering.locating import Found
from maps.pins.pages import line_at, warnings


def looked_at(place: PointOfSale, found: Found) -> dict[str, Any]:
    """For maps/registering/_door.html.

    Nothing is said against the commune's centre while the address service is away: it is what the page proposes then.
    """
    waits = found.away and place.pin_precision == PointOfSale.Precision.COMMUNE
    said_against = [] if place.pin is None or waits else warnings(place, found)
    return {"doubts": said_against, "line": line_at(place)}
