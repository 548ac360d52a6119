"""French as it is set in type and spelt: spaces that do not break, names of places after prepositions."""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import get_language

NBSP = "\u00a0"

# Beginnings in h before which "de" keeps its vowel: Hanches, Houx, homard. Before others it does not: Herbault, huile.
ASPIRATED = ("ha", "hou", "homar", "hors")
_BREAKABLE = re.compile(r" (?=[;:!?%»])|(?<=«) ")


def is_french() -> bool:
    """Whether the active language is; it is where there is none."""
    return (get_language() or "fr").startswith("fr")


def tied(text: str) -> str:
    """The text with its signs tied to what they belong to, where the active language is French: "34 %", "Tours :"."""
    return _BREAKABLE.sub(NBSP, text) if is_french() else text


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
