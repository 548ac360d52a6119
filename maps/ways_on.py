"""Where to go from an answer that is empty, or that may have been misunderstood: other questions, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime

from django.utils.translation import gettext as _

from directory.phrases import lowered
from directory.questions import Question
from directory.questions.asking import question_of, with_alternative
from directory.questions.interpretation import Alternative, Interpretation
from directory.questions.lexicon import Meaning
from directory.questions.question import FIELDS
from directory.relaxations import Relaxation, relaxations
from directory.vocabulary import vocabulary
from geo.gazetteer import Place, gazetteer
from maps import wording
from maps.chips import Link, href_with, search_href
from maps.when import asked_opening, asked_season

ELSEWHERE = {"place", "commune", "epci", "departement", "bbox"}


def ways_on(question: Question, now: datetime) -> list[Link]:
    """What to ask less of when nothing matches, with how many each gives."""
    return [
        Link(_said(question, relaxation, now), search_href(relaxation.question), wording.addresses(relaxation.count))
        for relaxation in relaxations(question, now)
    ]


def _said(question: Question, relaxation: Relaxation, now: datetime) -> str:
    """ "À moins de 25 km de Vendôme", "Plus largement : Fromages", "Sans « bio » ni « ouvert dimanche »"."""
    if relaxation.radius_km is not None:
        return wording.within(question.place, relaxation.radius_km * 1000)
    if relaxation.broader:
        codes = [code for codes in relaxation.broader.values() for code in codes.split(",")]
        return _("Plus largement : {what}").format(what=", ".join(vocabulary().labels(codes, wording.language())))
    if ELSEWHERE.issuperset(relaxation.dropped) and not _says_where(relaxation.question):
        return _("Dans toute la région")
    said = [wording.quoted(part) for name in relaxation.dropped for part in _parts(question, name, now)]
    return _("Sans {what}").format(what=_neither(said))


def _neither(said: list[str]) -> str:
    """ "« bio » ni « ouvert dimanche »", after "sans"."""
    if len(said) < 2:
        return "".join(said)
    return _("{others} ni {last}").format(others=", ".join(said[:-1]), last=said[-1])


def _says_where(question: Question) -> bool:
    areas = (question.communes, question.epcis, question.departements, question.bbox)
    return question.centre is not None or any(areas)


def _parts(question: Question, name: str, now: datetime) -> Iterator[str]:
    """What a parameter asks, as it stands inside a sentence."""
    if name in FIELDS:
        codes = getattr(question, FIELDS[name])
        yield from (lowered(label) for label in vocabulary().labels(codes, wording.language()))
    elif name == "text":
        yield question.text
    elif name == "season" and question.season is not None:
        yield lowered(asked_season(question.season))
    elif name == "comes":
        yield lowered(wording.comes(question.place))
    elif name == "open" and question.opening is not None:
        yield lowered(asked_opening(question.opening, now))
    else:
        yield from _places(question, name)


def _places(question: Question, name: str) -> Iterator[str]:
    ground = gazetteer()
    if name == "place" and question.radius is not None:
        yield wording.around(question.place, question.radius.m)
    elif name == "bbox":
        yield _("dans la zone de la carte")
    elif name == "commune":
        yield from (entry.name for code in question.communes if (entry := ground.commune(code)))
    elif name == "epci":
        yield from (ground.epcis.get(code, code) for code in question.epcis)
    else:
        yield from (ground.departements.get(code, code) for code in question.departements)


# --- Words that may mean something else ------------------------------------------------------------------------------
def other_meanings(question: Question, understood: Interpretation) -> list[Link]:
    """The question with each of the other readings of its words."""
    return [
        Link(_meaning(other), href_with(question, **_changes(understood, other, question)))
        for other in understood.alternatives
    ]


def _changes(understood: Interpretation, other: Alternative, question: Question) -> dict[str, object]:
    """The parts that the other reading changes; what parameters say beside the words stays."""
    before = question_of(understood, question.centre)
    after = question_of(with_alternative(understood, other), question.centre)
    names = [part.name for part in fields(Question) if getattr(before, part.name) != getattr(after, part.name)]
    return {name: getattr(after, name) for name in names}


def _meaning(other: Alternative) -> str:
    """ "la commune de Chinon", "la commune d'Amilly (Eure-et-Loir)" where another is meant, "du vin de Chinon"."""
    meaning = other.meaning
    if isinstance(meaning, Meaning):
        return lowered(wording.asked_thing(meaning.dimension, meaning.code))
    kinds = {"commune": _("la commune {of_place}"), "departement": _("le département {name}")}
    said = kinds.get(meaning.kind, "{name}").format(name=meaning.name, of_place=wording.of(meaning))
    departement = gazetteer().departements.get(meaning.departement, "")
    namesake = departement and isinstance(other.instead_of, Place) and other.instead_of.name == meaning.name
    return f"{said} ({departement})" if namesake else said
