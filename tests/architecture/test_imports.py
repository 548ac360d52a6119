"""Imports run one way: geo <- directory <- maps <- config."""

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def test_import_contracts_are_kept():
    linter = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([linter, "--no-cache"], cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_geo_never_says_merchant():
    for path in (PROJECT / "geo").rglob("*.py"):
        text = path.read_text("utf-8").lower()
        allowed = text.replace("knows nothing of merchants", "")
        assert "merchant" not in allowed, f"{path} speaks of merchants"
