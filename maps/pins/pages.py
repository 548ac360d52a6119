"""What the pages of a pin show: its words, what speaks against it, the line there, and a drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from directory.models import PointOfSale
from directory.pinning.doubts import doubts
from directory.registering.locating import Found, look
from geo.coverage import verdict
from geo.coverage.wording import sentence
from geo.gazetteer import gazetteer
from geo.geocoding import Candidate
from geo.geocoding.policy import MIN_SCORE_IN_COMMUNE
from geo.points import position_from
from maps.pins import wording as words
from maps.results import family_of
from maps.sheets.locator import Pinned, locator


@dataclass(frozen=True, slots=True)
class Told:
    """A pin in words. `line` says what is known of broadband there; `report` is where its owner says more."""

    where: str
    how: str
    public: str
    doubts: list[str]
    line: str
    report: str
    drawing: Pinned | None
    hidden: bool


def found_for(place: PointOfSale) -> Found:
    """The places of its address. May wait for the address service."""
    return look(place.street, place.postcode, place.commune_id or "") if place.commune_id else Found()


def told(place: PointOfSale, user: Any, found: Found) -> Told:
    """Of a pin as it is, or as it would be."""
    position, commune = position_from(place.pin), gazetteer().commune(place.commune_id or "")
    line = line_at(place)
    published = place.status == PointOfSale.Status.PUBLISHED
    return Told(
        where=words.whereabouts(position, commune) if position else "",
        how=words.how_placed(place, user) if position else "",
        public=words.shown_to_public(place),
        doubts=warnings(place, found),
        line=line,
        report=reverse("maps:report", args=[place.pk]) if published and line else "",
        drawing=drawing(place),
        hidden=place.pin_hidden,
    )


def warnings(place: PointOfSale, found: Found) -> list[str]:
    """What speaks against the pin, in words."""
    commune = gazetteer().commune(place.commune_id or "")
    return [words.doubt(doubt, commune) for doubt in doubts(place, _best(found))]


def line_at(place: PointOfSale) -> str:
    """What is known of broadband where the pin is; perhaps nothing."""
    position = position_from(place.pin)
    line = verdict.at(position) if position else None
    return sentence(line) if line else ""


def _best(found: Found) -> Candidate | None:
    return next((one for one in found.candidates if one.score >= MIN_SCORE_IN_COMMUNE), None)


def drawing(place: PointOfSale, activities: Sequence[str] | None = None, *, public: bool = False) -> Pinned | None:
    """The commune with the pin on it; as the public sees it where that is asked. `activities`: of one not saved yet."""
    commune, position = gazetteer().commune(place.commune_id or ""), position_from(place.pin)
    drawn = locator(commune.code) if commune else None
    if drawn is None or commune is None:
        return None
    rough = position is None or place.pin_precision == PointOfSale.Precision.COMMUNE or (public and place.pin_hidden)
    if activities is None:
        activities = list(place.activities.values_list("code", flat=True))
    family = family_of(activities)
    at = commune.position if position is None or (public and place.pin_hidden) else position
    return drawn.pin(at, family.code if family else "", rough)
