"""The admin ("gestion") that the région's agents use. Django finds it here; each module registers what it names."""

from maps.admin import (
    chambers,
    claims,
    feeds,
    gaps,
    ground,
    labels,
    letters,
    merchants,
    pairs,
    places,
    platforms,
    schedules,
    selections,
    sources,
    vocabulary,
    words,
)

__all__ = [
    "chambers",
    "claims",
    "feeds",
    "gaps",
    "ground",
    "labels",
    "letters",
    "merchants",
    "pairs",
    "places",
    "platforms",
    "schedules",
    "selections",
    "sources",
    "vocabulary",
    "words",
]
