"""A sheet to print for one EPCI: its communes in the gap, the merchants there, whom to call at the département.

It leaves the desk, so it shows what an EPCI may see, is filtered by nothing else, and tells counts of what is
restricted only from five up. Each opening is written in the log, as it can be printed from there; again within the hour
it is the same one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
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
from geo.coverage.figures import default_figures, editions, total
from geo.coverage.wording import share
from geo.gazetteer import CommuneEntry, gazetteer
from geo.models import Departement
from maps import wording
from maps.chips import Link
from maps.desk.common import desk_context, desk_path, name_of, official_page
from maps.desk.exports import in_words
from maps.desk.filters import SHEET, FilterForm, as_query, read_filters, sheet_path
from maps.desk.reports import remedy_line

PRINTED = 500  # merchants on a sheet; the file has them all
FEWEST = 5  # smaller counts of restricted things are not told
SAME_SHEET = timedelta(hours=1)
FORMAT = "print"


@dataclass(frozen=True)
class CommuneRow:
    """A commune of the sheet, what public figures say of it, and how many merchants of the list are there."""

    name: str
    share: str
    why: str
    merchants: int


@require_safe
@official_page
def epci_page(request: HttpRequest, departement: Departement, siren: str) -> HttpResponse:
    ground = gazetteer()
    part = [entry for entry in ground.entries if entry.epci == siren and entry.departement == departement.code]
    if not part:
        raise Http404
    filters, form, mistakes = asked(request, departement, siren)
    if mistakes:
        return refused(request, departement, filters, mistakes)
    context = sheet_context(departement, filters, [entry for entry in part if filters.commune in ("", entry.code)])
    if request.method == "GET":
        write_down(departement, filters, request.user, len(context["lines"]))
    context |= {
        "name": ground.epcis[siren],
        "narrowed": in_words(form, QueryDict(as_query(filters.but(epci="", sort=Filters.sort)))),
        "partial": any(entry.epci == siren and entry.departement != departement.code for entry in ground.entries),
        "official": request.user,
        "official_name": name_of(request.user),
    }
    return render(request, "maps/desk/epci.html", desk_context(departement) | context)


def sheet_context(departement: Departement, filters: Filters, own: list[CommuneEntry]) -> dict[str, Any]:
    """What the sheet says of its communes and of the merchants there."""
    today = timezone.localdate()
    found = exporting.handed(filters, Audience.EPCI, today)
    there = dict(found.order_by().values_list("commune").annotate(n=Count("pk")))
    rows, shown = sum(there.values()), list(exporting.lines(found[:PRINTED], Audience.EPCI))
    provenance = Provenance(shown, editions().default)
    return {
        "today": date_format(today),
        "communes": communes(own, there),
        "totals": totals(own, found, rows, whole=filters == every(departement, filters.epci)),
        "lines": [merchant(line) for line in shown],
        "printed": wording.whole(len(shown)),
        "in_all": wording.whole(rows),
        "contacts": [remedy_line(remedy) for remedy in reporting.remedies(departement.code)[0]],
        "notes": provenance.notes(),
        "shows_demo": provenance.demo,
        "export": f"{desk_path(departement, 'export')}?{as_query(filters)}",
        "back": f"{desk_path(departement)}?{as_query(filters)}",
    }


def every(departement: Departement, siren: str) -> Filters:
    return Filters(departement.code, epci=siren, sort="commune")


def asked(request: HttpRequest, departement: Departement, siren: str) -> tuple[Filters, FilterForm, list[str]]:
    """The sheet's filters, those of the list that say nothing restricted, and what of the address is none of them."""
    query = request.GET.copy()
    query["epci"] = siren
    given, form = read_filters(query, departement, request.user)
    filters = every(departement, siren).but(commune=given.commune, activity=given.activity)
    others = [str(form.fields[name].label) for name in request.GET if name in form.fields and name not in SHEET]
    text = _("Cette feuille se filtre par commune et par activité, pas par : {filters}.")
    return filters, form, form.mistakes + ([text.format(filters=", ".join(others))] if others else [])


def refused(request: HttpRequest, departement: Departement, filters: Filters, mistakes: list[str]) -> HttpResponse:
    """No sheet that is other than was asked for: why, and the one that can be had."""
    context = {
        "title": _("Pas de feuille avec ces filtres"),
        "reason": " ".join(mistakes),
        "ways_on": [Link(_("La feuille sans eux"), sheet_path(departement, filters))],
    }
    return render(request, "maps/nowhere.html", context, status=400)


def write_down(departement: Departement, filters: Filters, by: Any, rows: int) -> None:
    """In the log, once for a person and hour."""
    sheet = {
        "by": by, "departement": departement, "audience": Audience.EPCI, "format": FORMAT, "filters": as_query(filters),
        "columns": [column.name for column in COLUMNS[Audience.EPCI]], "rows": rows,
    }  # fmt: skip
    if not ExportLog.objects.filter(**sheet, at__gte=timezone.now() - SAME_SHEET).exists():
        ExportLog.objects.create(**sheet)


# --- What it shows ---------------------------------------------------------------------------------------------------
def communes(own: list[CommuneEntry], there: dict[str, int]) -> list[CommuneRow]:
    """Those in the gap by the default edition, and those where a delivered zone puts a merchant in it, by name."""
    figures = default_figures()
    rows = []
    for entry in sorted(own, key=lambda entry: entry.name):
        finding = rule.find(figures.communes.get(entry.code)) if figures else None
        low = bool(finding and finding.low)
        if low or entry.code in there:
            said = share(finding.indicator, finding.count, lacking=low) if finding else _("aucun chiffre")
            why = "" if low else _("hors de la règle : commerces d'une zone livrée par le département")
            rows.append(CommuneRow(entry.name, said, why, there.get(entry.code, 0)))
    return rows


def totals(own: list[CommuneEntry], found: QuerySet[GapCase], rows: int, *, whole: bool) -> list[tuple[str, str]]:
    """What the communes add up to, with its heading. What was done is restricted, and is told of the `whole` part of
    the EPCI only: two sheets could be subtracted from each other.
    """
    figures = default_figures()
    known = [figures.communes[entry.code] for entry in own if entry.code in figures.communes] if figures else []
    low = sum(finding.low for counts in known if (finding := rule.find(counts)))
    every_premise = rule.find(total(known))
    in_gap = _("{low} sur {all}").format(low=wording.whole(low), all=wording.whole(len(own)))
    said = [(_("Communes à faible débit, selon la règle"), in_gap)]
    if every_premise:
        said.append((_("Locaux"), share(every_premise.indicator, every_premise.count, lacking=True)))
    said.append((_("Commerces concernés"), wording.whole(rows)))
    if whole:
        done = found.order_by().aggregate(
            contacted=Count("pk", filter=Q(contacted_at__isnull=False)),
            solved=Count("pk", filter=Q(state__in=(GapCase.State.SOLUTION_FOUND, GapCase.State.CONNECTED))),
        )
        said += [(_("Déjà contactés"), few(done["contacted"])), (_("Solution trouvée"), few(done["solved"]))]
    return said


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
