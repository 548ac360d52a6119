"""Files of photos that no row names any more: deleted, and tried again each day until they are."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.files.storage import Storage
from django.utils import timezone

from directory.models import Photo

FOLDER = "photos"
# A file is written before its row.
SETTLES = timedelta(hours=1)

logger = logging.getLogger(__name__)


def delete(names: Iterable[str]) -> int:
    """Delete the files; one that cannot be is left for `sweep`. How many went."""
    gone = 0
    for name in names:
        try:
            _storage().delete(name)
            gone += 1
        except OSError:
            logger.exception("a photo's file was not deleted")
    return gone


def sweep(now: datetime | None = None) -> int:
    """Delete the files that neither a photo nor its history names; how many went."""
    storage, now = _storage(), now or timezone.now()
    if not storage.exists(FOLDER):
        return 0
    known = set(Photo.objects.values_list("file", flat=True)) | set(Photo.history.values_list("file", flat=True))
    names = {f"{FOLDER}/{name}" for name in storage.listdir(FOLDER)[1]}
    return delete(name for name in names - known if storage.get_modified_time(name) < now - SETTLES)


def _storage() -> Storage:
    return Photo._meta.get_field("file").storage
