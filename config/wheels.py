"""Libraries in C that installed packages bring along."""

from __future__ import annotations

import glob
import importlib.util
from pathlib import Path


def library(package: str, pattern: str) -> str | None:
    """The path of the package's library whose name fits the pattern; None where it has none."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent
    for candidate in (folder.parent / f"{package}.libs", folder / ".dylibs"):
        if found := sorted(glob.glob(str(candidate / pattern))):
            return found[0]
    return None
