"""The committed communes file, read once."""

from __future__ import annotations

import pytest
from django.conf import settings

from geo.ground import document
from geo.ground.document import CommuneRecord, Ground


@pytest.fixture(scope="session")
def ground() -> Ground:
    """The région's communes as the committed file gives them."""
    return document.load(settings.COMMUNES_FILE)


@pytest.fixture(scope="session")
def by_code(ground: Ground) -> dict[str, CommuneRecord]:
    return {commune.code: commune for commune in ground.communes}
