"""Where a pin lies and how it was placed, in words: every sentence of the page that no map is needed for.

A pin is any row with the fields of a point of sale: today's, one of the history, one that is not saved yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.models import PointOfSale, Source
from directory.pinning.compass import DIRECTIONS, Direction, seen_from
from directory.pinning.doubts import Doubt
from geo.coverage.wording import day_in_words
from geo.french import is_french, of, tied
from geo.gazetteer import CommuneEntry, gazetteer
from geo.points import Position
from maps import wording

Precision = PointOfSale.Precision
AT_CENTRE_M = 15  # nearer than this no direction means anything

TOWARDS: Mapping[Direction, Any] = {
    "n": gettext_lazy("au nord"),
    "ne": gettext_lazy("au nord-est"),
    "e": gettext_lazy("à l'est"),
    "se": gettext_lazy("au sud-est"),
    "s": gettext_lazy("au sud"),
    "sw": gettext_lazy("au sud-ouest"),
    "w": gettext_lazy("à l'ouest"),
    "nw": gettext_lazy("au nord-ouest"),
}
PRECISIONS: Mapping[str, Any] = {
    Precision.MANUAL: gettext_lazy("placée à la main"),
    Precision.HOUSENUMBER: gettext_lazy("au numéro"),
    Precision.STREET: gettext_lazy("à la rue, pas au numéro"),
    Precision.LOCALITY: gettext_lazy("au lieu-dit, pas à la porte"),
    Precision.COMMUNE: gettext_lazy("au centre de la commune, pas à l'adresse"),
}
SOURCES: Mapping[str, Any] = {
    "ban": gettext_lazy("base adresse nationale"),
    "gazetteer": gettext_lazy("liste des communes"),
    "demo": gettext_lazy("inventée pour la démonstration"),
    "manual": "",
}


def name_of(commune: str) -> str:
    """The commune after "de": "de Vendôme", "du Blanc"; "of Vendôme"."""
    return of(commune) if is_french() else f"of {commune}"


def whereabouts(position: Position, commune: CommuneEntry | None) -> str:
    """ "60 m au nord du centre de Vendôme". The centre is the town hall, or a point inside where none is known."""
    if commune is None:
        return _("La commune n'est pas encore donnée.")
    metres, towards = seen_from(commune.position, position)
    if metres < AT_CENTRE_M:
        return _("Au centre {of_commune}").format(of_commune=name_of(commune.name))
    return centre_template().format(
        distance=wording.distance(metres, rough=False), direction=TOWARDS[towards], of_commune=name_of(commune.name)
    )


def centre_template() -> str:
    """With {distance}, {direction} and {of_commune}: for here, and for the page's script."""
    return _("{distance} {direction} du centre {of_commune}")


def directions() -> list[str]:
    """The eight, from the north on by the east."""
    return [str(TOWARDS[direction]) for direction in DIRECTIONS]


def how_placed(row: Any, user: Any) -> str:
    """ "À la rue, pas au numéro ; score 0,62 ; base adresse nationale, 12 mars 2026 ; automatiquement"."""
    source = source_name(row.pin_source)
    when = day_in_words(timezone.localtime(row.pin_at).date()) if row.pin_at else ""
    parts = [
        str(PRECISIONS.get(row.pin_precision, "")),
        *_as_found(row),
        ", ".join(part for part in (source, when) if part),
        by_whom(row.pin_by, user),
    ]
    text = " ; ".join(part for part in parts if part)
    return tied(text[:1].upper() + text[1:])


def _as_found(row: Any) -> list[str]:
    """The address as it was found, and how well it fits; nothing of a commune's centre, which is no answer."""
    if row.pin_score is None or row.pin_precision == Precision.COMMUNE:
        return []
    label = [_("trouvée comme {label}").format(label=wording.quoted(row.pin_label))] if row.pin_label else []
    return [*label, _("score {score}").format(score=number_format(round(row.pin_score, 2), 2))]


def source_name(code: str) -> str:
    """Who said where it is, in words: a geocoder, the list of communes, or a list of merchants by its name."""
    if code in SOURCES or not code:
        return str(SOURCES.get(code, ""))
    return Source.objects.filter(slug=code).values_list("name", flat=True).first() or code


def by_whom(person: Any, user: Any) -> str:
    """ "par vous", "par un agent", "par un autre compte", "automatiquement"."""
    if person is None:
        return _("automatiquement")
    if person.pk == user.pk:
        return _("par vous")
    return _("par un agent") if person.is_staff else _("par un autre compte")


def shown_to_public(row: Any) -> str:
    """What everybody sees of the pin."""
    if row.pin_hidden:
        return _("Cachée : le public ne voit que la commune, sans adresse.")
    if row.pin is None or row.pin_precision == Precision.COMMUNE:
        return _("Le public voit l'adresse écrite, et la commune sur la carte.")
    return _("Le public voit l'adresse et l'épingle.")


def doubt(told: Doubt, commune: CommuneEntry | None) -> str:
    """A warning: what is odd, never that it is forbidden."""
    distance = wording.distance(told.metres, rough=False)
    name = commune.name if commune else ""
    match told.code:
        case "no_pin":
            return _("Il n'y a pas encore d'épingle.")
        case "commune_only":
            return _("L'épingle est au centre de la commune : on ne trouvera pas votre porte.")
        case "far_from_address":
            return _("L'épingle est à {distance} de là où l'adresse est trouvée.").format(distance=distance)
    if told.commune:
        text = _("L'épingle est dans {there}, à {distance} hors {of_commune}.")
    else:
        text = _("L'épingle est hors de la région, à {distance} hors {of_commune}.")
    return text.format(there=told.commune, distance=distance, of_commune=name_of(name))


def address_of(row: Any) -> str:
    """ "1 rue du Change, 41100 Vendôme"."""
    commune = gazetteer().commune(row.commune_id or "")
    town = " ".join(part for part in (row.postcode, commune.name if commune else "") if part)
    return ", ".join(part for part in (row.street, town) if part)


def moment(when: Any) -> str:
    """A day and an hour, as the history has them."""
    return str(date_format(timezone.localtime(when), "SHORT_DATETIME_FORMAT"))


def how_far(position: Position, commune: str | None) -> str:
    """Where a position lies in the commune of that code."""
    return whereabouts(position, gazetteer().commune(commune or ""))
