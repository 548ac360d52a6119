"""What is said of broadband, in the active language: never more than the evidence, always with the number behind.

Names of places come after "à" in French, so sentences are put together here and not in templates.
"""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geo.coverage.figures import EditionEntry
from geo.coverage.numbers import number, percent, points
from geo.coverage.steps import UNKNOWN, Count
from geo.coverage.verdict import Verdict
from geo.folding import fold
from geo.french import at, is_french, tied
from geo.gazetteer import gazetteer
from geo.models import Zone
from geo.points import Position

__all__ = [
    "arcep_map", "cite", "commune_sentence", "dated", "day_in_words", "edition_name", "eligible", "evidence",
    "indicator_name", "licences", "marked", "number", "percent", "points", "range_in_words", "sentence", "share",
    "sources", "step_in_words",
]  # fmt: skip

PRODUCER = "ARCEP"
# Each technology as it heads a column, and after "éligibles".
TECHNOLOGIES = {
    "ftth": (gettext_lazy("Fibre"), gettext_lazy("à la fibre")),
    "coax": (gettext_lazy("Câble"), gettext_lazy("au câble")),
    "copper": (gettext_lazy("Cuivre"), gettext_lazy("au cuivre (ADSL, VDSL)")),
    "copper_8": (gettext_lazy("Cuivre, 8 Mbit/s"), gettext_lazy("à 8 Mbit/s par le cuivre")),
    "copper_30": (gettext_lazy("Cuivre, 30 Mbit/s"), gettext_lazy("à 30 Mbit/s par le cuivre")),
    "thd_radio": (gettext_lazy("THD radio"), gettext_lazy("au THD radio")),
    "fixed_4g": (gettext_lazy("4G fixe"), gettext_lazy("à la 4G fixe")),
    "hd_radio": (gettext_lazy("HD radio"), gettext_lazy("au HD radio")),
    "satellite": (gettext_lazy("Satellite"), gettext_lazy("au satellite")),
}
# What each kind of files counts speeds by, as the names of its indicators begin.
LINES = {
    "terrestrial_": gettext_lazy("{speed} filaires ou hertziens terrestres"),
    "satellite_": gettext_lazy("{speed}, satellite compris"),
    "best_": gettext_lazy("{speed} (meilleure technologie)"),
    "": gettext_lazy("{speed} filaires"),
}


# --- Indicators and their classes ------------------------------------------------------------------------------------
def indicator_name(indicator: str) -> str:
    """As it heads a column or stands on a switch: "Fibre", "8 Mbit/s filaires"."""
    prefix, base = _split(indicator)
    if base in TECHNOLOGIES:
        name = str(TECHNOLOGIES[base][0])
        return _("{technology} (meilleure technologie)").format(technology=name) if prefix else name
    return str(LINES[prefix]).format(speed=_speed(base))


def eligible(indicator: str) -> str:
    """What premises are that count: "éligibles à la fibre", "éligibles à 8 Mbit/s filaires"."""
    prefix, base = _split(indicator)
    to = str(TECHNOLOGIES[base][1]) if base in TECHNOLOGIES else _("à {speed}").format(speed=indicator_name(indicator))
    if base == "inel":
        return _("inéligibles à 0,5 Mbit/s")
    if prefix == "best_" and base in TECHNOLOGIES:
        return _("éligibles au mieux {to}").format(to=to)
    return _("éligibles {to}").format(to=to)


def _split(indicator: str) -> tuple[str, str]:
    """(the kind of file, what it counts): ("terrestrial_", "30")."""
    prefix = next(prefix for prefix in LINES if indicator.startswith(prefix))
    return prefix, indicator.removeprefix(prefix)


def _speed(base: str) -> str:
    if base == "inel":
        return _("Moins de 0,5 Mbit/s")
    return _("1 Gbit/s") if base == "1000" else f"{number(float(base))} Mbit/s"


def range_in_words(step: str) -> str:
    """A class in numbers: "moins de 25 %", "de 25 % à moins de 50 %", "au moins 90 %"; a zone's: "de 8 à 30 Mbit/s"."""
    if step == UNKNOWN:
        return _("aucun chiffre")
    if step in Zone.Speed.values:
        return str(Zone.Speed(step).label)
    low, high = (float(bound) for bound in step.split("-"))
    if not low:
        return _("moins de {high}").format(high=points(high))
    if high == 100:
        return _("au moins {low}").format(low=points(low))
    return _("de {low} à moins de {high}").format(low=points(low), high=points(high))


def step_in_words(indicator: str, step: str) -> str:
    """A class and what it is a share of: "moins de 25 % des locaux éligibles à la fibre"."""
    if step == UNKNOWN or step in Zone.Speed.values:
        return range_in_words(step)
    return _("{range} des locaux {eligible}").format(range=range_in_words(step), eligible=eligible(indicator))


def share(indicator: str, count: Count, *, lacking: bool) -> str:
    """ "98 % des locaux ne sont pas éligibles à la fibre (173 sur 176)", or how many are."""
    part = count.lacking if lacking else count.eligible
    words = (
        _("{percent} des locaux ne sont pas {eligible} ({part} sur {whole})")
        if lacking
        else _("{percent} des locaux sont {eligible} ({part} sur {whole})")
    )
    return words.format(
        percent=percent(part, count.premises),
        eligible=eligible(indicator),
        part=number(part),
        whole=number(count.premises),
    )


def day_in_words(day: date) -> str:
    """ "1er juin 2026", "31 décembre 2024"."""
    text = str(date_format(day))
    return text.replace("1 ", "1er ", 1) if day.day == 1 and is_french() else text


# --- Editions --------------------------------------------------------------------------------------------------------
def edition_name(day: date, demo: bool = False) -> str:
    """ "édition du 31 décembre 2024", and that it is invented where it is."""
    name = _("édition du {date}").format(date=day_in_words(day))
    return marked(name, demo)


def marked(text: str, demo: bool) -> str:
    """The text, and that what it names is invented where it is and does not say so itself."""
    said = "demonstration" in fold(text)  # in either language
    return _("{text} (démonstration)").format(text=text) if demo and not said else text


def dated(edition: EditionEntry) -> str:
    """Where an edition's figures come from: "ARCEP, Ma connexion internet, édition du 31 décembre 2024"."""
    return marked(f"{sources(edition)}, {edition_name(edition.date)}", edition.demo)


def cite(edition: EditionEntry) -> str:
    """How to cite figures made of an edition: who made them, of what date, under which licence, who calculated."""
    if edition.demo:
        return _("Chiffres de démonstration, inventés : ils ne se citent pas.")
    source = ", ".join(filter(None, (dated(edition), licences(edition))))
    return tied(_("{source} ; calculs Local d'abord.").format(source=source))


def licences(edition: EditionEntry) -> str:
    return "; ".join(dict.fromkeys(file.licence for file in edition.files if file.licence))


def sources(edition: EditionEntry) -> str:
    return "; ".join(dict.fromkeys(file.source for file in edition.files)) or PRODUCER


# --- Verdicts --------------------------------------------------------------------------------------------------------
def evidence(kind: str) -> str:
    """How well something is known: "zone" or "commune", in words."""
    return _("zone livrée par le département") if kind == "zone" else _("part de la commune")


def arcep_map(position: Position) -> str:
    """ARCEP's own map there, where an official checks one line in one click."""
    lon, lat = position.rounded()
    return str(settings.COVERAGE_MAP_URL.format(lat=lat, lon=lon))


def sentence(verdict: Verdict) -> str:
    """All that is known at a point, with where it comes from and how far it can be trusted."""
    if verdict.zone is not None:
        return _zone_sentence(verdict.zone)
    said = commune_sentence(verdict)
    if verdict.klass == UNKNOWN:
        return said
    return " ".join((said, _("Part de la commune : ce n'est pas la ligne d'une adresse.")))


def commune_sentence(verdict: Verdict) -> str:
    """ "À Tilly, 98 % des locaux ne sont pas éligibles à la fibre (173 sur 176). ARCEP, édition du …"."""
    if verdict.edition is None:
        return _("Aucune édition des chiffres n'est chargée.")
    if verdict.count is None:
        said = _("aucun chiffre pour cette commune dans cette édition")
    elif not verdict.count.premises:
        said = _("aucun local dans cette édition")
    else:
        said = share(verdict.indicator, verdict.count, lacking=bool(verdict.low))
    return tied(f"{_place(verdict.commune)}, {said}. {dated(verdict.edition)}.")


def _zone_sentence(zone: Zone) -> str:
    parts = [_("Zone livrée par le département : {range}.").format(range=range_in_words(zone.speed))]
    if zone.label:
        parts.append(f"{zone.label}.")
    if zone.planned_on:
        parts.append(_("Travaux prévus pour le {date}.").format(date=day_in_words(zone.planned_on)))
    source = f"{zone.file.source}, {day_in_words(zone.file.delivered_on)}"
    parts.append(f"{marked(source, zone.file.demo)}.")
    parts.append(_("La zone couvre ce point : ce n'est pas une mesure de sa ligne."))
    return tied(" ".join(parts))


def _place(code: str) -> str:
    """The commune, to begin a sentence: "À Tilly", "Au Blanc", "In Tilly"."""
    entry = gazetteer().commune(code)
    name = entry.name if entry else code
    where = at(name) if is_french() else f"in {name}"
    return where[:1].upper() + where[1:]
