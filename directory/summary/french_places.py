"""Names of places after French prepositions: elided, contracted, with the article that usage gives them."""

from __future__ import annotations

import re
import unicodedata

from django.conf import settings

from geo.gazetteer import Place

NBSP = "\u00a0"

# Beginnings in h before which "de" keeps its vowel: Hanches, Houx, homard. Before others it does not: Herbault, huile.
ASPIRATED = ("ha", "hou", "homar", "hors")
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


def elides(name: str) -> bool:
    """Whether "de" loses its vowel before the name: "d'Orléans", "d'Yvoy", "d'Herbault", but "de Houx", "de Yèvres"."""
    plain = unicodedata.normalize("NFD", name.casefold()).replace("œ", "oe").replace("æ", "ae")
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    if plain.startswith("h"):
        return not plain.startswith(ASPIRATED)
    if plain.startswith("y"):
        return plain[1:2] not in ("a", "e", "i", "o", "u")
    return plain[:1] in ("a", "e", "i", "o", "u")


def of(name: str) -> str:
    """The name after "de": "d'Orléans", "du Blanc", "des Montils", "de La Châtre", "de L'Île-Bouchard"."""
    if name.startswith("Le "):
        return f"du {name[3:]}"
    if name.startswith("Les "):
        return f"des {name[4:]}"
    return f"d'{name}" if elides(name) else f"de {name}"


def at(name: str) -> str:
    """The name after "à": "à Vendôme", "au Blanc", "aux Montils", "à La Châtre"."""
    if name.startswith("Le "):
        return f"au {name[3:]}"
    if name.startswith("Les "):
        return f"aux {name[4:]}"
    return f"à {name}"


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
