"""A sheet to print for one EPCI: its communes in the gap, the merchants there, whom to call at the département.

It leaves the desk, so it shows what an EPCI may see, and counts of what is restricted only from five up. Each opening
is written in the log, as it can be printed from there; again within the hour it is the same one.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from directory.gaps import exporting, reporting
from directory.gaps.columns import COLUMNS, Audience, Line
from directory.gaps.exporting import Provenance
from directory.gaps.worklist import Filters
from directory.models import ExportLog, GapCase
from geo.coverage import rule
from geo.coverage.figures import default_figures, total
from geo.coverage.wording import share
from geo.gazetteer import CommuneEntry, gazetteer
from geo.models import Departement
from maps import wording
from maps.desk.common import desk_context, desk_path, name_of, official_page
from maps.desk.filters import as_query
from maps.desk.reports import remedy_line

PRINTED = 500  # merchants on a sheet; the file has them all
FEWEST = 5  # smaller counts of restricted things are not told
SAME_SHEET = timedelta(hours=1)
FORMAT = "print"


@dataclass(frozen=True)
class CommuneRow:
    """A commune in the gap. `merchants` are those on this sheet."""

    name: str
    share: str
    merchants: int


@require_safe
@official_page
def epci_page(request: HttpRequest, departement: Departement, siren: str) -> HttpResponse:
    ground = gazetteer()
    own = [entry for entry in ground.entries if entry.epci == siren and entry.departement == departement.code]
    if not own:
        raise Http404
    filters = Filters(departement.code, epci=siren, sort="commune")
    found = exporting.handed(filters, Audience.EPCI, timezone.localdate())
    rows, shown = found.count(), list(exporting.lines(found[:PRINTED], Audience.EPCI))
    if request.method == "GET":
        write_down(departement, filters, request.user, len(shown))
    provenance = Provenance(shown)
    context = {
        "name": ground.epcis[siren],
        "partial": any(entry.epci == siren and entry.departement != departement.code for entry in ground.entries),
        "today": date_format(timezone.localdate()),
        "communes": communes(own, shown),
        "totals": totals(own, found, rows),
        "lines": [merchant(line) for line in shown],
        "left_out": wording.whole(rows - len(shown)) if rows > len(shown) else "",
        "contacts": [remedy_line(remedy) for remedy in reporting.remedies(departement.code)[0]],
        "official": request.user,
        "official_name": name_of(request.user),
        "notes": provenance.notes(),
        "shows_demo": provenance.demo,
        "export": f"{desk_path(departement, 'export')}?{as_query(filters)}",
        "back": f"{desk_path(departement)}?{as_query(filters)}",
    }
    return render(request, "maps/desk/epci.html", desk_context(departement) | context)


def write_down(departement: Departement, filters: Filters, by: Any, rows: int) -> None:
    """In the log, once for a person and hour."""
    sheet = {
        "by": by, "departement": departement, "audience": Audience.EPCI, "format": FORMAT, "filters": as_query(filters),
        "columns": [column.name for column in COLUMNS[Audience.EPCI]], "rows": rows,
    }  # fmt: skip
    if not ExportLog.objects.filter(**sheet, at__gte=timezone.now() - SAME_SHEET).exists():
        ExportLog.objects.create(**sheet)


# --- What it shows ---------------------------------------------------------------------------------------------------
def communes(own: list[CommuneEntry], shown: list[Line]) -> list[CommuneRow]:
    """Those in the gap by the default edition, and those where a merchant of the sheet is, by name."""
    figures, there = default_figures(), Counter(line.case.commune_id for line in shown)
    rows = []
    for entry in sorted(own, key=lambda entry: entry.name):
        finding = rule.find(figures.communes.get(entry.code)) if figures else None
        if (finding and finding.low) or entry.code in there:
            said = share(finding.indicator, finding.count, lacking=finding.low) if finding else _("aucun chiffre")
            rows.append(CommuneRow(entry.name, said, there[entry.code]))
    return rows


def totals(own: list[CommuneEntry], found: Any, rows: int) -> list[tuple[str, str]]:
    """What the part of the EPCI adds up to, with its heading. What was done is restricted."""
    figures = default_figures()
    known = [figures.communes[entry.code] for entry in own if entry.code in figures.communes] if figures else []
    low = sum(finding.low for counts in known if (finding := rule.find(counts)))
    whole = rule.find(total(known))
    done = found.order_by().aggregate(
        contacted=Count("pk", filter=Q(contacted_at__isnull=False)),
        solved=Count("pk", filter=Q(state__in=(GapCase.State.SOLUTION_FOUND, GapCase.State.CONNECTED))),
    )
    in_gap = _("{low} sur {all}").format(low=wording.whole(low), all=wording.whole(len(own)))
    return [
        (_("Communes en zone à faible débit"), in_gap),
        *([(_("Locaux"), share(whole.indicator, whole.count, lacking=True))] if whole else []),
        (_("Commerces concernés"), wording.whole(rows)),
        (_("Déjà contactés"), few(done["contacted"])),
        (_("Solution trouvée"), few(done["solved"])),
    ]


def few(number: int) -> str:
    """A count of something restricted, as it may leave the desk."""
    return wording.whole(number) if number >= FEWEST else f"<\u00a0{FEWEST}"


def merchant(line: Line) -> dict[str, Any]:
    """The columns that an EPCI is handed, as text."""
    told = {column.name: column.of(line) for column in COLUMNS[Audience.EPCI]}
    days = {name: date_format(told[name], "SHORT_DATE_FORMAT") if told[name] else "" for name in DAYS}  # type: ignore[arg-type]
    place = " ".join(str(told[name]) for name in ("code_postal", "commune") if told[name])
    return told | days | {"where": ", ".join(filter(None, (str(told["adresse"]), place))), "demo": line.demo}


DAYS = ("edition", "travaux_prevus", "fermeture_cuivre")
