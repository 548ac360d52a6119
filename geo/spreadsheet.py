"""Cells that a spreadsheet shows as they are."""

from __future__ import annotations

# A cell that begins so is a formula to a spreadsheet.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def shown(value: object) -> object:
    """The value, with an apostrophe before text that would be calculated."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
