"""Two editions beside each other: which communes of the département entered the gap, left it, or got worse."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from directory.gaps.comparing import Change, Comparison, compare
from directory.gaps.worklist import Filters
from directory.models import PointOfSale
from geo.coverage import rule, wording
from geo.coverage.figures import EditionEntry, editions
from geo.models import Departement
from maps.chips import Link
from maps.desk.common import desk_context, desk_path, official_page
from maps.desk.filters import as_query
from maps.desk.worklist import status_of

NAMED = 50  # merchants of a commune; the list has them all


@dataclass(frozen=True)
class Row:
    """A commune that changed, with the merchants that are published there today, each a link to its case."""

    commune: str
    href: str
    before: str
    after: str
    points_of_sale: int
    merchants: list[Link]

    @property
    def unnamed(self) -> int:
        return self.points_of_sale - len(self.merchants)


@require_safe
@official_page
def compare_page(request: HttpRequest, departement: Departement) -> HttpResponse:
    choices = [entry for entry in editions().entries if entry.is_judged]
    before, after, mistakes = chosen(request.GET, choices)
    found = between(departement, before, after) if before and after else None
    context = {
        "choices": [(entry.date.isoformat(), wording.edition_name(entry.date, entry.demo)) for entry in choices],
        "before": before.date.isoformat() if before else "",
        "after": after.date.isoformat() if after else "",
        "dated": [wording.dated(entry) for entry in (before, after) if entry],
        "mistakes": mistakes,
        "groups": groups(departement, found) if found else [],
        "unknown": [entry.name for entry in found.unknown] if found else [],
        "rule": rule.in_words(),
        "own_query": request.GET.urlencode(),
        "shows_demo": any(entry.demo for entry in (before, after) if entry),
    }
    return render(request, "maps/desk/compare.html", desk_context(departement) | context, status=status_of(mistakes))


def chosen(query: QueryDict, choices: list[EditionEntry]) -> tuple[EditionEntry | None, EditionEntry | None, list[str]]:
    """The editions that an address names, earlier first; without any, the current one and the one before it."""
    known, mistakes = editions(), []
    entries: dict[str, EditionEntry | None] = {"after": known.default}
    entries["before"] = known.before(known.default) if known.default else None
    for name in ("before", "after"):
        if text := query.get(name, ""):
            entry = next((entry for entry in choices if entry.date == _day(text)), None)
            if entry is None:
                mistakes.append(_("Aucune édition n'est datée « {text} ».").format(text=text[:40]))
            else:
                entries[name] = entry
    before, after = entries["before"], entries["after"]
    if before and after and before.date >= after.date:
        mistakes.append(_("La première édition doit être plus ancienne que la seconde."))
        return None, None, mistakes
    return before, after, mistakes


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def between(departement: Departement, before: EditionEntry, after: EditionEntry) -> Comparison:
    known = editions()
    return compare(departement.code, known.figures(before), known.figures(after))


def merchants(departement: Departement, changes: Iterable[Change]) -> dict[str, list[Link]]:
    """The merchants published today in communes that changed, by commune and name; all in one query."""
    number = Window(RowNumber(), partition_by="commune", order_by=("merchant__name", "pk"))
    found = PointOfSale.objects.filter(
        status=PointOfSale.Status.PUBLISHED, commune__in=[change.commune.code for change in changes]
    )
    first = found.annotate(number=number).filter(number__lte=NAMED).select_related("merchant", "gap_case")
    named: dict[str, list[Link]] = {}
    for place in first.order_by("number").only("name", "commune_id", "merchant__name", "gap_case__departement_id"):
        case = getattr(place, "gap_case", None)
        own = case is not None and case.departement_id == departement.code
        href = desk_path(departement, "case", case.pk) if case is not None and own else ""
        named.setdefault(str(place.commune_id), []).append(Link(place.display_name, href))
    return named


def groups(departement: Departement, found: Comparison) -> list[dict[str, Any]]:
    named_there = merchants(departement, (*found.entered, *found.worse, *found.left))
    named = (
        ("entered", _("Entrées dans la zone"), found.entered),
        ("worse", _("Plus mal desservies"), found.worse),
        ("left", _("Sorties de la zone"), found.left),
    )
    return [
        {
            "id": id_,
            "title": title,
            "rows": [row(departement, change, named_there.get(change.commune.code, [])) for change in changes],
            "points_of_sale": sum(change.points_of_sale for change in changes),
        }
        for id_, title, changes in named
    ]


def row(departement: Departement, change: Change, there: list[Link]) -> Row:
    left = bool(change.before and change.before.low and change.after and not change.after.low)
    query = as_query(Filters(departement.code, commune=change.commune.code, left=left))
    return Row(
        commune=change.commune.name,
        href=f"{desk_path(departement)}?{query}",
        before=said(change.before),
        after=said(change.after),
        points_of_sale=change.points_of_sale,
        merchants=there,
    )


def said(finding: rule.Finding | None) -> str:
    """A share and the number behind it: "Fibre : 34 % (60 sur 176)"."""
    if finding is None:
        return ""
    count = finding.count
    return _("{indicator} : {percent} ({eligible} sur {premises})").format(
        indicator=wording.indicator_name(finding.indicator),
        percent=wording.percent(count.eligible, count.premises),
        eligible=wording.number(count.eligible),
        premises=wording.number(count.premises),
    )
