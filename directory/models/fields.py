"""A column type that Django does not have."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.types.multirange import Multirange, TimestamptzMultirange

if TYPE_CHECKING:
    Base = models.Field[Multirange[datetime], Multirange[datetime]]
else:
    Base = models.Field


class TimesField(Base):
    """Stretches of time: PostgreSQL's tstzmultirange, psycopg's Multirange."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "tstzmultirange"

    def get_prep_value(self, value: Any) -> Any:
        """Say the type: that of an empty multirange cannot be told from its values."""
        value = super().get_prep_value(value)
        return TimestamptzMultirange(value) if isinstance(value, Multirange) else value
