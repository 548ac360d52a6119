"""Handing a list over: for whom, in which format, what they get and why; and the log of what was handed over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from directory.gaps import exporting
from directory.gaps.columns import COLUMNS, Audience
from directory.gaps.exporting import MOST_ROWS, RestrictedFilterError, TooManyRowsError
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
        "Ce que les chiffres et les zones disent du lieu. Ni contact, ni réponse du commerçant, ni suivi, ni priorité,"
        " pas même par l'ordre des lignes."
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
    """What an audience would be handed of the list, beside its radio button; `refused` says why it is not."""

    radio: Any
    name: str
    why: str
    columns: list[str]
    rows: str = ""
    notes: Sequence[str] = ()
    refused: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@official_page
def export_page(request: HttpRequest, departement: Departement) -> HttpResponse:
    """The form; posted, the file."""
    filters, form = read_filters(request.GET, departement, request.user)
    choice, mistakes = ExportForm(request.POST if request.method == "POST" else None), form.mistakes
    if choice.is_bound and not mistakes and choice.is_valid():
        try:
            return download(departement, filters, request.user, **choice.cleaned_data)
        except RestrictedFilterError as error:
            mistakes.append(refusal(error, form))
        except TooManyRowsError as error:
            mistakes.append(too_many(error.total))
    context = {
        "choice": choice,
        "mistakes": mistakes,
        "filters": in_words(form, request.GET),
        "offers": offers(choice, filters, form),
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
    return text.format(total=wording.whole(total), most=wording.whole(MOST_ROWS))


# --- What each is handed ---------------------------------------------------------------------------------------------
def offers(choice: ExportForm, filters: Filters, form: FilterForm) -> list[Offered]:
    """Each audience with what it would be handed, or why it cannot be."""
    today, said = timezone.localdate(), []
    listed = cases(filters, today).order_by()
    for radio, audience in zip(choice["audience"], Audience, strict=True):
        name, why = capfirst(str(audience.label)), str(WHY[audience])
        columns = [f"{column.name} ({column.meaning})" for column in COLUMNS[audience]]
        try:
            given = exporting.handed(filters, audience, today).order_by()
        except RestrictedFilterError as error:
            radio.data["attrs"]["disabled"] = True
            said.append(Offered(radio, name, why, columns, refused=refusal(error, form)))
            continue
        rows = given.count()
        notes = [] if audience == Audience.DEPARTEMENT else third_party_notes(listed, given)
        said.append(Offered(radio, name, why, columns, in_rows(rows), notes))
    return said


def refusal(error: RestrictedFilterError, form: FilterForm) -> str:
    """Why a third party is not handed a list so filtered, and what to do."""
    return _(
        "Pas avec ce filtre ({filters}) : il choisit d'après le suivi ou les réponses des commerçants, et le fichier le"
        " dirait de chaque ligne. Retirez-le, ou exportez pour le service du département."
    ).format(filters=", ".join(str(form.fields[name].label) for name in error.names))


def in_rows(number: int) -> str:
    return ngettext("{n} ligne", "{n} lignes", number).format(n=wording.whole(number))


def third_party_notes(listed: QuerySet[GapCase], given: QuerySet[GapCase]) -> list[str]:
    """What of the list stays in the service, and what is kept of what leaves it."""
    own = listed.filter(evidence=GapCase.Evidence.REPORT).count()
    others = listed.count() - given.count() - own
    hidden = given.filter(point_of_sale__pin_hidden=True).count()
    texts = (
        (
            own,
            ngettext(
                "{n} dossier n'est là que par la réponse de son commerçant : il reste dans le service.",
                "{n} dossiers ne sont là que par la réponse de leur commerçant : ils restent dans le service.",
                own,
            ),
        ),
        (
            others,
            ngettext(
                "{n} dossier reste dans le service : commerce qui n'est plus publié, ou preuve qui n'est plus gardée.",
                "{n} dossiers restent dans le service : commerces qui ne sont plus publiés, ou preuve qui n'est plus"
                " gardée.",
                others,
            ),
        ),
        (
            hidden,
            ngettext(
                "{n} épingle cachée par son commerçant : le centre de la commune, sans adresse.",
                "{n} épingles cachées par leur commerçant : le centre de la commune, sans adresse.",
                hidden,
            ),
        ),
    )
    return [text.format(n=wording.whole(number)) for number, text in texts if number]


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
