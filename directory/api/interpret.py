"""`/api/v1/interpret/`: how a question in plain words is understood, without answering it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema

from directory.api.lean import LeanView, json_body
from directory.api.parameters import LONGEST_QUESTION, read_centre
from directory.api.reader import Reader
from directory.api.schema import PROBLEM_RESPONSES, InterpretationSchema, parameter
from directory.questions import THIS_MONTH, Now, On, Opening
from directory.questions.asking import question_of, with_alternative
from directory.questions.interpretation import Alternative, Interpretation
from directory.questions.lexicon import Meaning
from directory.questions.understanding import understand
from directory.vocabulary import vocabulary
from geo.gazetteer import Place
from geo.points import Position

# What is understood of "demain" changes at midnight.
MAX_AGE_S = 60


class InterpretView(LeanView):
    KNOWN = {
        "q": gettext_lazy("Une question en français ou en anglais, de 500 caractères au plus."),
        "lat": gettext_lazy("Latitude de la personne, pour « autour de moi »."),
        "lon": gettext_lazy("Sa longitude."),
    }

    @extend_schema(
        operation_id="interpret",
        summary="How a question in plain words is understood",
        parameters=[
            parameter("q", KNOWN["q"]),
            parameter("lat", KNOWN["lat"], OpenApiTypes.DOUBLE),
            parameter("lon", KNOWN["lon"], OpenApiTypes.DOUBLE),
        ],
        responses={200: InterpretationSchema, **PROBLEM_RESPONSES},
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        reader = Reader(request.GET, self.KNOWN)
        text = reader.text("q")
        if text is None:
            reader.refuse("q", "missing", _("q : une question est attendue."))
        elif len(text) > LONGEST_QUESTION:
            reader.refuse("q", "too_long", _("q : {n} caractères au plus.").format(n=LONGEST_QUESTION))
        position = read_centre(reader)
        reader.finish()
        return json_body(as_json(understand(text or "", timezone.now()), position, self.language), max_age=MAX_AGE_S)


def as_json(understood: Interpretation, position: Position | None, language: str) -> dict[str, Any]:
    """An interpretation as the API shows it. `position` is the person's, where it is known."""
    found: dict[str, Any] = {
        "q": understood.q,
        "activities": understood.activities,
        "products": understood.products,
        "labels": understood.labels,
        "services": understood.services,
        "place": _place(understood, position),
        "radius_km": understood.radius_km,
        "comes": understood.comes,
        "open": _open(understood.opening),
        "season": "now" if understood.season == THIS_MONTH else understood.season,
        "text": understood.text,
        "ignored": understood.ignored,
        "parameters": question_of(understood, position).query_string(),
        "alternatives": [_alternative(understood, other, position, language) for other in understood.alternatives],
    }
    if understood.here and position is None:
        found["needs"] = ["position"]
    return found


def _place(understood: Interpretation, position: Position | None) -> dict[str, Any] | None:
    place = understood.place
    if place is not None:
        return {"kind": place.kind, "code": place.code, "name": place.name} | _degrees(place.position)
    return {"kind": "here"} | _degrees(position) if understood.here else None


def _degrees(position: Position | None) -> dict[str, float]:
    if position is None:
        return {}
    lon, lat = position.rounded()
    return {"lat": lat, "lon": lon}


def _open(opening: Opening | None) -> dict[str, Any] | None:
    match opening:
        case Now():
            return {"now": True}
        case On(weekday, part):
            return {"weekday": weekday, "part": part}
    return None


def _alternative(
    understood: Interpretation, other: Alternative, position: Position | None, language: str
) -> dict[str, Any]:
    return {
        "words": other.words,
        **_named(other.meaning, language),
        "parameters": question_of(with_alternative(understood, other), position).query_string(),
    }


def _named(meaning: Meaning | Place, language: str) -> dict[str, str]:
    if isinstance(meaning, Place):
        return {"kind": meaning.kind, "code": meaning.code, "label": meaning.name}
    return {
        "kind": meaning.dimension,
        "code": meaning.code,
        "label": vocabulary().by_code[meaning.code].label(language),
    }
