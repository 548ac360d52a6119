"""A position as people paste it: "47.79, 1.06", "47,79 1,06", a `geo:` address, a map's link, degrees and minutes."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from geo.points import GeoValueError, Position, parse_position

MAX_LENGTH = 300
_NUMBER = r"[-+]?[0-9]{1,3}(?:[.,][0-9]+)?"
_LETTER = r"[NSEWO]"
# "47.79, 1.06", "47,79 ; 1,06", "47.79° N, 1.06° E".
_BETWEEN = r"(?:\s*[;/]\s*|\s*,\s+|\s+|(?<=[NSEWO°]),)"
_PAIR = re.compile(rf"({_NUMBER})\s*°?\s*({_LETTER})?{_BETWEEN}({_NUMBER})\s*°?\s*({_LETTER})?")
_DOTTED = re.compile(r"([-+]?[0-9]{1,3}\.[0-9]+)\s*[,;]\s*([-+]?[0-9]{1,3}\.[0-9]+)")
_COMMAS = re.compile(r"([-+]?[0-9]{1,3},[0-9]+),([-+]?[0-9]{1,3},[0-9]+)")
# 47°47'34.1"N 1°03'57.6"E, as some maps show it.
_DMS = re.compile(
    rf"([0-9]{{1,3}})\s*°\s*([0-9]{{1,2}})\s*['’′]\s*(?:([0-9]{{1,2}}(?:[.,][0-9]+)?)\s*(?:[\"”″]|''))?\s*({_LETTER})"
)
# What phones and maps hand on: geo:47.79,1.06?z=17, …/@47.79,1.06,17z, …?q=47.79,1.06.
_LINK = re.compile(
    r"(?:^geo:|/@|[?&#](?:q|ll|query|destination|mlat)=)([-+]?[0-9.]+)(?:,|%2C|&mlon=)([-+]?[0-9.]+)", re.I
)


def read_position(text: str) -> Position:
    """The position that a text gives, latitude first unless it says N and E. Raises GeoValueError."""
    lat, lon = _two_numbers(text.strip()[:MAX_LENGTH].upper())
    return parse_position(lat, lon)


def _two_numbers(text: str) -> tuple[str, str]:
    if found := _LINK.search(text):
        return found[1], found[2]
    if len(parts := _DMS.findall(text)) == 2:
        return _ordered(*((_decimal(*part[:3]), part[3]) for part in parts))
    for pattern in (_DOTTED, _COMMAS):
        if found := pattern.fullmatch(text):
            return found[1].replace(",", "."), found[2].replace(",", ".")
    if found := _PAIR.fullmatch(text):
        return _ordered((found[1].replace(",", "."), found[2] or ""), (found[3].replace(",", "."), found[4] or ""))
    raise GeoValueError(
        _("coordonnées"), "not_a_position", _("la latitude puis la longitude sont attendues, comme 47,793 1,066.")
    )


def _decimal(degrees: str, minutes: str, seconds: str) -> str:
    return f"{int(degrees) + int(minutes) / 60 + float((seconds or '0').replace(',', '.')) / 3600:.7f}"


def _ordered(first: tuple[str, str], second: tuple[str, str]) -> tuple[str, str]:
    """(latitude, longitude) by the letters beside the numbers, if there are any."""
    if first[1] in ("E", "W", "O") and second[1] in ("", "N", "S"):
        first, second = second, first
    return _signed(*first), _signed(*second)


def _signed(number: str, letter: str) -> str:
    return f"-{number.lstrip('+')}" if letter in ("S", "W", "O") and not number.startswith("-") else number
