"""Requests are answered by several threads at once."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from directory.questions.words import _stem

WORDS = [f"{start}{end}" for start in ("fromag", "bouchér", "chauss", "planch", "vign", "harvest", "butch")
         for end in ("erie", "eries", "ements", "ations", "ingly", "eronnes", "edness", "es", "ées")]  # fmt: skip


@pytest.fixture
def hasty():
    """Threads that take turns as often as can be."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def test_threads_do_not_disturb_one_another_s_stems(hasty):
    asked = [(word, language) for word in WORDS for language in ("fr", "en")] * 20
    expected = [_stem.__wrapped__(*one) for one in asked]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda one: _stem.__wrapped__(*one), asked)) == expected
