"""Copies of the ground and of the vocabulary, kept from test to test for as long as nobody writes those tables."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

from django.core.signals import setting_changed
from django.db import connection

from geo import revisions

GROUND = ("communes", "vocabulary")
WRITES = re.compile(
    r'(INSERT INTO|UPDATE|DELETE FROM|COPY|TRUNCATE)\s+"?(geo_commune|geo_epci|geo_departement|directory_term)\b',
    re.IGNORECASE,
)
SETTINGS = ("REGION", "REGION_FILE", "COMMUNES_FILE", "VOCABULARY_DIR")
_state = {"written": False}


def make() -> None:
    """Once, when the test database is filled: a test that counts its queries finds them there."""
    from directory.questions.lexicon import lexicon
    from directory.vocabulary import vocabulary
    from geo.gazetteer import gazetteer

    gazetteer(), vocabulary(), lexicon()


def begin() -> None:
    _state["written"] = False
    for copy in revisions._copies:
        if copy.name in GROUND:
            copy._checked_at = time.monotonic()  # no test meets the look that is due every half minute
        else:
            copy.forget()
    if _watch not in connection.execute_wrappers:
        connection.execute_wrappers.append(_watch)


def end() -> None:
    for copy in revisions._copies:
        if _state["written"] or copy.name not in GROUND:
            copy.forget()


def _watch(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    result = execute(sql, params, many, context)
    if WRITES.search(str(sql)):
        _forget_the_ground()
    return result


def _forget_the_ground(**_: Any) -> None:
    _state["written"] = True
    for copy in revisions._copies:
        if copy.name in GROUND:
            copy.forget()


def _on_setting(*, setting: str, **_: Any) -> None:
    if setting in SETTINGS:
        _forget_the_ground()


setting_changed.connect(_on_setting, weak=False)
