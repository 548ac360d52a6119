from __future__ import annotations

import pytest

from directory.questions.interpretation import interpret
from directory.vocabulary import vocabulary
from geo.gazetteer import gazetteer
from tests.directory.questions.reading import NOW


@pytest.fixture(scope="module")
def in_memory(django_db_setup, django_db_blocker):
    """Vocabulary and gazetteer are read once for the module."""
    with django_db_blocker.unblock():
        vocabulary()
        gazetteer()
        interpret("fromage", NOW)
