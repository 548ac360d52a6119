"""What several forms ask for in the same way: a commune, a position, a SIRET, an activity, one row of a list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from stdnum.fr import siret as siret_rules

from directory.models.point_of_sale import validate_siret
from directory.pinning.doubts import is_beyond, swapped
from directory.vocabulary import vocabulary
from geo.commune_match import CommuneEntry, clean_postcode
from geo.folding import one_line
from geo.gazetteer import gazetteer
from geo.points import DECIMALS, GeoValueError, Position
from geo.typed import read_position
from maps import wording
from maps.pins.wording import name_of

LISTED = 4  # communes proposed where the name is not enough
NOTHING = "—"
DIGITS = 18  # of an id at most: what PostgreSQL counts with has 19


def read_id(text: str) -> int:
    """The id that a button sends; 0, which nothing has, for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS else 0


def read_name(text: str) -> str:
    """The name of a merchant. Raises ValidationError."""
    name = one_line(text)
    if not any(letter.isalpha() for letter in name):
        raise ValidationError(_("Un nom a des lettres."))
    return name


def read_siret(text: str) -> str:
    """Fourteen digits, or nothing. Raises ValidationError."""
    siret = str(siret_rules.compact(text))
    if siret:
        validate_siret(siret)
    return siret


def read_commune(text: str, postcode: str = "") -> CommuneEntry:
    """The commune of the région that somebody wrote, with its postcode or beside it. Raises ValidationError."""
    match = gazetteer().resolve_commune(text, clean_postcode(postcode or text))
    if match.status == "found" and match.entry is not None:
        return match.entry
    if match.entries:
        names = ", ".join(f"{entry.name} {' '.join(entry.postcodes[:1])}" for entry in match.entries[:LISTED])
        raise ValidationError(_("Laquelle ? {names}…").format(names=names))
    raise ValidationError(_("Cette commune n'est pas dans la région, ou son nom est mal écrit."))


def read_town(form: forms.Form, data: dict[str, Any]) -> CommuneEntry | None:
    """The commune of a form that asks for it with its postcode, which becomes the commune's; errors stand beside each.

    A postcode tells two communes of one name apart; one that fits no commune of that name is what is wrong.
    """
    text, given = data.get("commune", ""), data.get("postcode", "")
    if not text:
        return None
    try:
        entry = read_commune(text, given)
    except ValidationError as error:
        try:
            entry = read_commune(text)
        except ValidationError:
            form.add_error("commune", error)
            return None
    if given and clean_postcode(given) not in entry.postcodes:
        said = _("Le code postal {of_commune} est {postcodes}.")
        form.add_error("postcode", said.format(of_commune=name_of(entry.name), postcodes=", ".join(entry.postcodes)))
    data["postcode"] = postcode_of(entry, given or text)
    return entry


def read_position_here(text: str) -> Position:
    """A position of the région, in whatever writing. Raises ValidationError: what was expected, or what was swapped."""
    try:
        position = read_position(text)
    except GeoValueError as error:
        expected = _("Deux nombres sont attendus, la latitude puis la longitude : 47,79312 1,06541.")
        raise ValidationError(expected, code=error.code) from error
    if not is_beyond(position):
        return position
    if other := swapped(position):
        text = _("C'est hors de la région ; dans l'autre sens, c'y est : {at}.")
        raise ValidationError(text.format(at=coordinates(other)), code="swapped")
    raise ValidationError(_("C'est hors de la région. Vérifiez les deux nombres, latitude d'abord."), code="beyond")


def coordinates(position: Position) -> str:
    """ "47.793210, 1.065830", as maps take it and `read_position_here` reads it."""
    return f"{position.lat:.{DECIMALS}f}, {position.lon:.{DECIMALS}f}"


def postcode_of(commune: CommuneEntry, typed: str) -> str:
    """The postcode that was typed, if it is the commune's; its only one where none was."""
    given = clean_postcode(typed)
    if given in commune.postcodes:
        return given
    return commune.postcodes[0] if len(commune.postcodes) == 1 else ""


def choose(form: forms.Form, name: str, choices: Any, nothing: str = NOTHING) -> None:
    """Give a field its choices, after one for none."""
    field: Any = form.fields[name]
    field.choices = [("", nothing), *choices]


def grouped_activities() -> list[tuple[str, list[tuple[str, str]]]]:
    """The activities below the heads of their trees, which are no trades themselves."""
    known, language = vocabulary(), wording.language()
    groups: dict[str, list[tuple[str, str]]] = {}
    for term in known.of("activity"):
        if term.depth:
            head = known.by_id[term.path[-1]].label(language)
            groups.setdefault(head, []).append((term.code, term.label(language)))
    return list(groups.items())
