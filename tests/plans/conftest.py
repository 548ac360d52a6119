from __future__ import annotations

import pytest
from django.db import transaction

from tests.plans.filling import fill


@pytest.fixture(scope="module")
def _filled_once(django_db_setup, django_db_blocker):
    """Filling takes seconds: once a module, in a transaction around those of its tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        fill()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def filled(_filled_once, db):
    """Twenty thousand entries, with hours and words."""
