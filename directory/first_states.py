"""The history of what was written in bulk, which has none until somebody edits it."""

from __future__ import annotations

from django.db.models import Model
from django.utils import timezone

from directory.importing.bulk import record_history

# The reason written with it, in whatever language the page was.
FIRST_STATE = "état avant la première modification"


def keep_first_state(model: type[Model], pk: int) -> None:
    """Before a first edit: what a row without any history was, or nothing could tell what the edit changed."""
    if model.history.filter(id=pk).exists():  # type: ignore[attr-defined]
        return
    row = model._base_manager.filter(pk=pk).first()
    if row is not None:
        since = getattr(row, "updated_at", None) or timezone.now()
        record_history(model, [pk], "+", since, FIRST_STATE)
