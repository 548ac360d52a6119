"""An opening_hours text in words, where a week does not say all of it: seasons, holidays, what the merchant adds."""

from __future__ import annotations

import re

from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

from directory.hours.editing import NIGHTS
from maps import wording

_ABBREVIATED = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# The words of OpenStreetMap's syntax, outside of quoted comments. A day of a month stands after it: "Dec 24-26".
_WORDS = re.compile(
    r'"[^"]*"'
    r"|\b(?:(?P<year>\d{4}) )?(?P<month>" + "|".join(_ABBREVIATED) + r")\b"
    r"(?: 0?(?P<day>\d{1,2}(?:-\d{1,2})?)(?![\d:]))?(?P<colon>:)?"
    r"|(?P<closed> (?:off|closed)\b)"
    r"|\b(?:Mo|Tu|We|Th|Fr|Sa|Su|PH|SH|off|closed|unknown|open|week|easter|sunrise|sunset)\b"
    r"|\|\||-|,(?=\S)"
)
# Weekdays and hours alone: what a week says.
_PLAIN = re.compile(r"^(?:24/7|(?:(?:Mo|Tu|We|Th|Fr|Sa|Su|[,\s-])+\s+)?(?:[\d:,\s-]+|off|closed))$")
_HOLIDAYS = re.compile(r"^(?:(?:Mo|Tu|We|Th|Fr|Sa|Su)[,-])*PH\b[^\"|]*$")
# Parts of the year, by which hours may change beyond what is worked out.
_PARTS_OF_THE_YEAR = re.compile(r"\b(?:week|easter|SH|\d{4}|" + "|".join(_ABBREVIATED) + r")\b")


def changes_with_the_year(text: str) -> bool:
    """Whether the hours depend on more than the weekday and public holidays."""
    return bool(_PARTS_OF_THE_YEAR.search(re.sub(r'"[^"]*"', "", text)))


def beyond_a_week(text: str) -> list[str]:
    """The rules that a usual week does not tell; all of them where one changes with the year or says something."""
    rules = [NIGHTS.sub("", rule.strip()) for rule in _rules(text) if rule.strip()]
    more = [rule for rule in rules if not _PLAIN.match(rule)]
    shown = more if all(_HOLIDAYS.match(rule) for rule in more) else rules
    return [_in_words(rule) for rule in shown]


def _rules(text: str) -> list[str]:
    """Parts between semicolons that stand in no comment."""
    return re.findall(r'(?:"[^"]*"|[^;"]|")+', text)


def _in_words(rule: str) -> str:
    words = {
        "Mo": _("lun."), "Tu": _("mar."), "We": _("mer."), "Th": _("jeu."), "Fr": _("ven."), "Sa": _("sam."),
        "Su": _("dim."), "PH": _("jours fériés"), "SH": _("vacances scolaires"), "off": _("fermé"),
        "closed": _("fermé"), "unknown": _("à confirmer"), "open": _("ouvert"), "week": _("semaine"),
        "easter": _("Pâques"), "sunrise": _("lever du soleil"), "sunset": _("coucher du soleil"),
        "-": "–", ",": ", ", "||": _("sinon"),
    }  # fmt: skip

    def said(found: re.Match[str]) -> str:
        if found["closed"]:
            return wording.headed("", _("fermé"))
        if not found["month"]:
            return words[found[0]] if found[0] in words else wording.quoted(found[0].strip('"'))
        month = str(MONTHS[_ABBREVIATED.index(found["month"]) + 1])
        day = "1er" if found["day"] == "1" and wording.language() == "fr" else (found["day"] or "").replace("-", "–")
        date = " ".join(part for part in (day, month, found["year"]) if part)
        return wording.headed(date, "").rstrip() if found["colon"] else date

    return _WORDS.sub(said, rule)
