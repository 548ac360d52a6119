"""What the page of coverage says: where it is about, its sentences, the heads and cells of its table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory.api.coverage.overlay import mapped
from directory.summary.french_places import in_departement, in_epci
from geo.coverage import wording
from geo.coverage.figures import EditionEntry, premises
from geo.coverage.steps import UNKNOWN, Count, rank
from geo.french import is_french, tied
from geo.gazetteer import gazetteer
from maps.coverage.asking import SORTS, Asked
from maps.coverage.scale import Class
from maps.coverage.table import Area


@dataclass(frozen=True)
class Head:
    """Of a column: `order` is how the table is ordered by it, if it is; `sort` what a tap on it asks."""

    text: str
    order: str = ""
    sort: str = ""
    number: bool = True


@dataclass(frozen=True)
class Cell:
    """How many of an area's premises are eligible; nothing where that is not known."""

    percent: str
    number: str


# --- Sentences -------------------------------------------------------------------------------------------------------
def place_name(asked: Asked) -> str:
    """ "Loir-et-Cher", "CC du Perche", the région's name."""
    ground = gazetteer()
    if asked.epci:
        return ground.epcis[asked.epci]
    return ground.departements[asked.departement] if asked.departement else str(settings.REGION["name"])


def where(asked: Asked) -> str:
    """ "dans le Loir-et-Cher", "en région Centre-Val de Loire", "in Loir-et-Cher"."""
    name = place_name(asked)
    if not is_french():
        return f"in {name}"
    if asked.epci:
        return in_epci(name)
    return in_departement(asked.departement, name) if asked.departement else f"en région {name}"


def heading(asked: Asked) -> str:
    return _("Couverture internet {where}").format(where=where(asked))


def whole_region() -> str:
    return _("Région {name}").format(name=settings.REGION["name"])


def summary(asked: Asked, whole: Area) -> str:
    """How many communes are low-bandwidth, what is there, and the share of premises that lack what is shown."""
    said = [_low_communes(asked, whole)]
    count = whole.count(asked.indicator)
    if count and count.premises:
        said.append(_("En tout, {share}.").format(share=wording.share(asked.indicator, count, lacking=True)))
    unknown = sum(1 for line in whole.lines if not line.counts)
    if unknown:
        words = ngettext(
            "{n} commune n'a pas de chiffres dans cette édition.",
            "{n} communes n'ont pas de chiffres dans cette édition.",
            unknown,
        )
        said.append(words.format(n=wording.number(unknown)))
    return tied(" ".join(said))


def _low_communes(asked: Asked, whole: Area) -> str:
    low, place = whole.low, capitalised(where(asked))
    if not low:
        words = _("{where}, aucune commune sur {total} n'est une zone à faible débit.")
        return words.format(where=place, total=wording.number(len(whole.lines)))
    words = ngettext(
        "{where}, {n} commune sur {total} est une zone à faible débit : {premises}, {points}.",
        "{where}, {n} communes sur {total} sont des zones à faible débit : {premises}, {points}.",
        len(low),
    )
    return words.format(
        where=place,
        n=wording.number(len(low)),
        total=wording.number(len(whole.lines)),
        premises=_premises(sum(premises(line.counts or {}) for line in low)),
        points=_points_of_sale(sum(line.points_of_sale for line in low)),
    )


def _premises(n: int) -> str:
    return ngettext("{n} local", "{n} locaux", n).format(n=wording.number(n))


def _points_of_sale(n: int) -> str:
    return ngettext("{n} point de vente publié", "{n} points de vente publiés", n).format(n=wording.number(n))


def capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def told_of(area: Area, asked: Asked) -> list[str]:
    """An area's figures as the map tells them: the share, how many communes are low-bandwidth, the source."""
    count = area.count(asked.indicator)
    if count is None or not count.premises:
        said = [_("Aucun chiffre dans cette édition.")]
    else:
        said = [capitalised(wording.share(asked.indicator, count, lacking=False)) + "."]
    if asked.level == "commune":
        low = {True: _("Zone à faible débit."), False: _("Hors des zones à faible débit."), None: ""}
        said.append(low[area.lines[0].low_bandwidth])
    else:
        said.append(_("Communes à faible débit : {n}.").format(n=_low(area, asked.level)))
    said.append(capitalised(wording.dated(asked.edition)) + ".")
    return [tied(line) for line in said if line]


def read_on(level: str) -> str:
    return _("Les commerces de la commune") if level == "commune" else _("Ses communes, une par une")


def level_name(level: str) -> str:
    return {"commune": _("Commune"), "epci": _("Intercommunalité"), "departement": _("Département")}[level]


def drawn_by(level: str) -> str:
    return {
        "commune": _("Dessinée par commune"),
        "epci": _("Dessinée par intercommunalité"),
        "departement": _("Dessinée par département"),
    }[level]


def edition_option(edition: EditionEntry) -> str:
    day = wording.day_in_words(edition.date)
    return _("{date} (démonstration)").format(date=day) if edition.demo else day


def of_premises(indicator: str) -> str:
    """ "Part des locaux éligibles à la fibre"."""
    return _("Part des locaux {eligible}").format(eligible=wording.eligible(indicator))


def caption(asked: Asked) -> str:
    """What the table counts, where, and of what date."""
    levels = {
        "commune": _("Locaux éligibles par commune"),
        "epci": _("Locaux éligibles par intercommunalité"),
        "departement": _("Locaux éligibles par département"),
    }
    return f"{levels[asked.level]} {where(asked)}, {wording.edition_name(asked.edition.date, asked.edition.demo)}"


# --- The table -------------------------------------------------------------------------------------------------------
def heads(asked: Asked) -> list[Head]:
    """In the order of the row's cells."""
    sorted_by = asked.sort.removeprefix("-")
    sorted_by = asked.indicator if sorted_by == "share" else sorted_by
    order = "descending" if asked.sort.startswith("-") else "ascending"

    def head(text: str, name: str) -> Head:
        if name == sorted_by:
            return Head(text, order, name if order == "descending" else f"-{name}", name != "name")
        return Head(text, "", f"-{name}" if SORTS[name] else name, name != "name")

    low = _("Zone à faible débit") if asked.level == "commune" else _("Communes à faible débit")
    return [
        head(level_name(asked.level), "name"),
        head(_("Locaux"), "premises"),
        *(head(wording.indicator_name(indicator), indicator) for indicator in mapped(asked.edition)),
        Head(_("Classe"), number=False),
        head(_("Points de vente publiés"), "points_of_sale"),
        Head(low, number=asked.level != "commune"),
    ]


def row(area: Area, asked: Asked, classes: Sequence[Class]) -> dict[str, Any]:
    """What a row says."""
    count = area.count(asked.indicator)
    number = None if count is None else rank(asked.indicator, count)
    return {
        "code": area.code,
        "name": area.name,
        "class": next(one for one in classes if one.key == (UNKNOWN if number is None else str(number))),
        "premises": "" if area.premises is None else wording.number(area.premises),
        "cells": [_cell(area.count(indicator)) for indicator in mapped(asked.edition)],
        "points_of_sale": wording.number(area.points_of_sale),
        "low": _low(area, asked.level),
        "is_low": bool(area.low),
    }


def _cell(count: Count | None) -> Cell | None:
    if count is None or not count.premises:
        return None
    return Cell(wording.percent(count.eligible, count.premises), wording.number(count.eligible))


def _low(area: Area, level: str) -> str:
    if level != "commune":
        return _("{n} sur {total}").format(n=wording.number(len(area.low)), total=wording.number(len(area.lines)))
    if not area.counts or area.lines[0].low_bandwidth is None:
        return _("inconnu")
    return _("oui") if area.low else _("non")
