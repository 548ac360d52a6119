"""What the State's register of businesses answers -> establishments. Pure: no network, no database.

The protocol is that of "Recherche d'entreprises" (https://recherche-entreprises.api.gouv.fr/docs/). The answer is a
stranger's: what is no list of results raises `Unreadable`; an establishment without a SIRET is left out, since nobody
could be told which it is. Of persons only what the register publishes of the establishment is read: never who directs
it, nor when they were born.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from directory.importing.people import public_name
from directory.importing.validating import read_street

MOST = 25  # what the register gives on a page at most
LONGEST = 200
SOLE_TRADER = "1000"  # "entrepreneur individuel", among the legal forms: a natural person
MASKED = "[NON-DIFFUSIBLE]"
PUBLISHED = "O"
CLOSED = frozenset({"C", "F"})  # a business that ceased, an establishment that closed


class Unreadable(ValueError):  # noqa: N818 - named for what it is
    """The answer is not what the register's documentation says."""


@dataclass(frozen=True, slots=True)
class Establishment:
    """One place of one business. Texts are empty where the register gives none, or may not.

    `commune` is an INSEE code, `naf` as in "10.71C". `diffusible`: False where the person asked the register to keep
    its name and address to itself.
    """

    siret: str
    name: str
    street: str = ""
    postcode: str = ""
    commune: str = ""
    town: str = ""
    naf: str = ""
    natural_person: bool = False
    diffusible: bool = True
    closed: bool = False
    closed_on: date | None = None

    @property
    def siren(self) -> str:
        return self.siret[:9]

    def as_json(self) -> dict[str, Any]:
        """As kept with a registration until it is published."""
        return asdict(self) | {"closed_on": self.closed_on.isoformat() if self.closed_on else None}


def from_json(row: Mapping[str, Any]) -> Establishment:
    """The inverse of `Establishment.as_json`."""
    return Establishment(**{**row, "closed_on": _date(row.get("closed_on"))})


def read(payload: object) -> list[Establishment]:
    """All establishments of an answer, in its order, each once. Raises Unreadable."""
    results = payload.get("results") if isinstance(payload, Mapping) else None
    if not isinstance(results, list):
        raise Unreadable("`results` is not a list")
    found: dict[str, Establishment] = {}
    for unit in results[:MOST]:
        if not isinstance(unit, Mapping):
            raise Unreadable("a result that is not an object")
        for one in _establishments(unit):
            found.setdefault(one.siret, one)
    return list(found.values())


def _establishments(unit: Mapping[str, Any]) -> Iterator[Establishment]:
    matching = unit.get("matching_etablissements")
    rows = [*(matching[:MOST] if isinstance(matching, list) else []), unit.get("siege")]
    for row in rows:
        if isinstance(row, Mapping) and (siret := _siret(row)):
            yield _establishment(siret, unit, row)


def _establishment(siret: str, unit: Mapping[str, Any], row: Mapping[str, Any]) -> Establishment:
    diffusible = all(
        _text(of, name) in ("", PUBLISHED)
        for of, name in ((unit, "statut_diffusion"), (row, "statut_diffusion_etablissement"))
    )
    name = public_name(_name(unit, row)) if diffusible else None
    postcode = _text(row, "code_postal")
    return Establishment(
        siret=siret,
        name=name.text[:LONGEST] if name else "",
        street=_street(row, postcode) if diffusible else "",
        postcode=postcode if postcode.isdigit() and len(postcode) == 5 else "",
        commune=_text(row, "commune").upper()[:5],
        town=_text(row, "libelle_commune"),
        naf=_text(row, "activite_principale") or _text(unit, "activite_principale"),
        natural_person=_text(unit, "nature_juridique") == SOLE_TRADER or bool(name and name.natural_person),
        diffusible=diffusible,
        closed=_text(row, "etat_administratif") in CLOSED or _text(unit, "etat_administratif") in CLOSED,
        closed_on=_date(row.get("date_fermeture")) or _date(unit.get("date_fermeture")),
    )


def _name(unit: Mapping[str, Any], row: Mapping[str, Any]) -> str:
    """The sign over the door before the name of the business: it is by the sign that people look for it."""
    signs = row.get("liste_enseignes")
    sign = signs[0] if isinstance(signs, list) and signs and isinstance(signs[0], str) else ""
    named = [_clean(sign), _text(row, "nom_commercial"), _text(unit, "nom_complet"), _text(unit, "nom_raison_sociale")]
    return next((name for name in named if name and MASKED not in name), "")


def _street(row: Mapping[str, Any], postcode: str) -> str:
    """ "12 RUE DU CHANGE 41100 VENDOME" without its end."""
    address = _text(row, "adresse")
    if MASKED in address or not postcode:
        return ""
    street, found, _ = address.rpartition(f" {postcode} ")
    return read_street(street, "") if found else ""


def _siret(row: Mapping[str, Any]) -> str:
    text = _text(row, "siret")
    return text if len(text) == 14 and text.isascii() and text.isdigit() else ""


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    return _clean(value) if isinstance(value, str) else ""


def _clean(text: str) -> str:
    """On one line and bounded: PostgreSQL keeps neither null characters nor lone surrogates."""
    return " ".join("".join(char if char.isprintable() else " " for char in text[:LONGEST]).split())


def _date(value: object) -> date | None:
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None
