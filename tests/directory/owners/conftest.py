"""Photos go to a folder of the test's own."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def photos(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path / "photos"
