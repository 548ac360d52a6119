"""What a plain page is about: its address, its name in words, the question it answers, and what lies above it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from directory.phrases import phrase
from directory.questions import Question
from directory.questions.question import FIELDS
from directory.vocabulary import TermEntry, vocabulary
from geo.folding import fold
from geo.french import at
from geo.gazetteer import CommuneEntry, Place, gazetteer
from maps import wording
from maps.chips import Link
from maps.wording import asked_thing, language


@dataclass(frozen=True)
class Subject:
    """`title` tells it from its namesakes; `above` leads to it from the first page."""

    path: str
    name: str
    heading: str
    title: str
    question: Question
    above: list[Link]


# --- Communes and départements ---------------------------------------------------------------------------------------
def commune(entry: CommuneEntry) -> Subject:
    where = at(entry.name) if language() == "fr" else f"in {entry.name}"
    heading = _trades(where)
    departement = gazetteer().departements.get(entry.departement, entry.departement)
    return Subject(
        path=commune_path(entry),
        name=entry.name,
        heading=heading,
        title=f"{heading} ({departement})",
        question=Question(communes=(entry.code,)),
        above=[_home(), Link(departement, departement_path(entry.departement))],
    )


def departement(code: str) -> Subject:
    """Raises KeyError where the région has no such département."""
    name = gazetteer().departements[code]
    heading = _trades(wording.in_the_departement(code, name))
    return Subject(
        path=departement_path(code),
        name=name,
        heading=heading,
        title=f"{heading} ({code})",
        question=in_the_departement(Question(), code),
        above=[_home()],
    )


def in_the_departement(question: Question, code: str) -> Question:
    """The question asked of all of a département, as one that names it in words asks it."""
    name = gazetteer().departements[code]
    place = Place("departement", code, name, None, code, 1.0)
    return replace(question, departements=(code,), place=place, place_text=name)


def commune_path(entry: CommuneEntry) -> str:
    return reverse("maps:commune", args=[f"{entry.code}-{fold(entry.name).replace(' ', '-')}"])


def departement_path(code: str) -> str:
    return reverse("maps:departement", args=[code])


def _trades(where: str) -> str:
    return _("Commerces, artisans et producteurs {where}").format(where=where)


# --- Activities and products -----------------------------------------------------------------------------------------
def term(entry: TermEntry) -> Subject:
    """Of an activity or a product: the parts of the vocabulary that have pages."""
    thing = asked_thing(entry.dimension, entry.code)
    region = settings.REGION["name"]
    if entry.dimension == "activity":
        heading = _("{activities} en région {region}").format(activities=thing, region=region)
    else:
        said = phrase("product", entry.code)
        what = said.one_fr if language() == "fr" else said.one_en
        heading = _("Où trouver {product} en région {region}").format(product=what, region=region)
    asked: dict[str, Any] = {FIELDS[entry.dimension]: (entry.code,)}
    ancestors = [vocabulary().by_id[id_] for id_ in reversed(entry.path[1:])]
    return Subject(
        path=term_path(entry),
        name=entry.label(language()),
        heading=heading,
        title=heading,
        question=Question(**asked),
        above=[_home(), *(Link(above.label(language()), term_path(above)) for above in ancestors)],
    )


def term_path(entry: TermEntry) -> str:
    return reverse(f"maps:{entry.dimension}", args=[entry.code])


def _home() -> Link:
    return Link(_("Accueil"), reverse("maps:search"))
