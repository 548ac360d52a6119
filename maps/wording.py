"""How values are said to a person, in the active language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.utils.dateparse import parse_date
from django.utils.dates import MONTHS
from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from directory.credits import Credit
from directory.models import Offer
from directory.phones import international as international
from directory.phones import national
from directory.phrases import phrase
from directory.summary.facts import COMMUNE_ITSELF_M, measure, reach
from directory.summary.french_places import in_departement, of_place
from geo.french import at
from geo.gazetteer import Place

NBSP = "\u00a0"
MOST_SERVED = 12  # communes that are named


def language() -> str:
    """ "fr" or "en": what the vocabulary, the summary and the sheets are written in."""
    return "en" if (get_language() or "fr").startswith("en") else "fr"


def measured(text: str) -> str:
    """A measure of `directory.summary`, with the decimal sign of the language."""
    return text if language() == "en" else text.replace(".", ",")


def distance(metres: float | None, rough: bool) -> str:
    """ "2,3 km"; "environ 4 km" where the pin stands for its commune; nothing where that says nothing."""
    if metres is None:
        return ""
    if not rough:
        return measured(measure(max(metres, 10)))
    if metres < COMMUNE_ITSELF_M:
        return ""
    return _("environ {distance}").format(distance=f"{round(metres / 1000) or 1}{NBSP}km")


def unconfirmed(since: datetime | None) -> str:
    """ "Non confirmée depuis mars 2024", of an entry; nothing where somebody vouches for it."""
    if since is None:
        return ""
    return _("Non confirmée depuis {month}").format(month=date_format(localtime(since), "F Y"))


def around(place: Place | None, radius_m: float) -> str:
    """ "10 km autour de Vendôme"."""
    radius = measured(reach(radius_m))
    if place is None:
        return _("{radius} autour du point choisi").format(radius=radius)
    return _("{radius} autour {place}").format(radius=radius, place=_after_around(place))


def comes(place: Place | None) -> str:
    """ "Livre ou vient à Vendôme"."""
    if place is None:
        return _("Livre ou vient ici")
    in_french = place.kind == "commune" and language() == "fr"
    where = at(place.name) if in_french else _("à {place}").format(place=place.name)
    return _("Livre ou vient {where}").format(where=where)


def service_area(km: int | None, communes: Sequence[str]) -> str:
    """ "jusqu'à 20 km, et dans 2 communes : Blois, Mer"; empty where there is none."""
    parts = [_("jusqu'à {km} km").format(km=km)] if km else []
    if communes:
        names = ", ".join(communes[:MOST_SERVED]) + ("…" if communes[MOST_SERVED:] else "")
        said = ngettext("dans {n} commune : {names}", "dans {n} communes : {names}", len(communes))
        parts.append(said.format(n=whole(len(communes)), names=names))
    return _(", et ").join(parts)


def within(place: Place | None, radius_m: float) -> str:
    """ "À moins de 25 km de Vendôme"."""
    radius = measured(reach(radius_m))
    if place is None:
        return _("À moins de {radius} du point choisi").format(radius=radius)
    return _("À moins de {radius} {place}").format(radius=radius, place=of(place))


def addresses(number: int) -> str:
    """ "1 adresse", "1 234 adresses"."""
    return ngettext("{number} adresse", "{number} adresses", number).format(number=whole(number))


def _after_around(place: Place) -> str:
    """French says "autour de Tours", "du Blanc", "d'Orléans"; English names the place."""
    return place.name if language() == "en" else of_place(place)


def of(place: Place) -> str:
    """French says "de Tours", "du Blanc", "d'Orléans"; English "of Tours"."""
    return f"of {place.name}" if language() == "en" else of_place(place)


def in_the_departement(code: str, name: str) -> str:
    """French says "dans le Loiret", "en Indre-et-Loire"; English "in Loiret"."""
    return f"in {name}" if language() == "en" else in_departement(code, name)


def asked_thing(dimension: str, code: str) -> str:
    """What a question asks for, to begin a sentence: "Du fromage", "Maraîchers"."""
    words = phrase(dimension, code)  # type: ignore[arg-type]
    english = language() == "en"
    if dimension == "activity":
        text = words.many_en if english else words.many_fr
    else:
        text = words.one_en if english else words.one_fr
    return text[:1].upper() + text[1:]


def headed(head: str, text: str) -> str:
    """ "Ferme : Les Prés", "Farm: Les Prés"."""
    return f"{head}{'' if language() == 'en' else NBSP}: {text}"


def quoted(text: str) -> str:
    """ "« Léopoldine »", or "“Léopoldine”"."""
    return f"“{text}”" if language() == "en" else f"«{NBSP}{text}{NBSP}»"


def whole(number: int) -> str:
    return str(number_format(number, use_l10n=True, force_grouping=True))


def span(first: int, last: int, total: int) -> str:
    """ "1–20 sur 1 234"."""
    return _("{first}–{last} sur {total}").format(first=whole(first), last=whole(last), total=whole(total))


def season(months: Sequence[int] | None) -> str:
    """ "avril à juin"; nothing for all the year."""
    if not months or (months[1] % 12) + 1 == months[0]:
        return ""
    first, last = (str(MONTHS[month]) for month in months)
    return first if first == last else _("{first} à {last}").format(first=first, last=last)


def price(offer: Offer) -> str:
    """ "3,50 € / pièce", "de 3 € à 5 €"; nothing where no price is given."""
    low, high = offer.price_min, offer.price_max
    if low is None and high is None:
        return ""
    if low is None or high is None or low == high:
        text = _euros(high if low is None else low)
    else:
        text = _("de {low} à {high}").format(low=_euros(low), high=_euros(high))
    return f"{text} / {offer.unit}" if offer.unit else text


def _euros(amount: Decimal | None) -> str:
    value = amount or Decimal(0)
    decimals = 0 if value == value.to_integral_value() else 2
    return _("{amount} €").format(amount=number_format(value, decimals, use_l10n=True))


def credit(source: Credit) -> str:
    """A source as the page of licences names it, its date in the language."""
    day = parse_date(source.date)
    date = date_format(day) if day else source.date
    return ", ".join(part for part in (source.name, source.producer, date, source.licence) if part)


def phone(number: str) -> str:
    """ "02 54 00 00 00", on one line."""
    return national(number, NBSP)
