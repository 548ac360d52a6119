"""What tests of what leaves the desk share: a file asked for, and read."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.test import Client

from directory.models import GapCase

EXPORT = "/agents/departement/41/export/"
OPERATOR = ["nom", "adresse", "code_postal", "commune", "lat", "lon", "precision", "demonstration"]


def export(client: Client, audience: str = "operator", format: str = "csv", query: str = "", path: str = EXPORT) -> Any:
    return client.post(f"{path}?{query}", {"audience": audience, "format": format})


def csv_rows(answer: Any) -> list[dict[str, str]]:
    text = answer.content.decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline=""), delimiter=";"))


def sheet(case: GapCase) -> str:
    """The address of the sheet of its EPCI."""
    return f"/agents/departement/{case.departement_id}/epci/{case.epci_id}/"
