"""The kept index of the address service that tests ask: an interrupted build leaves nothing behind for long."""

from __future__ import annotations

import shutil

import pytest

from benchmarks.addok import serving


def test_what_an_interrupted_build_left_goes_with_the_next(settings, tmp_path, monkeypatch):
    settings.LOCAL_DIR = tmp_path
    (tmp_path / "addok").mkdir()
    monkeypatch.setattr(
        serving, "_make_index", lambda folder: [(folder / name).touch() for name in ("dump.rdb", "addok.db")]
    )
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copy", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            serving._index()
    index = serving._index()
    assert {path.name for path in index.iterdir()} == {"dump.rdb", "addok.db"}
    assert {path.name for path in (tmp_path / "addok").iterdir()} == {index.name, "index.lock"}
    assert serving._index() == index
