"""One delivery of zones, from a file to a report: what `manage.py import_zones` and the tests call."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import ClassVar, NamedTuple

import shapely
from django.db import transaction
from django.utils import timezone

from geo.coverage.changed import announce
from geo.coverage.importing.alone import alone
from geo.coverage.importing.errors import Refused, UnreadableFile
from geo.coverage.importing.report import LineResult, Outcome, Report
from geo.coverage.zones.areas import Territory
from geo.coverage.zones.reading import Contents, Feature, Reprojection, read
from geo.coverage.zones.wording import Fields, classes, fields_of, label_of, planned_of
from geo.ground.loading import Diff
from geo.models import Departement, Zone, ZoneFile
from geo.shapes import to_multipolygon

BATCH = 500


@dataclass(frozen=True, slots=True)
class Delivery:
    """Who delivered a file, when, and how it is to be read. A field or layer that is None is found by itself."""

    departement: str
    source: str
    delivered_on: date
    licence: str = ""
    layer: str | None = None
    crs: str | None = None
    fields: Mapping[str, str | None] = field(default_factory=dict)  # "class", "label", "planned"
    classes: Sequence[str] = ()  # "VALUE=BHD8"


class Content(NamedTuple):
    """What a zone is: two of equal content are the same zone."""

    speed: str
    label: str
    planned_on: date | None
    area: bytes


@dataclass(slots=True)
class ZonesReport(Report):
    """What the import of one file of zones did. `demo`: how many demonstration zones went."""

    unit: ClassVar[str] = "feature"

    demo: int = 0


def import_zones(path: Path, delivery: Delivery, *, write: bool) -> ZonesReport:
    """Make a département's zones from a source what the file says, in one transaction.

    Features that cannot be taken are refused one by one; where none can, nothing is written. Without `write`, all is
    done and undone. Raises ImportFailure.
    """
    departement = _departement(delivery)
    contents = read(path, delivery.layer, delivery.crs)
    reader = _Reader(contents, delivery, Territory(departement))
    report = ZonesReport(contents.name, len(contents.features), [reader.result(one) for one in contents.features])
    if not reader.zones:
        report.warnings.append("No feature of it can be loaded: nothing is written.")
        return report
    with alone():
        report.demo = Zone.objects.filter(file__departement=departement, file__demo=True).count()
        ZoneFile.objects.filter(departement=departement, demo=True).delete()
        _bring(reader.zones, contents, delivery, report)
        if not write:
            transaction.set_rollback(True)
        elif report.wrote:
            announce()
    return report


def _departement(delivery: Delivery) -> Departement:
    """The département of a delivery. Raises UnreadableFile where what is said of it cannot be."""
    if delivery.delivered_on > timezone.localdate():
        raise UnreadableFile(f"{delivery.delivered_on} is to come; --date is the day of the delivery.")
    for text, longest in ((delivery.source, 200), (delivery.licence, 100)):
        if len(text) > longest:
            raise UnreadableFile(f"{text[:40]}…: at most {longest} characters are kept.")
    if not delivery.source.strip():
        raise UnreadableFile("--source is empty: say who delivered the zones, screens and exports cite it.")
    found = Departement.objects.filter(pk=delivery.departement).first()
    if found is None:
        known = ", ".join(Departement.objects.values_list("code", flat=True)) or "none: run `manage.py load_communes`"
        raise UnreadableFile(f"There is no département {delivery.departement!r} here. Known are {known}.")
    return found


class _Reader:
    """The features of a file, one by one; `zones` counts those of a kind, which may stand there twice."""

    def __init__(self, contents: Contents, delivery: Delivery, territory: Territory):
        self.fields: Fields = fields_of(contents.name, contents.fields, delivery.fields)
        self.speed = classes(delivery.classes)
        self.to_degrees = Reprojection(contents.crs)
        self.territory = territory
        self.zones: dict[Content, int] = {}

    def result(self, feature: Feature) -> LineResult:
        try:
            content, repaired = self._content(feature)
            if content in self.zones:
                raise Refused("twice", f"feature {self.zones[content]} is the same")
        except Refused as refusal:
            return LineResult(feature.number, Outcome.REFUSED, refusal.code, str(refusal))
        self.zones[content] = feature.number
        return LineResult(feature.number, Outcome.LOADED, "repaired" if repaired else "", repaired)

    def _content(self, feature: Feature) -> tuple[Content, str]:
        if feature.shape is None:
            raise Refused("empty", "it has no shape")
        values = feature.values
        speed = self.speed(values[self.fields.klass])
        label = label_of(values[self.fields.label]) if self.fields.label else ""
        planned = planned_of(values[self.fields.planned]) if self.fields.planned else None
        area, repaired = self.territory.area(self.to_degrees(feature.shape))
        return Content(speed, label, planned, bytes(to_multipolygon(area).wkb)), repaired


def _bring(zones: Collection[Content], contents: Contents, delivery: Delivery, report: ZonesReport) -> None:
    """Zones that stay keep their rows: cases refer to them."""
    about = {
        "name": contents.name[:200], "checksum": contents.checksum, "licence": delivery.licence,
        "delivered_on": delivery.delivered_on,
    }  # fmt: skip
    file = ZoneFile.objects.filter(departement=delivery.departement, source=delivery.source).first()
    standing = {_content(zone): zone.pk for zone in Zone.objects.filter(file=file)} if file else {}
    gone = standing.keys() - zones
    new = [content for content in zones if content not in standing]
    report.diff = Diff(
        added=[content.label for content in new],
        removed=[content.label for content in gone],
        unchanged=len(zones) - len(new),
    )
    if file and file.delivered_on > delivery.delivered_on:
        report.warnings.append(f"{file.name}, which it takes the place of, was delivered later: {file.delivered_on}.")
    same = file is not None and all(getattr(file, name) == value for name, value in about.items())
    report.wrote = bool(report.demo or report.diff.writes) or not same
    if report.wrote:
        file, _ = ZoneFile.objects.update_or_create(
            departement_id=delivery.departement, source=delivery.source, defaults=about
        )
        Zone.objects.filter(pk__in=[standing[content] for content in gone]).delete()
        Zone.objects.bulk_create((_zone(file, content) for content in new), batch_size=BATCH)


def _content(zone: Zone) -> Content:
    return Content(zone.speed, zone.label, zone.planned_on, bytes(zone.area.wkb))


def _zone(file: ZoneFile, content: Content) -> Zone:
    area = to_multipolygon(shapely.from_wkb(content.area))
    return Zone(file=file, speed=content.speed, label=content.label, planned_on=content.planned_on, area=area)
