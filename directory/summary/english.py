"""The sentence in English."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from directory.phrases import Phrase
from directory.summary.english_times import in_season, until, when
from directory.summary.facts import Facts, Nearest, alternatives, measure, reach
from geo.gazetteer import Place

NBSP = "\u00a0"
# Where no activity is asked.
PLACE = Phrase("", "place", many_en="places")
# The French bodies have no English name: their kind is said in full.
GROUPINGS = {
    "CC ": "the communauté de communes ",
    "CA ": "the communauté d'agglomération ",
    "CU ": "the communauté urbaine ",
}


def sentence(facts: Facts) -> str:
    """ "37 farms sell cheese within 10 km of Vendôme; the nearest is 2.3 km away." """
    qualities = " and ".join(_qualities(facts))
    words = [_subject(facts), qualities, *_state(facts), *_verbs(facts), ", ".join(_where(facts))]
    return "; ".join([" ".join(filter(None, words)), *_clauses(facts)]) + "."


def _subject(facts: Facts) -> str:
    nouns = facts.activities or (PLACE,)
    if facts.total > 1:
        named = alternatives([noun.many_en for noun in nouns], "or", "places of {} other kinds")
        return f"{facts.total:,} {named}"
    ones = [noun.one_en for noun in nouns]
    if facts.total == 1:
        return f"One {alternatives(ones, 'or', 'place of another kind')}"
    return f"No {alternatives(ones, 'or', 'place of {} other kinds')}"


def _qualities(facts: Facts) -> Iterator[str]:
    """Labels and services, said of the noun."""
    if facts.labels:
        yield alternatives([label.one_en for label in facts.labels], "or", "with one of {} other labels")
    if facts.services:
        yield alternatives([service.one_en for service in facts.services], "or", "with one of {} other services")


def _state(facts: Facts) -> Iterator[str]:
    """ "open on Sunday morning", "matching “loir”"."""
    if facts.opening is not None:
        yield f"open {when(facts.opening, facts.now)}"
    if facts.comes:
        yield f"delivering or coming to {'the chosen point' if facts.place is None else _place(facts.place)}"
    if facts.text:
        yield f"matching “{facts.text}”"


def _verbs(facts: Facts) -> Iterator[str]:
    """ "sell cheese or eggs", "or offer bike repair", "sell strawberries in season"."""
    ending = "" if facts.total > 1 else "s"
    said = [
        f"{verb}{ending} {alternatives([product.one_en for product in products], 'or', others)}"
        for verb, products, others in (
            ("sell", facts.sold, "{} other products"),
            ("offer", facts.offered, "{} other services"),
        )
        if products
    ]
    if facts.season is not None:
        said = said or [f"sell{ending} products"]
        said.append(f"{said.pop()} {in_season(facts.season)}")
    if said:
        yield " or ".join(said)


def _where(facts: Facts) -> Iterator[str]:
    if facts.radius is not None:
        centre = "the chosen point" if facts.place is None else _place(facts.place)
        yield f"within {reach(facts.radius)} of {centre}"
    elif not (facts.comes or facts.communes or facts.epcis or facts.departements or facts.in_view):
        yield f"in {settings.REGION['name']}"
    if facts.communes:
        yield f"in {alternatives(facts.communes, 'or', '{} other communes')}"
    if facts.epcis:
        yield f"in {alternatives([_epci(name) for name in facts.epcis], 'or', '{} other intercommunal areas')}"
    if facts.departements:
        yield f"in {alternatives([name for _, name in facts.departements], 'or', '{} other départements')}"
    if facts.in_view:
        yield "in the area shown"


def _place(place: Place) -> str:
    if place.kind == "postcode":
        name = place.name.removeprefix(place.code).strip()
        return f"{name} ({place.code})" if name else f"postcode {place.code}"
    return place.name


def _epci(name: str) -> str:
    for prefix, words in GROUPINGS.items():
        if name.startswith(prefix):
            return words + name.removeprefix(prefix)
    return name


def _clauses(facts: Facts) -> Iterator[str]:
    """What follows the main clause, each after a semicolon."""
    if facts.nearest is not None and facts.total:
        yield f"{'it' if facts.total == 1 else 'the nearest'} is {_distance(facts.nearest)}{_open_state(facts.nearest)}"
    if facts.unknown_hours:
        one, many = ("another", "others") if facts.total else ("one place", "places")
        whose = one if facts.unknown_hours == 1 else f"{facts.unknown_hours:,} {many}"
        yield f"the hours of {whose} are unknown"


def _open_state(nearest: Nearest) -> str:
    """ ", open until 6 pm"."""
    if nearest.open_now is None:
        return ""
    state = "open" if nearest.open_now else "closed"
    return f", {state} {until(nearest.until)}" if nearest.until is not None else f", {state} now"


def _distance(nearest: Nearest) -> str:
    if nearest.in_commune:
        return f"in {nearest.commune}"
    if nearest.rough:
        kilometres = round(nearest.metres / 1000)
        return f"about {kilometres}{NBSP}km away" if kilometres else f"less than 1{NBSP}km away"
    if nearest.metres < 5:
        return f"less than 10{NBSP}m away"
    return f"{measure(nearest.metres)} away"
