"""Whom an answer credits: the licence it is given under, and the sources its entries come from."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.conf import settings

from directory.models import Source
from geo.revisions import refreshed

LICENCE = "Licence Ouverte 2.0"
LICENCE_URL = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"


@dataclass(frozen=True)
class Credit:
    """One source: what it is, who made it, when, under which licence."""

    name: str
    producer: str
    licence: str
    date: str
    url: str

    def __str__(self) -> str:
        return ", ".join(part for part in (self.name, self.producer, self.date, self.licence) if part)


@refreshed("sources")
def merchant_credits() -> list[Credit]:
    """The sources of merchants, from the database."""
    return [
        Credit(s.name, s.producer, s.licence, s.published_on.isoformat() if s.published_on else "", s.url)
        for s in Source.objects.all()
    ]


@refreshed("communes")
def ground_credits() -> list[Credit]:
    """The sources of the communes, as their file names them."""
    with settings.COMMUNES_FILE.open(encoding="utf-8") as file:
        credits = json.load(file).get("credits", [])
    return [
        Credit("", *(str(credit.get(key, "")) for key in ("producer", "licence", "date", "url"))) for credit in credits
    ]


def attribution() -> list[str]:
    """One line for each source."""
    return [str(credit) for credit in (*merchant_credits(), *ground_credits())]
