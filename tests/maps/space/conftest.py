"""Photos go to a folder of the test's own; a template's variable that nothing defines raises where it is shown."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from tests.builders import owner
from tests.directory.owners.conftest import photos as photos
from tests.maps.desk.conftest import _undefined_variables_fail as _undefined_variables_fail
from tests.maps.space.coming_in import EMAIL


@pytest.fixture
def chevrier(db) -> User:
    return owner(EMAIL)
