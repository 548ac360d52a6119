"""The admin ("gestion") that the région's agents use. Django finds it here; each module registers what it names."""

from maps.admin import (
    chambers,
    feeds,
    gaps,
    ground,
    merchants,
    places,
    platforms,
    schedules,
    selections,
    sources,
    vocabulary,
)

__all__ = [
    "chambers",
    "feeds",
    "gaps",
    "ground",
    "merchants",
    "places",
    "platforms",
    "schedules",
    "selections",
    "sources",
    "vocabulary",
]
