"""Places after French prepositions, by their kind, with the article that usage gives them."""

from __future__ import annotations

import re

from django.conf import settings

from geo.french import NBSP, of
from geo.gazetteer import Place

# How the name of a street runs on after "de".
STREETS = {
    "allée": "de l'", "avenue": "de l'", "boulevard": "du ", "chemin": "du ", "cité": "de la ", "cours": "du ",
    "esplanade": "de l'", "faubourg": "du ", "hameau": "du ", "impasse": "de l'", "lotissement": "du ", "mail": "du ",
    "passage": "du ", "place": "de la ", "promenade": "de la ", "quai": "du ", "rond-point": "du ", "route": "de la ",
    "rue": "de la ", "ruelle": "de la ", "sentier": "du ", "square": "du ", "venelle": "de la ", "villa": "de la ",
    "voie": "de la ", "zone": "de la ",
}  # fmt: skip
GROUPINGS = {
    "CC ": "dans la communauté de communes ",
    "CA ": "dans la communauté d'agglomération ",
    "CU ": "dans la communauté urbaine ",
    "Métropole ": "dans la métropole ",
}
_QUOTED = re.compile(r'"\s*([^"]*?)\s*"')
_ACRONYM = re.compile(r" \([A-Z0-9]+\)$")


def of_place(place: Place) -> str:
    """The place after "à moins de 10 km": "de Vendôme", "du Blanc (36300)", "du 12 rue du Change 41100 Vendôme"."""
    if place.kind == "postcode":
        name = place.name.removeprefix(place.code).strip()
        return f"{of(name)} ({place.code})" if name else f"du code postal {place.code}"
    if place.kind == "address":
        first = place.name.split(" ", 1)[0].casefold()
        if first[:1].isdigit():
            return f"du {place.name}"
        if first in STREETS:
            return f"{STREETS[first]}{place.name[:1].lower()}{place.name[1:]}"
    return of(place.name)


def in_departement(code: str, name: str) -> str:
    """ "dans le Cher", "en Eure-et-Loir": usage has no rule, so the région's file says it for its own."""
    words: dict[str, str] = settings.REGION.get("departements_in_words", {})
    return words.get(code, f"dans le département {name}")


def in_epci(name: str) -> str:
    """ "dans la communauté de communes du Perche", "sur le territoire d'Orléans Métropole"."""
    plain = _QUOTED.sub(f"«{NBSP}\\1{NBSP}»", _ACRONYM.sub("", name))
    for prefix, words in GROUPINGS.items():
        if plain.startswith(prefix):
            return words + plain.removeprefix(prefix)
    return f"sur le territoire {of(plain)}"
