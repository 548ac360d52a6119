"""From a URL's parameters to a Question: parsed once, here, with every mistake named.

The search page, the API, its exports and feeds all come through `parse_question`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rapidfuzz import process

from directory.api.errors import InvalidParameters, ParameterError
from directory.questions import DEFAULT_RADIUS, Question, Sort
from directory.questions.question import DEFAULT_LIMIT
from directory.vocabulary import vocabulary
from geo.gazetteer import Gazetteer, Place, find_place, gazetteer
from geo.points import GeoValueError, Position, parse_bbox, parse_position, parse_radius_km

MOST_CODES = 50
LONGEST_PLACE = 200
MOST_RESULTS = 200
LAST_OFFSET = 10_000

# Every parameter of a question and what it means, for the parser and for the published schema.
SEVERAL = {
    "activity": gettext_lazy(
        "Codes d'activité, séparés par des virgules ou répétés : l'un d'eux, avec ce qu'il contient."
    ),
    "product": gettext_lazy("Codes de produit : l'un d'eux, ou ce qu'il contient."),
    "label": gettext_lazy("Codes de label : l'un d'eux."),
    "service": gettext_lazy("Codes de service : l'un d'eux."),
    "commune": gettext_lazy("Codes INSEE de commune ; un ancien code vaut celui qui lui a succédé."),
    "epci": gettext_lazy("SIREN d'intercommunalité."),
    "departement": gettext_lazy("Codes de département."),
}
SINGLE = {
    "place": gettext_lazy("Un lieu comme on l'écrit : commune, code postal, adresse déjà connue, département."),
    "lat": gettext_lazy("Latitude du centre, en degrés (WGS 84)."),
    "lon": gettext_lazy("Longitude du centre, en degrés (WGS 84)."),
    "radius_km": gettext_lazy("Rayon autour du centre, de 0,1 à 200 km ; 10 par défaut."),
    "bbox": gettext_lazy("Zone ouest,sud,est,nord en degrés, bords compris."),
    "sort": gettext_lazy("Ordre : distance (avec un centre), name ou updated."),
    "limit": gettext_lazy("Nombre de résultats, de 1 à 200 ; 20 par défaut."),
    "offset": gettext_lazy("Rang du premier résultat, de 0 à 10000."),
}
VOCABULARY_FIELDS = {"activity": "activities", "product": "products", "label": "labels", "service": "services"}


class Parameters(Protocol):
    """What is read of a QueryDict."""

    def getlist(self, key: str) -> list[str]: ...
    def __iter__(self) -> Any: ...


@dataclass
class Reader:
    """Reads parameters one by one and keeps every error; `finish` raises them together."""

    query: Parameters
    known: Mapping[str, Any]
    errors: dict[str, ParameterError] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in self.query:
            if name not in self.known:
                self._refuse_unknown(name)
            elif any("\x00" in value for value in self.query.getlist(name)):
                self.refuse(name, "invalid_text", _("{name} : un caractère nul n'a pas de sens ici.").format(name=name))
            elif not all(value.strip() for value in self.query.getlist(name)):
                self.refuse(name, "empty", _("{name} : une valeur est attendue, ou rien du tout.").format(name=name))

    def _refuse_unknown(self, name: str) -> None:
        shown = name[:60].replace("\x00", "")
        nearest = process.extractOne(shown, list(self.known), score_cutoff=50)
        detail = _("{name} n'est pas un paramètre.").format(name=shown)
        if nearest:
            detail += " " + _("Vouliez-vous {nearest} ?").format(nearest=nearest[0])
        else:
            detail += " " + _("Les paramètres sont : {names}.").format(names=", ".join(self.known))
        self.errors[shown] = ParameterError("unknown_parameter", detail, nearest[0] if nearest else None)

    def refuse(self, name: str, code: str, detail: str, nearest: str | None = None) -> None:
        self.errors.setdefault(name, ParameterError(code, detail, nearest))

    def text(self, name: str) -> str | None:
        """The one value of a single-valued parameter; None where absent or already refused."""
        values = self.query.getlist(name)
        if not values or name in self.errors:
            return None
        if len(values) > 1:
            self.refuse(name, "given_twice", _("{name} : une seule valeur est attendue.").format(name=name))
            return None
        return values[0].strip()

    def whole(self, name: str, low: int, high: int, default: int) -> int:
        text = self.text(name)
        if text is None:
            return default
        if not (text.isascii() and text.isdigit() and len(text) <= 9 and low <= int(text) <= high):
            range_ = _("{name} : un nombre entier de {low} à {high} est attendu.")
            self.refuse(name, "out_of_range", range_.format(name=name, low=low, high=high))
            return default
        return int(text)

    def codes(self, name: str, check: Callable[[str], tuple[str | None, str | None]]) -> tuple[str, ...]:
        """Codes, repeated or comma-separated. `check` gives (the code meant, or None; the nearest known one)."""
        if name in self.errors:
            return ()
        given = [code.strip() for value in self.query.getlist(name) for code in value.split(",")]
        if len(given) > MOST_CODES:
            self.refuse(name, "too_many", _("{name} : {n} codes au plus.").format(name=name, n=MOST_CODES))
            return ()
        meant: dict[str, None] = {}
        for code in given:
            found, nearest = check(code)
            if found is None:
                detail = _("{name} : le code « {code} » est inconnu.").format(name=name, code=code[:60])
                if nearest:
                    detail += " " + _("Vouliez-vous {nearest} ?").format(nearest=nearest)
                self.refuse(name, "unknown_code", detail, nearest)
                return ()
            meant[found] = None
        return tuple(meant)

    def finish(self) -> None:
        if self.errors:
            raise InvalidParameters(self.errors)


def parse_question(query: QueryDict, also: Mapping[str, Any] | None = None) -> Question:
    """The question that the parameters ask; names in `also` are the caller's own and left alone.

    Raises InvalidParameters with every mistake, by parameter.
    """
    reader = Reader(query, SEVERAL | SINGLE | dict(also or {}))
    what = {field_: _vocabulary_codes(reader, name) for name, field_ in VOCABULARY_FIELDS.items()}
    ground = gazetteer()
    communes = reader.codes("commune", lambda code: _commune_code(ground, code))
    epcis = reader.codes("epci", lambda code: (code if code in ground.epcis else None, None))
    departements = reader.codes("departement", lambda code: (code if code in ground.departements else None, None))
    place = _place(reader)
    centre = _centre(reader, place)
    radius = _parsed(reader, "radius_km", parse_radius_km)
    if radius is not None and centre is None and not _where_was_refused(reader):
        reader.refuse("radius_km", "needs_a_centre", _("radius_km : il faut aussi un centre, place ou lat et lon."))
    bbox = _parsed(reader, "bbox", parse_bbox)
    sort = _sort(reader, centre)
    limit = reader.whole("limit", 1, MOST_RESULTS, DEFAULT_LIMIT)
    offset = reader.whole("offset", 0, LAST_OFFSET, 0)
    reader.finish()
    if place is not None and place.kind == "departement":
        departements = tuple(dict.fromkeys((*departements, place.code)))
    return Question(
        **what,
        centre=centre,
        radius=None if centre is None else radius or DEFAULT_RADIUS,
        bbox=bbox,
        communes=communes,
        epcis=epcis,
        departements=departements,
        place=place,
        place_text=reader.text("place") or "",
        sort=sort,
        limit=limit,
        offset=offset,
    )


def _vocabulary_codes(reader: Reader, dimension: str) -> tuple[str, ...]:
    words = vocabulary()

    def check(code: str) -> tuple[str | None, str | None]:
        if words.find(dimension, code):
            return code, None
        return None, words.nearest_code(dimension, code)

    return reader.codes(dimension, check)


def _commune_code(ground: Gazetteer, code: str) -> tuple[str | None, str | None]:
    commune = ground.commune(code)
    if commune is not None:
        return commune.code, None
    named = ground.find(code, limit=1) if len(code) <= LONGEST_PLACE else []
    return None, named[0].code if named and named[0].kind == "commune" else None


def _place(reader: Reader) -> Place | None:
    text = reader.text("place")
    if text is None:
        return None
    if len(text) > LONGEST_PLACE:
        reader.refuse("place", "too_long", _("place : {n} caractères au plus.").format(n=LONGEST_PLACE))
        return None
    found = find_place(text)
    if not found:
        reader.refuse(
            "place",
            "unknown_place",
            _("place : « {text} » n'est pas un lieu connu ici. Essayez une commune ou un code postal.").format(
                text=text
            ),
        )
        return None
    return found[0]


def _centre(reader: Reader, place: Place | None) -> Position | None:
    lat, lon = reader.text("lat"), reader.text("lon")
    given = None
    if lat is not None and lon is not None:
        try:
            given = parse_position(lat, lon)
        except GeoValueError as error:
            reader.refuse(error.what, error.code, str(error))
    elif (lat is None) != (lon is None) and not reader.errors.keys() & {"lat", "lon"}:
        missing = "lat" if lat is None else "lon"
        reader.refuse(missing, "missing", _("{name} : lat et lon vont ensemble.").format(name=missing))
    if place is None or place.position is None:
        return given
    if lat is not None or lon is not None:
        reader.refuse("place", "two_centres", _("place : donnez un seul centre, place ou lat et lon."))
    return place.position


def _parsed(reader: Reader, name: str, parse: Callable[[str], Any]) -> Any:
    text = reader.text(name)
    if text is None:
        return None
    try:
        return parse(text)
    except GeoValueError as error:
        reader.refuse(name, error.code, str(error))
        return None


def _sort(reader: Reader, centre: Position | None) -> Sort | None:
    text = reader.text("sort")
    if text is None:
        return None
    values = [sort.value for sort in Sort]
    if text not in values:
        detail = _("sort : {values} sont les ordres possibles.").format(values=", ".join(values))
        reader.refuse("sort", "unknown_value", detail)
        return None
    if text == Sort.DISTANCE and centre is None and not _where_was_refused(reader):
        reader.refuse(
            "sort", "needs_a_centre", _("sort : l'ordre par distance demande un centre, place ou lat et lon.")
        )
        return None
    return Sort(text)


def _where_was_refused(reader: Reader) -> bool:
    """Whether a centre was given but refused: its absence is then no second mistake."""
    return bool(reader.errors.keys() & {"place", "lat", "lon"})
