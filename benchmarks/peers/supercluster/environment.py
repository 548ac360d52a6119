"""supercluster, installed by npm into .local/bench-supercluster when it is measured; it is no part of the service."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

HERE = Path(__file__).resolve().parent
HOME = settings.LOCAL_DIR / "bench-supercluster"
FILES = ("package.json", "package-lock.json", "answer.js")


class MissingError(RuntimeError):
    """Why supercluster cannot be measured here."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What a view took, in milliseconds, and what was in it."""

    ms: float
    clusters: int
    count: int


@dataclass(frozen=True, slots=True)
class Run:
    """`load_ms` for all points, `builds` for each subset; an answer for each view."""

    load_ms: float
    builds: list[float]
    answers: list[Answered]
    megabytes: float
    node: str


def ensure() -> None:
    """Install the pinned version, unless it is there. Raises MissingError, with the reason, where that cannot be."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            raise MissingError(f"{program} is not installed")
    lock = (HERE / "package-lock.json").read_bytes()
    installed = HOME / "package-lock.json"
    done = HOME / "node_modules" / ".package-lock.json"
    fresh = done.exists() and installed.exists() and installed.read_bytes() == lock
    HOME.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copy(HERE / name, HOME)
    if fresh:
        return
    print(f"Installing supercluster into {HOME}", flush=True)
    command = ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    result = subprocess.run(command, cwd=HOME, capture_output=True, text=True)
    if result.returncode:
        installed.unlink()
        raise MissingError(f"npm could not install it: {result.stderr.strip()[:300]}")


def version() -> str:
    lock = json.loads((HERE / "package-lock.json").read_text("utf-8"))
    return str(lock["packages"]["node_modules/supercluster"]["version"])


def run(points: array[float], subsets: Sequence[array[int]], work: Mapping[str, Any]) -> Run:
    """Answer the views of `work`: points are longitude, latitude, …; a subset has the numbers of its points."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "points").write_bytes(points.tobytes())
        for number, subset in enumerate(subsets):
            (folder / f"subset-{number}").write_bytes(subset.tobytes())
        (folder / "work.json").write_text(json.dumps({**work, "subsets": len(subsets)}), "utf-8")
        result = subprocess.run(("node", "answer.js", folder), cwd=HOME, capture_output=True, text=True)
    if result.returncode:
        raise MissingError(f"it stopped: {result.stderr.strip()[:300]}")
    told = json.loads(result.stdout)
    answers = [Answered(**answer) for answer in told["answers"]]
    return Run(told["loadMs"], told["builds"], answers, told["megabytes"], told["node"])
