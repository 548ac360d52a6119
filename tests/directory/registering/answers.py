"""Answers of a registration, checked, as publication takes them."""

from __future__ import annotations

from typing import Any

from directory.models import Registration
from directory.offering.lines import read_lines
from directory.pinning import centre_of, place_at
from directory.registering.publishing import Said
from tests.builders import VENDOME
from tests.register import FARM


def said(**fields: Any) -> Said:
    given: dict[str, Any] = {
        "name": "Chèvrerie du Loir",
        "siret": FARM,
        "kind": "farm_gate",
        "street": "12 rue du Change",
        "postcode": "41100",
        "commune": VENDOME,
        "activities": ["goat_farm"],
        "lines": read_lines("crottins de chèvre 3 € la pièce, topinettes"),
        "put_pin": lambda place, by: place_at(place, centre_of(VENDOME), by),
        "to_refine": False,
        "consent": "inscription-1",
    }
    return Said(**(given | fields))


def draft(**fields: Any) -> Registration:
    return Registration.objects.create(**fields)
