"""Whom an answer credits: the licence it is given under, and the sources its entries come from."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.conf import settings

from directory.models import Source
from geo.coverage import wording
from geo.coverage.figures import editions
from geo.models import CopperClosure, ZoneFile
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


def coverage_credits() -> list[Credit]:
    """The editions of broadband figures that are held, then what départements and operators delivered."""
    figures = [
        Credit(
            wording.marked(wording.sources(edition), edition.demo),
            wording.edition_name(edition.date),
            wording.licences(edition),
            "",
            next((file.url for file in edition.files if file.url), ""),
        )
        for edition in editions().entries
    ]
    zones, closures = _delivered()
    return [
        *figures,
        *(
            Credit(wording.marked(file.source, file.demo), name, file.licence, file.delivered_on.isoformat(), "")
            for file, name in zones
        ),
        *(Credit(wording.marked(source, demo), "", "", "", "") for source, demo in closures),
    ]


@refreshed("coverage")
def _delivered() -> tuple[list[tuple[ZoneFile, str]], list[tuple[str, bool]]]:
    """Files of zones, each with its département's name, and sources of copper closures."""
    files = ZoneFile.objects.select_related("departement").order_by("departement", "source")
    closures = CopperClosure.objects.order_by("source").values_list("source", "demo").distinct()
    return [(file, file.departement.name) for file in files], list(closures)


def attribution() -> list[str]:
    """One line for each source."""
    return [str(credit) for credit in (*merchant_credits(), *ground_credits())]
