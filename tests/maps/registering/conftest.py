"""The register and the address service, played; nobody was slowed down yet."""

from __future__ import annotations

import pytest

from maps.registering.starting import starting
from maps.space.sign_in import asking


@pytest.fixture(autouse=True)
def _nobody_asked_yet():
    starting.clear()
    asking.clear()


@pytest.fixture(autouse=True)
def services(register_service, address_service):
    """(the register, which knows nobody; the address service, which knows 12 Rue du Change)."""
    return register_service, address_service
