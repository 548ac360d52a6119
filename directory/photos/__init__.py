"""Photographs of a point of sale: made small and anonymous when they arrive, kept beside the rows that name them."""

from directory.photos.keeping import FullError, add, change, file_of, move, remove
from directory.photos.shrinking import MOST_BYTES, MOST_SENT, NotAPhotoError, shrink

__all__ = [
    "MOST_BYTES",
    "MOST_SENT",
    "FullError",
    "NotAPhotoError",
    "add",
    "change",
    "file_of",
    "move",
    "remove",
    "shrink",
]
