"""Says that figures, zones or closures changed: copies in memory are made anew, and who depends on them is told."""

from __future__ import annotations

from django.dispatch import Signal

from geo import revisions

changed = Signal()


def announce() -> None:
    """Call it in the transaction of the import, last."""
    revisions.bump("coverage")
    changed.send(sender=None)
