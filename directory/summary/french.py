"""The sentence in French."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from directory.phrases import Phrase
from directory.summary.facts import Facts, Nearest, alternatives, measure, reach
from directory.summary.french_places import in_departement, in_epci, of_place
from directory.summary.french_times import in_season, until, when
from geo.french import NBSP, at

THIN_NBSP = "\u202f"
# Where no activity is asked.
PLACE = Phrase("adresse", "", "adresses", gender_fr="f")
# For none, one and several. For none a participle, without a finite verb: after "aucune ferme ne vend", partitives
# would have to change ("pas de fromage", "pas d'œufs").
SELL = ("vendant", "vend", "vendent")
OFFER = ("proposant", "propose", "proposent")


def sentence(facts: Facts) -> str:
    """ "37 fermes vendent du fromage à moins de 10 km de Vendôme ; la plus proche est à 2,3 km." """
    words = [_subject(facts), *_qualities(facts), *_state(facts), *_verbs(facts), ", ".join(_where(facts))]
    clauses = [" ".join(words), *_clauses(facts)]
    return f"{NBSP}; ".join(clauses) + "."


def number(value: int) -> str:
    """ "12 345", with narrow no-break spaces."""
    return f"{value:,}".replace(",", THIN_NBSP)


def _subject(facts: Facts) -> str:
    nouns = _nouns(facts)
    if facts.total > 1:
        named = alternatives([noun.many_fr for noun in nouns], "ou", "adresses de {} autres types")
        return f"{number(facts.total)} {named}"
    if facts.total == 1:
        ones = [f"{'une' if noun.gender_fr == 'f' else 'un'} {noun.one_fr}" for noun in nouns]
        named = alternatives(ones, "ou", "une adresse d'un autre type")
    else:
        nones = [f"{'aucune' if noun.gender_fr == 'f' else 'aucun'} {noun.one_fr}" for noun in nouns]
        named = alternatives(nones, "ni", "aucune adresse de {} autres types")
    return named[0].upper() + named[1:]


def _nouns(facts: Facts) -> tuple[Phrase, ...]:
    return facts.activities or (PLACE,)


def _qualities(facts: Facts) -> Iterator[str]:
    """Labels and services, said of the noun."""
    if facts.labels:
        yield alternatives([label.one_fr for label in facts.labels], "ou", "avec l'un de {} autres labels")
    if facts.services:
        yield alternatives([service.one_fr for service in facts.services], "ou", "avec l'un de {} autres services")


def _state(facts: Facts) -> Iterator[str]:
    """ "ouvertes dimanche matin", "correspondant à « loir »"."""
    if facts.opening is not None:
        plural = "s" if facts.total > 1 or len(_nouns(facts)) > 1 else ""
        yield f"ouvert{'e' if _is_feminine(facts) else ''}{plural} {when(facts.opening, facts.now)}"
    if facts.comes:
        yield f"livrant ou se déplaçant {_to(facts)}"
    if facts.text:
        yield f"correspondant à «{NBSP}{facts.text}{NBSP}»"


def _to(facts: Facts) -> str:
    """ "à Vendôme"; an address or a postcode has no such form."""
    if facts.place is None:
        return "jusqu'au point choisi"
    return at(facts.place.name) if facts.place.kind == "commune" else f"autour {of_place(facts.place)}"


def _is_feminine(facts: Facts) -> bool:
    return all(noun.gender_fr == "f" for noun in _nouns(facts))


def _verbs(facts: Facts) -> Iterator[str]:
    """ "vendent du fromage ou des œufs", "ou proposent la réparation de vélos", "vendent des fraises de saison"."""
    form = min(facts.total, 2)
    said = [
        f"{verb[form]} {alternatives([product.one_fr for product in products], 'ou', others)}"
        for verb, products, others in (
            (SELL, facts.sold, "{} autres produits"),
            (OFFER, facts.offered, "{} autres prestations"),
        )
        if products
    ]
    if facts.season is not None:
        said = said or [f"{SELL[form]} des produits"]
        said.append(f"{said.pop()} {in_season(facts.season)}")
    if said:
        yield " ou ".join(said)


def _where(facts: Facts) -> Iterator[str]:
    if facts.radius is not None:
        centre = "du point choisi" if facts.place is None else of_place(facts.place)
        yield f"à moins de {_comma(reach(facts.radius))} {centre}"
    elif not (facts.comes or facts.communes or facts.epcis or facts.departements or facts.in_view):
        yield f"en région {settings.REGION['name']}"
    if facts.communes:
        yield alternatives([at(name) for name in facts.communes], "ou", "dans {} autres communes")
    if facts.epcis:
        yield alternatives([in_epci(name) for name in facts.epcis], "ou", "dans {} autres intercommunalités")
    if facts.departements:
        named = [in_departement(code, name) for code, name in facts.departements]
        yield alternatives(named, "ou", "dans {} autres départements")
    if facts.in_view:
        yield "dans la zone affichée"


def _clauses(facts: Facts) -> Iterator[str]:
    """What follows the main clause, each after a semicolon."""
    if facts.nearest is not None and facts.total:
        feminine = _is_feminine(facts)
        if facts.total == 1:
            subject = "elle" if feminine else "il"
        else:
            subject = "la plus proche" if feminine else "le plus proche"
        yield f"{subject} est {_distance(facts.nearest)}{_open_state(facts.nearest, feminine)}"
    if facts.unknown_hours:
        yield f"les horaires {_of_others(facts)} sont inconnus"


def _open_state(nearest: Nearest, feminine: bool) -> str:
    """ ", ouverte jusqu'à 18 h"."""
    if nearest.open_now is None:
        return ""
    state = f"{'ouvert' if nearest.open_now else 'fermé'}{'e' if feminine else ''}"
    return f", {state} {until(nearest.until)}" if nearest.until is not None else f", {state} en ce moment"


def _of_others(facts: Facts) -> str:
    """Those whose hours are not known: "de 3 autres", "d'une autre"; of none that is open, "de 3 adresses"."""
    many = facts.unknown_hours > 1
    if not facts.total:
        return f"de {number(facts.unknown_hours)} adresses" if many else "d'une adresse"
    if many:
        return f"de {number(facts.unknown_hours)} autres"
    return "d'une autre" if _is_feminine(facts) else "d'un autre"


def _distance(nearest: Nearest) -> str:
    if nearest.in_commune:
        return at(nearest.commune)
    if nearest.rough:
        kilometres = round(nearest.metres / 1000)
        return f"à environ {kilometres}{NBSP}km" if kilometres else f"à moins de 1{NBSP}km"
    if nearest.metres < 5:
        return f"à moins de 10{NBSP}m"
    return f"à {_comma(measure(nearest.metres))}"


def _comma(measured: str) -> str:
    return measured.replace(".", ",")
