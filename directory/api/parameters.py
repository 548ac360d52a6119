"""From a URL's parameters to a Question: parsed once, here, with every mistake named.

The search page, the API, its exports and feeds all come through `parse_question`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.api.reader import Parameters, Reader
from directory.api.when import WHEN, read_opening, read_season
from directory.questions import DEFAULT_RADIUS, Question, Sort
from directory.questions.asking import parts_of, without
from directory.questions.interpretation import Interpretation
from directory.questions.question import ANY_RADIUS, DEFAULT_LIMIT, FIELDS
from directory.questions.understanding import understand
from directory.questions.words import LONGEST_QUESTION
from directory.vocabulary import vocabulary
from geo.folding import fold
from geo.gazetteer import Gazetteer, Place, find_place, gazetteer
from geo.points import GeoValueError, Position, parse_bbox, parse_position, parse_radius_km

Parts = dict[str, Any]
LONGEST_PLACE = LONGEST_TEXT = 200
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
    "q": gettext_lazy("Une question en français ou en anglais ; les autres paramètres l'emportent sur elle."),
    "place": gettext_lazy("Un lieu comme on l'écrit : commune, code postal, adresse déjà connue, département."),
    "lat": gettext_lazy("Latitude du centre, en degrés (WGS 84)."),
    "lon": gettext_lazy("Longitude du centre, en degrés (WGS 84)."),
    "radius_km": gettext_lazy("Rayon autour du centre, de 0,1 à 200 km ; 10 par défaut."),
    "comes": gettext_lazy("1 : seulement ceux qui livrent ou se déplacent jusqu'au centre, d'où qu'ils viennent."),
    "bbox": gettext_lazy("Zone ouest,sud,est,nord en degrés, bords compris."),
    "text": gettext_lazy("Des mots du nom ou de la description, sans souci d'accent ni de faute de frappe."),
    **WHEN,
    "sort": gettext_lazy("Ordre : distance (avec un centre), relevance (avec text), name ou updated."),
    "limit": gettext_lazy("Nombre de résultats, de 1 à 200 ; 20 par défaut."),
    "offset": gettext_lazy("Rang du premier résultat, de 0 à 10000."),
}
QUESTION = SEVERAL | SINGLE
SORTS = tuple(sort.value for sort in Sort)
# The parts of a question that say where.
PLACES = frozenset({"centre", "place", "place_text", "communes", "epcis", "departements"})


def question_reader(query: Parameters, also: Mapping[str, Any] | None = None) -> Reader:
    """A reader of a question's parameters; those in `also` are the caller's own."""
    return Reader(query, {**QUESTION, **also} if also else QUESTION)


def parse_question(query: QueryDict, now: datetime | None = None) -> Question:
    """The question that the parameters ask. Raises InvalidParameters with every mistake, by parameter."""
    return read_question(question_reader(query), now)


def read_question(reader: Reader, now: datetime | None = None) -> Question:
    """The question of a reader, whose other mistakes are told with the question's own. `now` is the time of asking."""
    return read_asked(reader, now)[0]


def read_asked(reader: Reader, now: datetime | None = None) -> tuple[Question, Interpretation | None]:
    """The question, and how `q` was understood where it was given. Raises InvalidParameters with every mistake."""
    now = now or timezone.now()
    given = _what(reader) | _where(reader) | _when(reader, now) | _which(reader)
    understood = _understood(reader, now)
    parts = given if understood is None else _said(understood, given) | given
    _agree(reader, parts)
    reader.finish()
    return Question(**parts), understood


def _understood(reader: Reader, now: datetime) -> Interpretation | None:
    text = reader.text("q")
    if text is None:
        return None
    if len(text) > LONGEST_QUESTION:
        reader.refuse("q", "too_long", _("q : {n} caractères au plus.").format(n=LONGEST_QUESTION))
        return None
    return understand(text, now)


def _said(understood: Interpretation, given: Parts) -> Parts:
    """What the words add to the parameters. A place in either replaces the other's; a radius goes with a centre."""
    said = parts_of(understood, given.get("centre") if understood.here else None)
    if given.keys() & PLACES:
        said = without(said, PLACES)
    return said if (said | given).keys() & {"centre"} else without(said, {"radius"})


# Each of these gives the parts of a question that were asked, and only those.


def _what(reader: Reader) -> Parts:
    what = {field_: _vocabulary_codes(reader, name) for name, field_ in FIELDS.items()}
    return _given(**what, text=_words(reader))


def _where(reader: Reader) -> Parts:
    ground = gazetteer()
    place = _place(reader)
    departements = reader.codes("departement", lambda code: (code if code in ground.departements else None, None))
    if place is not None and place.kind == "departement":
        departements = tuple(dict.fromkeys((*departements, place.code)))
    return _given(
        centre=read_centre(reader, place),
        radius=_parsed(reader, "radius_km", parse_radius_km),
        bbox=_parsed(reader, "bbox", parse_bbox),
        communes=reader.codes("commune", lambda code: _commune_code(ground, code)),
        epcis=reader.codes("epci", lambda code: (code if code in ground.epcis else None, None)),
        departements=departements,
        place=place,
        place_text=reader.text("place"),
        comes=True if reader.one_of("comes", ("1",)) else None,
    )


def _when(reader: Reader, now: datetime) -> Parts:
    return _given(opening=read_opening(reader, now), season=read_season(reader))


def _which(reader: Reader) -> Parts:
    """In which order, and how many."""
    sort = reader.one_of("sort", SORTS)
    return _given(
        sort=None if sort is None else Sort(sort),
        limit=reader.whole("limit", 1, MOST_RESULTS, DEFAULT_LIMIT),
        offset=reader.whole("offset", 0, LAST_OFFSET, 0),
    )


def _given(**parts: Any) -> Parts:
    return {name: value for name, value in parts.items() if value is not None and value != ()}


def _agree(reader: Reader, parts: Parts) -> None:
    """Refuse what lacks what it starts from; give a centre its radius."""
    if "centre" in parts:
        parts.setdefault("radius", ANY_RADIUS if "comes" in parts else DEFAULT_RADIUS)
    elif not reader.errors.keys() & {"place", "lat", "lon"}:
        # A centre that was given but refused is no second mistake.
        if "radius" in parts:
            reader.refuse("radius_km", "needs_a_centre", _("radius_km : il faut aussi un centre, place ou lat et lon."))
        if parts.pop("comes", None):
            detail = _("comes : il faut aussi un centre, place ou lat et lon.")
            reader.refuse("comes", "needs_a_centre", detail)
        if parts.get("sort") is Sort.DISTANCE:
            detail = _("sort : l'ordre par distance demande un centre, place ou lat et lon.")
            reader.refuse("sort", "needs_a_centre", detail)
    if parts.get("sort") is Sort.RELEVANCE and "text" not in parts and "text" not in reader.errors:
        reader.refuse("sort", "needs_a_text", _("sort : l'ordre par pertinence demande des mots, text."))


def _words(reader: Reader) -> str | None:
    text = reader.text("text")
    if text is None:
        return None
    if len(text) > LONGEST_TEXT:
        reader.refuse("text", "too_long", _("text : {n} caractères au plus.").format(n=LONGEST_TEXT))
        return None
    if not fold(text):
        reader.refuse("text", "no_word", _("text : au moins un mot est attendu, fait de lettres ou de chiffres."))
        return None
    return " ".join(text.split())


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


def read_centre(reader: Reader, place: Place | None = None) -> Position | None:
    """The one centre that lat and lon, or a place, give."""
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
