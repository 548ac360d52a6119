"""Who depends on figures and closures, and when they were told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from geo.coverage.changed import changed
from geo.models import CommuneFigures, CopperClosure


@pytest.fixture
def announced() -> Iterator[list[int]]:
    """How many figures and closures there were, each time that those who depend on them were told."""
    told: list[int] = []

    def hear(**kwargs: object) -> None:
        told.append(CommuneFigures.objects.count() + CopperClosure.objects.count())

    changed.connect(hear)
    yield told
    changed.disconnect(hear)
