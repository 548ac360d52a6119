"""The admin ("gestion") that the région's agents use. Django finds it here; each module registers what it names."""

from maps.admin import ground, merchants, places, schedules, sources, vocabulary

__all__ = ["ground", "merchants", "places", "schedules", "sources", "vocabulary"]
