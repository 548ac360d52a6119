"""The photographs of a point of sale: at most MOST, in an order, each with its file. In the caller's transaction.

Files and rows cannot change together. A file is written before its row, and deleted once the row's going is final: what
is left behind by a failure in between is no row without a file, but a file that nobody names, which a job sweeps.
"""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max

from directory.models import Photo, PointOfSale
from directory.models.photo import MOST
from directory.owners import files
from directory.photos.shrinking import Shrunk


class FullError(Exception):
    """There are MOST already."""


def add(place: PointOfSale, shrunk: Shrunk, text: str, by: Any) -> Photo:
    """The photograph, last in the order; the one that is there already where the same is sent twice. Raises FullError.

    The point of sale is locked by the caller.
    """
    there = list(place.photos.all())
    if same := next((photo for photo in there if photo.size == len(shrunk.content) and _is(photo, shrunk)), None):
        return same
    if len(there) >= MOST:
        raise FullError
    last = place.photos.aggregate(last=Max("rank"))["last"]
    photo = Photo(point_of_sale=place, text=text, rank=0 if last is None else last + 1)
    _draw(photo, shrunk)
    return _save(photo, by)


def change(photo: Photo, text: str, shrunk: Shrunk | None, by: Any) -> Photo:
    """Another text, and another image where one is given."""
    photo.text = text
    if shrunk is not None and not _is(photo, shrunk):
        _delete_file(photo)
        _draw(photo, shrunk)
    return _save(photo, by)


def remove(photo: Photo, by: Any) -> None:
    """The row now, its file once that is final."""
    _delete_file(photo)
    photo._history_user = by  # type: ignore[attr-defined]  # django-simple-history reads it off the row
    photo.delete()


def move(photo: Photo, by: Any) -> None:
    """One place forward; the first stays where it is."""
    photos = list(photo.point_of_sale.photos.all())
    at = photos.index(photo)
    if at:
        photos[at - 1], photos[at] = photos[at], photos[at - 1]
    for rank, one in enumerate(photos):
        if one.rank != rank:
            one.rank = rank
            _save(one, by)


def file_of(photo: Photo) -> bytes | None:
    """The JPEG; None where the file is gone."""
    try:
        with photo.file.open("rb") as kept:
            return bytes(kept.read())
    except FileNotFoundError:
        return None


def _is(photo: Photo, shrunk: Shrunk) -> bool:
    return file_of(photo) == shrunk.content


def _draw(photo: Photo, shrunk: Shrunk) -> None:
    photo.file.save("photo.jpg", ContentFile(shrunk.content), save=False)
    photo.width, photo.height, photo.size = shrunk.width, shrunk.height, len(shrunk.content)


def _delete_file(photo: Photo) -> None:
    name = str(photo.file.name)
    transaction.on_commit(lambda: files.delete([name]))


def _save(photo: Photo, by: Any) -> Photo:
    photo._history_user = by  # type: ignore[attr-defined]
    photo.save()
    return photo
