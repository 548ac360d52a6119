"""An owner at the page of its pin, which stands 60 m north of the town hall."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import at, centre_of, owned_place
from tests.journeys.entering import BACKEND
from tests.maps.desk.conftest import _undefined_variables_fail as _undefined_variables_fail


@pytest.fixture
def place(db: None) -> Any:
    """At the street, not at the house."""
    given = {"pin_precision": "street", "pin_score": 0.62, "street": "12 rue du Change"}
    return owned_place(pin=at(centre_of(), 0, 60), **given)


@pytest.fixture
def mine(client: Any, place: Any) -> Any:
    """The owner's browser."""
    client.force_login(place.merchant.owner, backend=BACKEND)
    return client
