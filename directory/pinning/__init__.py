"""Address -> position -> pin with its provenance. A pin that a person placed is never moved by a batch."""

from directory.pinning.defaults import hides_pin_by_default
from directory.pinning.placing import centre_of, find, place_at, place_by_hand, settle_pin
from directory.pinning.queue import enqueue
from directory.pinning.rule import may_move

__all__ = [
    "centre_of",
    "enqueue",
    "find",
    "hides_pin_by_default",
    "may_move",
    "place_at",
    "place_by_hand",
    "settle_pin",
]
