"""What a département's list may be asked for: the one reading of it, for its page, its API and what leaves the desk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from directory.gaps import follow_up
from directory.gaps.access import name_of
from directory.gaps.worklist import Filters
from directory.models import GapCase
from directory.vocabulary import vocabulary
from geo.folding import place_key
from geo.gazetteer import gazetteer

ME, NOBODY = "me", "none"
SWITCHES = ("overdue", "reported", "left")
# What they choose by is for officials alone: a file of what they choose tells it of each of its lines.
RESTRICTED = ("state", "need", "assignee", "overdue", "reported")

Options = list[tuple[str, Any]]


def options(departement: str, epci: str = "") -> dict[str, Options]:
    """The values of the filters that take one, with their names; communes are those of the EPCI, where it is known."""
    ground, language = gazetteer(), get_language() or "fr"
    own = [entry for entry in ground.entries if entry.departement == departement]
    within = [entry for entry in own if entry.epci == epci] if epci else []
    people = [(str(person.pk), name_of(person)) for person in follow_up.assignees(departement)]
    return {
        "epci": _by_name((siren, ground.epcis[siren]) for siren in {entry.epci for entry in own if entry.epci}),
        "commune": _by_name((entry.code, entry.name) for entry in within or own),
        "activity": [(term.code, term.label(language)) for term in vocabulary().of("activity")],
        "state": list(GapCase.State.choices),
        "need": list(GapCase.Need.choices),
        "assignee": [(ME, _("Moi")), (NOBODY, _("Personne")), *people],
    }


def read(departement: str, given: Mapping[str, Any], user: Any) -> Filters:
    """The filters that values of `options`, and switches, stand for. What is empty is not asked for."""
    asked = {field.name: given[field.name] for field in fields(Filters) if given.get(field.name)}
    who = asked.pop("assignee", None)
    if who:
        asked["assignee"] = user.pk if who == ME else 0 if who == NOBODY else int(who)
    return Filters(departement, **asked)


def restricted(filters: Filters) -> list[str]:
    """Those of RESTRICTED that are asked for."""
    return [name for name in RESTRICTED if getattr(filters, name) != getattr(Filters, name)]


def _by_name(found: Iterable[tuple[str, str]]) -> Options:
    return sorted(found, key=lambda option: place_key(option[1]))
