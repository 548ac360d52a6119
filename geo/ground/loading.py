"""The communes file into the database, as a diff: what did not change is not written."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry
from django.db import models, transaction
from django.db.models import ProtectedError, RestrictedError

from geo import revisions
from geo.ground import checking, document
from geo.ground.building import interior_point
from geo.ground.document import CommuneRecord, Ground
from geo.ground.errors import GroundError
from geo.models import Commune, Departement, Epci
from geo.shapes import to_multipolygon

REVISION = "communes"
BATCH = 500
NAMED = 20


@dataclass(slots=True)
class Diff:
    """What a load did to one table. `added` and `removed` are labels, `changed` are "label: fields"."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: int = 0

    @property
    def writes(self) -> int:
        return len(self.added) + len(self.changed) + len(self.removed)

    def __str__(self) -> str:
        return (
            f"{len(self.added)} added, {len(self.changed)} changed, {len(self.removed)} removed, "
            f"{self.unchanged} unchanged"
        )


@dataclass(slots=True)
class Report:
    """What a load did. `skipped`: the file is the one that was loaded last, and nothing was read."""

    checksum: str
    skipped: bool = False
    departements: Diff = field(default_factory=Diff)
    epci: Diff = field(default_factory=Diff)
    communes: Diff = field(default_factory=Diff)

    @property
    def writes(self) -> int:
        return self.departements.writes + self.epci.writes + self.communes.writes

    def lines(self) -> list[str]:
        """The report, a line per table, then the changed and removed by name (the first NAMED of each)."""
        if self.skipped:
            return ["Communes: this very file is loaded already."]
        lines = []
        for name, diff in (("Départements", self.departements), ("EPCI", self.epci), ("Communes", self.communes)):
            lines.append(f"{name}: {diff}")
            for verb, labels in (("changed", diff.changed), ("removed", diff.removed)):
                lines += [f"  {verb} {label}" for label in labels[:NAMED]]
                if len(labels) > NAMED:
                    lines.append(f"  … and {len(labels) - NAMED} more {verb}")
        return lines


def load_communes(path: Path, force: bool = False) -> Report:
    """Make départements, EPCI and communes what the file at `path` says, in one transaction.

    The file is read and checked whole before anything is written, and must be that of settings.REGION. A file whose
    checksum is that of the last load is skipped unless `force`. Raises GroundError, and leaves the database as it was,
    when the file is faulty or when a commune that it drops is still referred to.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise GroundError(
            f"{path} cannot be read ({error.strerror}). Make it with `manage.py build_communes`."
        ) from error
    report = Report(hashlib.sha256(data).hexdigest())
    if not force and revisions.checksum_of(REVISION) == report.checksum:
        report.skipped = True
        return report
    ground = document.parse(data)
    _refuse_another_region(ground)
    if problems := checking.problems(ground):
        raise GroundError([*problems, document.REBUILD])
    with transaction.atomic():
        _write(ground, report)
        if report.writes:
            revisions.bump(REVISION, report.checksum)
    return report


def _refuse_another_region(ground: Ground) -> None:
    """Loading another région's file would remove every commune of this one."""
    given, expected = ground.region.get("code"), settings.REGION["code"]
    if given != expected:
        raise GroundError(
            f"The file is that of région {given}, {settings.REGION_FILE} that of région {expected}. "
            "Set REGION_FILE to the région you mean, or give its file."
        )


def _write(ground: Ground, report: Report) -> None:
    """Parents first, so that communes find theirs; then removals, children first."""
    departements = _diff(_departements(ground), report.departements)
    epci = _diff(_epci(ground), report.epci)
    communes = _diff([_commune(record) for record in ground.communes], report.communes)
    _remove_communes(communes, ground, report.communes)
    for gone, diff in ((epci, report.epci), (departements, report.departements)):
        diff.removed = [str(row) for row in gone]
        for row in gone:
            row.delete()


def _departements(ground: Ground) -> list[models.Model]:
    contours = _unions((commune.departement, commune) for commune in ground.communes)
    return [
        Departement(code=code, name=name, **_shape(contours[code]))
        for code, name in ground.departements.items()
        if code in contours
    ]


def _epci(ground: Ground) -> list[models.Model]:
    contours = _unions((commune.epci, commune) for commune in ground.communes if commune.epci is not None)
    return [
        Epci(siren=siren, name=body.name, partial=body.partial, **_shape(contours[siren]))
        for siren, body in ground.epci.items()
        if siren in contours
    ]


def _unions(members: Iterable[tuple[str | None, CommuneRecord]]) -> dict[str, shapely.Geometry]:
    """One contour a group. The communes are a checked coverage, whose union is a matter of dropping shared edges."""
    groups: dict[str, list[shapely.Geometry]] = defaultdict(list)
    for key, commune in members:
        groups[str(key)].append(commune.contour)
    return {
        key: shapely.normalize(shapely.coverage_union_all(np.array(contours, dtype=object)))
        for key, contours in groups.items()
    }


def _shape(contour: shapely.Geometry) -> dict[str, GEOSGeometry]:
    return {"contour": to_multipolygon(contour), "centre": interior_point(contour).to_geos()}


def _commune(record: CommuneRecord) -> Commune:
    return Commune(
        code=record.code,
        name=record.name,
        departement_id=record.departement,
        epci_id=record.epci,
        postcodes=list(record.postcodes),
        former_codes=list(record.former_codes),
        former_names=list(record.former_names),
        population=record.population,
        centre=record.centre.to_geos(),
        contour=to_multipolygon(record.contour),
    )


def _diff(wanted: Sequence[models.Model], diff: Diff) -> list[models.Model]:
    """Write the rows that are new or differ; return those of the database that are not wanted."""
    if not wanted:
        return []
    model = type(wanted[0])
    before = {row.pk: row for row in model._default_manager.all()}
    to_write = []
    for row in wanted:
        old = before.pop(row.pk, None)
        changed = None if old is None else _changed_fields(old, row)
        if changed is None:
            diff.added.append(str(row))
        elif changed:
            diff.changed.append(f"{row}: {', '.join(changed)}")
        else:
            diff.unchanged += 1
            continue
        to_write.append(row)
    model._default_manager.bulk_create(
        to_write,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=[model._meta.pk.name],
        update_fields=[f.name for f in model._meta.concrete_fields if not f.primary_key],
    )
    return list(before.values())


def _changed_fields(old: models.Model, new: models.Model) -> list[str]:
    return [
        f.name
        for f in new._meta.concrete_fields
        if _comparable(getattr(old, f.attname)) != _comparable(getattr(new, f.attname))
    ]


def _comparable(value: Any) -> Any:
    """Shapes are compared byte for byte: equal ones that start at another vertex would be a rebuilt file."""
    return bytes(value.wkb) if isinstance(value, GEOSGeometry) else value


def _remove_communes(gone: Sequence[models.Model], ground: Ground, diff: Diff) -> None:
    """Delete communes that nothing protects. Raises GroundError naming each that is still referred to."""
    diff.removed = [str(commune) for commune in gone]
    try:
        with transaction.atomic():
            Commune.objects.filter(pk__in=[commune.pk for commune in gone]).delete()
    except (ProtectedError, RestrictedError) as error:
        raise GroundError(_refusals(gone, ground)) from error


def _refusals(gone: Sequence[models.Model], ground: Ground) -> list[str]:
    """Which of the communes are held, found one by one: the common case needs one query for all."""
    successors = {code: commune for commune in ground.communes for code in commune.former_codes}
    refused = []
    for commune in gone:
        try:
            with transaction.atomic():
                Commune.objects.filter(pk=commune.pk).delete()
        except (ProtectedError, RestrictedError) as error:
            refused.append(_refusal(str(commune), error, successors.get(commune.pk)))
    return refused


def _refusal(label: str, error: ProtectedError | RestrictedError, successor: CommuneRecord | None) -> str:
    held = error.protected_objects if isinstance(error, ProtectedError) else error.restricted_objects
    kinds = sorted({str(row._meta.verbose_name) for row in held})
    count = "1 row refers" if len(held) == 1 else f"{len(held)} rows refer"
    remedy = (
        f"Its successor is {successor.name} ({successor.code}): move them there, then load again."
        if successor
        else "No commune of the file names it in `former_codes`: check that the file is that of this région."
    )
    return f"{label} is not in the file, but {count} to it ({', '.join(kinds)}). {remedy}"
