"""A registration as somebody fills it in, page by page."""

from __future__ import annotations

import uuid
from typing import Any

from django.test import Client

from directory.models import Registration
from tests.register import FARM

START = "/inscription/"
WHO = {"name": "Chèvrerie du Loir", "siret": FARM, "kind": "farm_gate"}
WHERE = {"street": "12 rue du Change", "postcode": "41100", "commune": "Vendôme"}
WHAT = {"activity_1": "goat_farm", "products": "crottins de chèvre, topinettes"}
PIN = {"where": "47.793100, 1.065400", "right": "on"}
ANSWERS = {"qui": WHO, "ou": WHERE, "quoi": WHAT, "epingle": PIN}


def begin(client: Client, **fields: Any) -> str:
    """Start by hand; where the registration is."""
    given = {"key": str(uuid.uuid4()), "siret": "", "name": "Chèvrerie du Loir", "commune": "Vendôme"} | fields
    response = client.post(START, given)
    assert response.status_code == 302, response.content.decode()
    return f"{START}{given['key']}/"


def fill(client: Client, address: str, until: str = "epingle", **changed: Any) -> None:
    """Fill in the steps up to that one."""
    for slug, answers in ANSWERS.items():
        response = client.post(f"{address}{slug}/", changed.get(slug, answers))
        assert response.status_code == 302, response.content.decode()
        if slug == until:
            return


def row(address: str) -> Registration:
    return Registration.objects.get(key=address.rstrip("/").rsplit("/", 1)[-1])
