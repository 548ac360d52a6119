"""Handing a list over: for whom, in which format, what they get and why; and the log of what was handed over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from directory.gaps import exporting
from directory.gaps.columns import COLUMNS, Audience
from directory.gaps.exporting import MOST, TooManyRowsError
from directory.gaps.files import FORMATS
from directory.gaps.worklist import Filters, cases
from directory.models import ExportLog, GapCase
from geo.models import Departement
from maps import wording
from maps.desk import words
from maps.desk.common import desk_context, desk_path, official_page
from maps.desk.filters import FilterForm, as_query, read_filters
from maps.desk.worklist import figures_are_demo

LOGGED = 50  # lines on a page of the log
WHY = {
    Audience.OPERATOR: gettext_lazy("De quoi trouver les locaux, rien d'autre : c'est au département de suivre."),
    Audience.EPCI: gettext_lazy(
        "Ce que les chiffres et les zones disent du lieu. Ni contact, ni réponse du commerçant, ni suivi, ni priorité."
    ),
    Audience.DEPARTEMENT: gettext_lazy(
        "Tout ce que la liste montre, contacts compris là où le commerçant y consent. Ne sort pas du service."
    ),
}


class ExportForm(forms.Form):
    """For whom and as what. Nobody is handed a list by default."""

    audience = forms.ChoiceField(
        label=gettext_lazy("Pour qui ?"),
        choices=Audience,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Dites pour qui est ce fichier.")},
    )
    format = forms.ChoiceField(
        label=gettext_lazy("Sous quelle forme ?"),
        choices=[(name, format_.label) for name, format_ in FORMATS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choisissez un format.")},
    )


@dataclass(frozen=True)
class Offered:
    """What an audience would be handed of the list, beside its radio button."""

    radio: Any
    name: str
    why: str
    columns: list[str]
    rows: str
    notes: list[str]


@require_http_methods(["GET", "HEAD", "POST"])
@official_page
def export_page(request: HttpRequest, departement: Departement) -> HttpResponse:
    """The form; posted, the file."""
    filters, form = read_filters(request.GET, departement, request.user)
    choice, mistakes = ExportForm(request.POST if request.method == "POST" else None), form.mistakes
    if choice.is_bound and not mistakes and choice.is_valid():
        try:
            return download(departement, filters, request.user, **choice.cleaned_data)
        except TooManyRowsError as error:
            mistakes.append(too_many(error.total))
    context = {
        "choice": choice,
        "mistakes": mistakes,
        "filters": in_words(form, request.GET),
        "offers": offers(choice, filters),
        "own_query": as_query(filters),
        "back": f"{desk_path(departement)}?{as_query(filters)}".rstrip("?"),
        "log": desk_path(departement, "exports"),
        "shows_demo": figures_are_demo()
        or cases(filters, timezone.localdate()).filter(point_of_sale__demo=True).exists(),
    }
    status = 400 if mistakes or choice.is_bound else 200
    return render(request, "maps/desk/export.html", desk_context(departement) | context, status=status)


def download(departement: Departement, filters: Filters, by: Any, audience: str, format: str) -> HttpResponse:
    file = exporting.export(departement, filters, as_query(filters), audience, format, by, timezone.localdate())
    response = HttpResponse(file.content, content_type=file.content_type)
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return response


def too_many(total: int) -> str:
    text = _("La liste compte {total} lignes, un fichier en tient {most}. Filtrez-la par intercommunalité ou par état.")
    return text.format(total=wording.whole(total), most=wording.whole(MOST))


# --- What each is handed ---------------------------------------------------------------------------------------------
def offers(choice: ExportForm, filters: Filters) -> list[Offered]:
    today, said = timezone.localdate(), []
    for radio, audience in zip(choice["audience"], Audience, strict=True):
        counted = exporting.handed(filters, audience, today).order_by().aggregate(
            rows=Count("pk"),
            hidden=Count("pk", filter=Q(point_of_sale__pin_hidden=True)),
            told=Count("pk", filter=Q(evidence=GapCase.Evidence.REPORT)),
        )  # fmt: skip
        columns = [f"{column.name} ({column.meaning})" for column in COLUMNS[audience]]
        notes = [] if audience == Audience.DEPARTEMENT else third_party_notes(counted["hidden"], counted["told"])
        name = capfirst(str(audience.label))
        said.append(Offered(radio, name, str(WHY[audience]), columns, in_rows(counted["rows"]), notes))
    return said


def in_rows(number: int) -> str:
    return ngettext("{n} ligne", "{n} lignes", number).format(n=wording.whole(number))


def third_party_notes(hidden: int, told: int) -> list[str]:
    """What is kept from third parties, and what a list tells them by itself."""
    notes = []
    if hidden:
        text = ngettext(
            "{n} épingle cachée par son commerçant : le centre de la commune, sans adresse.",
            "{n} épingles cachées par leur commerçant : le centre de la commune, sans adresse.",
            hidden,
        )
        notes.append(text.format(n=wording.whole(hidden)))
    if told:
        text = ngettext(
            "{n} ligne n'est là que par la réponse du commerçant. Le fichier ne le dit pas : demandez-lui son accord.",
            "{n} lignes ne sont là que par la réponse du commerçant. Le fichier ne le dit pas : demandez leur accord.",
            told,
        )
        notes.append(text.format(n=wording.whole(told)))
    return notes


# --- The filters in words --------------------------------------------------------------------------------------------
def in_words(form: FilterForm, query: QueryDict) -> list[str]:
    """ "État : à contacter", "En retard": those of the query that the form knows."""
    said = []
    for name, value in query.items():
        field = form.fields.get(name)
        text = choice_label(getattr(field, "choices", []), str(value))
        if field is None or text is None:
            continue
        said.append(_("{name} : {value}").format(name=field.label, value=text) if text else str(field.label))
    return said


def choice_label(choices: Any, value: str) -> str | None:
    """What a select shows for a value; None for one that it does not have, or that is empty."""
    for key, text in choices:
        if isinstance(text, list | tuple):
            if (found := choice_label(text, value)) is not None:
                return found
        elif str(key) == value and value:
            return str(text)
    return None


# --- The log ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Entry:
    """A line of the log."""

    at: str
    by: str
    audience: str
    format: str
    filters: list[str]
    columns: str
    rows: str


@require_safe
@official_page
def log_page(request: HttpRequest, departement: Departement) -> HttpResponse:
    """What was handed over of the département's list: who, when, for whom, of what."""
    found = ExportLog.objects.filter(departement=departement).select_related("by").order_by("-at", "-id")
    page = Paginator(found, LOGGED).get_page(request.GET.get("page"))
    context = {"entries": entries(departement, page, request.user), "page": page}
    return render(request, "maps/desk/exports.html", desk_context(departement) | context)


def entries(departement: Departement, page: Page[ExportLog], user: Any) -> list[Entry]:
    _filters, form = read_filters(QueryDict(), departement, user)  # the words of every choice, once for all lines
    return [
        Entry(
            at=words.moment(row.at),
            by=words.author(row.by),
            audience=str(row.get_audience_display()),
            format=str(FORMATS[row.format].label) if row.format in FORMATS else _("feuille imprimable"),
            filters=in_words(form, QueryDict(row.filters)),
            columns=", ".join(row.columns),
            rows=in_rows(row.rows),
        )
        for row in page
    ]
