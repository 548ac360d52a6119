"""A file of exactly what a filtered worklist shows, for one audience, written down in the log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from directory.gaps.access import with_contacts
from directory.gaps.columns import COLUMNS, GEOMETRY, Audience, Line
from directory.gaps.files import FORMATS, Table
from directory.gaps.filters import restricted
from directory.gaps.invented import invented_closures, is_demo
from directory.gaps.worklist import Filters, cases
from directory.models import ConnectionReport, ExportLog, GapCase, PointOfSale
from geo.coverage import rule, wording
from geo.coverage.figures import EditionEntry, editions
from geo.models import Departement, ZoneFile

MOST_ROWS = 50_000  # in a file
CHUNK = 2_000  # cases read at a time
LONGEST_FILTERS = 500
SLUGS = {Audience.OPERATOR: "operateur", Audience.EPCI: "epci", Audience.DEPARTEMENT: "departement"}


class RestrictedFilterError(Exception):
    """Third parties are not handed what these filters choose: the choice tells what is restricted."""

    def __init__(self, names: list[str]):
        super().__init__(*names)
        self.names = names


class TooManyRowsError(Exception):
    """The list is longer than a file; `total` says how long."""

    def __init__(self, total: int):
        super().__init__(total)
        self.total = total


@dataclass(frozen=True)
class Export:
    """A file ready to be handed over."""

    name: str
    content_type: str
    content: bytes


def handed(filters: Filters, audience: str, today: date) -> QuerySet[GapCase]:
    """The cases of the list that the audience is given. Third parties are given what public figures and zones say:
    nothing that only its merchant's reply put there, nothing unpublished, nothing whose figures are no longer kept; by
    commune or name, for the order of the list tells its priorities.

    Raises RestrictedFilterError.
    """
    found = cases(filters, today)
    if audience == Audience.DEPARTEMENT:
        return found
    if names := restricted(filters):
        raise RestrictedFilterError(names)
    known = Q(edition__isnull=False) | Q(zone__isnull=False)
    told = found.filter(known, point_of_sale__status=PointOfSale.Status.PUBLISHED)
    name = Coalesce(NullIf("point_of_sale__name", Value("")), "point_of_sale__merchant__name")
    order = (name, "id") if filters.sort == "name" else ("commune__name", name, "id")
    return told.exclude(evidence=GapCase.Evidence.REPORT).order_by(*order)


def lines(found: QuerySet[GapCase], audience: str) -> Iterator[Line]:
    """Cases as the audience may see them, in the order asked for; the same few queries for each chunk.

    Raises TooManyRowsError before the first.
    """
    keys = list(found.values_list("pk", flat=True)[: MOST_ROWS + 1])
    if len(keys) > MOST_ROWS:
        raise TooManyRowsError(found.order_by().count())
    invented = invented_closures()
    latest = ConnectionReport.objects.order_by("point_of_sale_id", "-at", "-id").distinct("point_of_sale_id")
    shown = with_contacts(GapCase.objects.all()).prefetch_related(
        Prefetch("point_of_sale__connection_reports", latest, to_attr="latest_report")
    )
    for start in range(0, len(keys), CHUNK):
        chunk = keys[start : start + CHUNK]
        read = {case.pk: case for case in shown.filter(pk__in=chunk)}
        yield from (Line(read[key], audience, is_demo(read[key], invented)) for key in chunk if key in read)


@transaction.atomic
def export(
    departement: Departement, filters: Filters, query: str, audience: str, format_name: str, by: Any, today: date
) -> Export:
    """The file of a list, and a line in the log. `query` is the filters as the page's address has them.

    Raises RestrictedFilterError, and TooManyRowsError where the list is longer than a file.
    """
    file_format = FORMATS[format_name]
    columns = tuple(c for c in COLUMNS[audience] if not (file_format.geometric and c.name in GEOMETRY))
    rows, positions, provenance = [], [], Provenance()
    for line in lines(handed(filters, audience, today), audience):
        rows.append(tuple(column.of(line) for column in columns))
        positions.append(line.position)
        provenance.add(line)
    stem = f"gap-{departement.code}-{SLUGS[Audience(audience)]}-{today:%Y-%m-%d}"
    stem += "-demonstration" if provenance.demo else ""
    titles = _("Commerces à suivre, {departement}"), _("Commerces en zone à faible débit, {departement}")
    notes = [
        (_("Liste"), titles[audience != Audience.DEPARTEMENT].format(departement=departement)),
        (_("Pour"), str(Audience(audience).label)),
        (_("Faite le"), date_format(today)),
        *provenance.notes(),
    ]
    content = file_format.write(Table(stem, columns, rows, positions, notes))
    ExportLog.objects.create(
        by=by, departement=departement, audience=audience, format=format_name, filters=query[:LONGEST_FILTERS],
        columns=[column.name for column in columns], rows=len(rows),
    )  # fmt: skip
    return Export(f"{stem}.{file_format.extension}", file_format.content_type, content)


class Provenance:
    """Where the lines of a list, and figures of an edition beside them, come from; and whether any is invented."""

    def __init__(self, of: Iterable[Line] = (), edition: EditionEntry | None = None) -> None:
        self.demo = bool(edition and edition.demo)
        self._days: set[date] = {edition.date} if edition else set()
        self._zones: dict[int, ZoneFile] = {}
        for line in of:
            self.add(line)

    def add(self, line: Line) -> None:
        self.demo = self.demo or line.demo
        if line.case.zone:
            self._zones[line.case.zone.file_id] = line.case.zone.file
        elif line.case.edition:
            self._days.add(line.case.edition.date)

    def notes(self) -> list[tuple[str, str]]:
        """The rule, the sources and the warning, each with its heading."""
        known = (editions().find(day) for day in sorted(self._days))
        sources = [wording.cite(entry) for entry in known if entry] + [
            ", ".join(filter(None, (zones.source, date_format(zones.delivered_on), zones.licence)))
            + (f" ({_('démonstration')})" if zones.demo else "")
            for zones in self._zones.values()
        ]
        return [
            (_("Règle"), rule.in_words()),
            *((_("Source"), source) for source in sources),
            (_("Portée"), _("Classe de la commune ou de la zone : ce n'est pas la mesure d'une ligne.")),
            *([(_("Démonstration"), _("Des lignes sont inventées, pour essayer le service."))] if self.demo else ()),
        ]
