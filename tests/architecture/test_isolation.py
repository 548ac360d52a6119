"""What one test leaves behind is not there for the next."""

from __future__ import annotations

import pytest
from django.utils.translation import get_language


@pytest.mark.django_db
@pytest.mark.parametrize("time", [1, 2])
def test_a_page_s_language_ends_with_its_test(client, time):
    assert get_language() == "fr"
    client.get("/en/")
    assert get_language() == "en"
