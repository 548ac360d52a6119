"""What people look for in vain, as a table, its map and a file: for a département's officials, and for the chambers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from directory import demand, tables
from directory.chambers.access import Chamber
from directory.demand import Cell
from directory.models import Term
from directory.vocabulary import TermEntry, vocabulary
from geo.folding import place_key
from geo.gazetteer import gazetteer
from geo.models import Departement
from maps import wording
from maps.chambers.common import chamber_context, chamber_page
from maps.coverage.drawing import name_of, painted
from maps.coverage.scale import Class
from maps.desk import words
from maps.desk.common import desk_context, official_page
from maps.desk.worklist import status_of

MOST_AREAS = 8  # of a row, unless it is the one asked for; the file has them all
WEEKS = {4: gettext_lazy("4 semaines"), 13: gettext_lazy("13 semaines"), 52: gettext_lazy("52 semaines")}
DEFAULT_WEEKS = 13
LEVELS = {
    "commune": gettext_lazy("Commune"),
    "epci": gettext_lazy("Intercommunalité"),
    "departement": gettext_lazy("Département"),
}
# Where each class of the map begins, the darkest first, and what it is called.
STEPS = (
    (50, gettext_lazy("50 et plus")),
    (25, gettext_lazy("de 25 à 49")),
    (10, gettext_lazy("de 10 à 24")),
    (demand.LEAST, gettext_lazy("de 5 à 9")),
    (0, gettext_lazy("moins de 5, ou aucune")),
)


class DemandForm(forms.Form):
    """What to show: of which weeks, by what, of what. What makes no sense is told, and left out."""

    weeks = forms.ChoiceField(label=gettext_lazy("Période"), required=False, choices=list(WEEKS.items()))
    level = forms.ChoiceField(label=gettext_lazy("Par"), required=False, choices=list(LEVELS.items()))
    departement = forms.ChoiceField(label=gettext_lazy("Département"), required=False)
    term = forms.ChoiceField(label=gettext_lazy("Produit ou métier"), required=False)
    format = forms.ChoiceField(required=False, choices=[("csv", "CSV")], widget=forms.HiddenInput)

    def __init__(self, query: Any, departement: str | None):
        super().__init__({"weeks": DEFAULT_WEEKS} | query.dict())
        terms = [term for name in ("product", "activity") for term in vocabulary().of(name)]
        choose(self, "term", ((term.code, term.label(wording.language())) for term in terms))
        if departement is None:
            choose(self, "departement", gazetteer().departements.items())
        else:
            del self.fields["departement"]
            self.fields["level"].choices = list(LEVELS.items())[:-1]  # type: ignore[attr-defined]

    @property
    def mistakes(self) -> list[str]:
        text = _("« {value} » n'est pas une valeur de « {label} » : ce filtre est laissé de côté.")
        return [
            text.format(value=str(self.data.get(name))[:60], label=self.fields[name].label or name)
            for name in self.errors
        ]

    def offer(self, terms: Iterable[str]) -> None:
        """Only what there is to choose, and what was chosen."""
        wanted = {*terms, self.data.get("term")}
        field: Any = self.fields["term"]
        field.choices = [choice for choice in field.choices if not choice[0] or choice[0] in wanted]


def choose(form: forms.Form, name: str, choices: Iterable[tuple[str, str]]) -> None:
    field: Any = form.fields[name]
    field.choices = [("", _("Tous")), *sorted(choices, key=lambda choice: place_key(choice[1]))]


@dataclass(frozen=True)
class Row:
    """A product or an activity, and where it is lacking: (area, times). `more` areas are left to the file."""

    what: str
    href: str
    times: str
    areas: list[tuple[str, str]]
    more: int


# --- The two doors ---------------------------------------------------------------------------------------------------
@require_safe
@official_page
def demand_page(request: HttpRequest, departement: Departement) -> HttpResponseBase:
    where = wording.in_the_departement(departement.code, departement.name)
    return shown(request, where, departement.code, desk_context(departement))


@require_safe
@chamber_page
def chamber_demand_page(request: HttpRequest, chamber: Chamber) -> HttpResponseBase:
    """Of the région, for an agent of one of its chambers."""
    where = _("en région {name}").format(name=settings.REGION["name"])
    return shown(request, where, None, chamber_context(chamber))


# --- What they share -------------------------------------------------------------------------------------------------
def shown(request: HttpRequest, where: str, departement: str | None, around: dict[str, Any]) -> HttpResponseBase:
    form = DemandForm(request.GET, departement)
    form.is_valid()
    asked = form.cleaned_data
    weeks, level = int(asked.get("weeks") or DEFAULT_WEEKS), asked.get("level") or "commune"
    within = departement or asked.get("departement") or None
    every = demand.cells(weeks, level, within)
    found = demand.cells(weeks, level, within, asked["term"]) if asked.get("term") else every
    mistakes = form.mistakes
    if asked.get("format") and not mistakes:
        return file(found, weeks, level, within)
    form.offer({cell.term.code for cell in every})
    context = {
        "heading": _("Recherches sans réponse {where}").format(where=where),
        "sentence": sentence(found, weeks),
        "choosers": form.visible_fields(),
        "mistakes": mistakes,
        "rows": rows(request, found, level, None if asked.get("term") else MOST_AREAS),
        "level_name": LEVELS[level],
        "choropleth": choropleth(found, level, within),
        "scale": [Class(str(number), str(name), "") for number, (_least, name) in enumerate(STEPS)],
        "file": f"?{query(request, format='csv')}",
        "own_query": query(request),
    }
    return render(request, "maps/desk/demand.html", around | context, status=status_of(mistakes))


def query(request: HttpRequest, **more: str) -> str:
    return urlencode(request.GET.dict() | more)


def sentence(found: list[Cell], weeks: int) -> str:
    """A sum of what is shown, and of nothing else."""
    first, last = demand.weeks_back(weeks)
    text = _("Du {first} au {last} : au moins {n} recherches d'un produit ou d'un métier que personne ne propose là.")
    total = wording.whole(sum(cell.times for cell in found))
    return text.format(first=words.day(first), last=words.day(last), n=total)


def rows(request: HttpRequest, found: list[Cell], level: str, most: int | None) -> list[Row]:
    """One for each term, the most wanted first; its number is the sum of its areas'."""
    by_term: dict[TermEntry, list[Cell]] = {}
    for cell in found:
        by_term.setdefault(cell.term, []).append(cell)
    summed = sorted(((sum(cell.times for cell in own), term) for term, own in by_term.items()), key=lambda one: -one[0])
    return [
        Row(
            what=term.label(wording.language()),
            href=f"?{query(request, term=term.code)}",
            times=wording.whole(times),
            areas=[
                (name_of(gazetteer(), level, cell.area), wording.whole(cell.times)) for cell in by_term[term][:most]
            ],
            more=len(by_term[term][most:]) if most else 0,
        )
        for times, term in summed
    ]


def choropleth(found: list[Cell], level: str, departement: str | None) -> Any:
    """Of each area, the sum of its rows: the table says the same."""
    times: Counter[str] = Counter()
    for cell in found:
        times[cell.area] += cell.times
    return painted(gazetteer(), level, lambda code: step(times[code]), departement)


def step(times: int) -> int:
    return next(number for number, (least, _name) in enumerate(STEPS) if times >= least)


def file(found: list[Cell], weeks: int, level: str, departement: str | None) -> HttpResponseBase:
    first, last = demand.weeks_back(weeks)
    head = ["sorte", "code", "recherche", "code_territoire", "territoire", "recherches_au_moins", "du", "au"]
    rows = (
        [
            str(Term.Dimension(cell.term.dimension).label),
            cell.term.code,
            cell.term.label(wording.language()),
            cell.area,
            name_of(gazetteer(), level, cell.area),
            cell.times,
            first,
            last,
        ]
        for cell in found
    )
    response = HttpResponse(b"".join(tables.csv_stream(head, rows)), content_type=tables.CSV)
    name = "-".join(filter(None, ("demandes", departement, level, f"{last:%Y-%m-%d}")))
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
