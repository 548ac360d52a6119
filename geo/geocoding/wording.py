"""The text of an address as a geocoder reads it best. Pure."""

from __future__ import annotations

import re

from geo.folding import fold

MIN_LENGTH, MAX_LENGTH = 3, 200  # the national address service refuses others

# Written out because the score compares whole strings: "R" for "Rue" costs a right address a fifth of its score.
_ABBREVIATIONS = {
    "r": "rue",
    "av": "avenue",
    "ave": "avenue",
    "bd": "boulevard",
    "bld": "boulevard",
    "blvd": "boulevard",
    "pl": "place",
    "rte": "route",
    "ch": "chemin",
    "che": "chemin",
    "chem": "chemin",
    "imp": "impasse",
    "all": "allée",
    "sq": "square",
    "fg": "faubourg",
    "fbg": "faubourg",
    "st": "Saint",
    "ste": "Sainte",
    "dr": "docteur",
    "gal": "général",
    "mal": "maréchal",
    "pdt": "président",
}
_STREET_TYPES = (
    "rue|avenue|av|ave|boulevard|bd|bld|blvd|place|pl|route|rte|chemin|ch|che|chem|impasse|imp|all[ée]e|all|square|sq|"
    "faubourg|fg|fbg|quai|cours?|ruelle|r|sente|sentier|passage|esplanade|mail|rond[- ]point|voie|venelle|cit[ée]|"
    "hameau|parc|parvis|espace|clos|chauss[ée]e|promenade|mont[ée]e|c[ôo]te|lev[ée]e|r[ée]sidence|domaine"
)
# "ZA des Prés, Bâtiment B, 12 bis, rue du Change, porte 3": the number, the street and nothing else.
_NUMBERED_STREET = re.compile(
    rf"\b\d{{1,4}}\s?(?:bis|ter|quater|[a-d])?\s*,?\s+(?:{_STREET_TYPES})\b\.?[^,;(]+", re.IGNORECASE
)
# "6-8 rue de la Mairie", "1/21 rue du Change": one door of several.
_RANGE = re.compile(r"(?<!\d)(\d{1,4})\s?[-/]\s?\d{1,4}(?=,?\s+[^\W\d])")
# "Mairie, 4 Grande Rue", "Place du Marché - porte gauche": of the parts of an address, the one that begins so.
_PARTS = re.compile(r"[,;]|\s-\s")
_NUMBERED = re.compile(r"\d{1,4}\s?(?:bis|ter|quater|[a-d]\b)?\s+[^\W\d]", re.IGNORECASE)
_STREET = re.compile(rf"(?:{_STREET_TYPES}|grand['e]?[ -]?rue|(?:le )?bourg)\b", re.IGNORECASE)
_ASIDE = re.compile(r"\([^()]*\)")
_NOT_A_PLACE = re.compile(
    r"\b(?:b\.?p\.?|c\.?s\.?|tsa|cidex)\s*(?:n[o°]\s*)?\d+\b|\bc[eé]dex(?:\s*\d{1,2})?\b", re.IGNORECASE
)
_HAMLET = re.compile(r"^(?:lieux?[ -]?dits?|l\.?d\.?|au lieu[ -]?dit)\s*:?\s+(?=\S)", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+\.?")


def printable(text: str) -> str:
    """The text on one line, without control characters and runs of spaces."""
    return " ".join("".join(char if char.isprintable() else " " for char in text[: 2 * MAX_LENGTH]).split())


def street_text(text: str) -> str:
    """The street or hamlet of an address, abbreviations written out, without delivery codes; perhaps empty."""
    place = _RANGE.sub(r"\1", _NOT_A_PLACE.sub(" ", printable(text)))
    alone = _ASIDE.sub(" ", place)
    cleaned = _HAMLET.sub("", printable(alone if fold(alone) else place).lstrip(" ,;-/."))
    if numbered := _NUMBERED_STREET.search(cleaned):
        cleaned = numbered[0]
    else:
        parts = [part.strip() for part in _PARTS.split(cleaned)]
        streets = [part for begins in (_NUMBERED, _STREET) for part in parts if begins.match(part)]
        cleaned = streets[0] if streets else cleaned
    written = _WORD.sub(lambda found: _ABBREVIATIONS.get(found[0].rstrip(".").lower(), found[0]), cleaned)
    # The service wants a letter or a digit first.
    start = next((i for i, char in enumerate(written) if char.isalnum()), len(written))
    return written[start : start + MAX_LENGTH].strip(" ,;-/()")


def is_askable(text: str) -> bool:
    """Whether a geocoder would take the text."""
    return MIN_LENGTH <= len(text) <= MAX_LENGTH and bool(fold(text))
