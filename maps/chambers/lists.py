"""A chamber's own list: uploaded, looked at as what it would change, then written or dropped."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from directory import tables
from directory.chambers import lists
from directory.chambers.access import Chamber
from directory.importing import ImportFailure, Outcome, Report, RowResult
from directory.models import ChamberUpload
from maps import wording
from maps.chambers import words
from maps.chambers.common import chamber_context, chamber_page, chamber_path
from maps.chambers.receiving import BoundedUploadHandler
from maps.desk.common import name_of
from maps.desk.words import moment

CHANGES_SHOWN = 50
TEMPLATE_HEAD = (
    "nom", "activites", "produits", "adresse", "code_postal", "commune", "siret", "identifiant", "sorte", "telephone",
    "courriel", "site", "horaires", "lat", "lon",
)  # fmt: skip
TEMPLATE_ROW = (
    "Ferme des Prés", "Ferme laitière|Boulangerie", "fromage de chèvre|pain", "3 route de Blois", "41100", "Vendôme",
    "", "A-001", "ferme", "", "", "https://exemple.fr", "Mo-Fr 09:00-12:30; Sa 09:00-12:00; PH off", "", "",
)  # fmt: skip


class ListForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Fichier"),
        help_text=gettext_lazy("CSV, XLSX ou GeoJSON, 10 Mo et 20 000 lignes au plus."),
        widget=forms.ClearableFileInput({"accept": ",".join(lists.FORMATS)}),
        error_messages={"required": gettext_lazy("Choisissez un fichier, de 10 Mo au plus.")},
        allow_empty_file=True,
    )


@dataclass(frozen=True)
class Line:
    """A row of the file as the page shows it: what becomes of it and why; `detail` in the importer's own words."""

    line: int
    name: str
    reason: str
    detail: str = ""
    changes: tuple[tuple[str, str, str], ...] = ()


# --- Receiving -------------------------------------------------------------------------------------------------------
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@chamber_page
def receive_page(request: HttpRequest, chamber: Chamber) -> HttpResponseBase:
    """Says how the request is read before its token is looked for in there, and of the chamber's agents alone."""
    request.upload_handlers = [BoundedUploadHandler(request)]
    return received(request, chamber)


@csrf_protect
def received(request: HttpRequest, chamber: Chamber) -> HttpResponse:
    form = ListForm(request.POST, request.FILES) if request.method == "POST" else ListForm()
    detail = ""
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            upload, _report = lists.receive(chamber, request.user, file.name, file.read())
        except lists.NotAList as error:
            form.add_error("file", str(error))
        except ImportFailure as error:
            form.add_error("file", words.failure(error))
            detail = str(error)
        else:
            return redirect(chamber_path(chamber, "chamber_upload", upload.pk))
    context = {"form": form, "detail": detail, "template": chamber_path(chamber, "chamber_template")}
    status = 400 if form.is_bound else 200
    return render(request, "maps/chambers/receive.html", chamber_context(chamber) | context, status=status)


@require_safe
@chamber_page
def template_file(request: HttpRequest, chamber: Chamber) -> HttpResponseBase:
    """The columns of the common format, and a row to be replaced."""
    return file("modele-liste.csv", TEMPLATE_HEAD, [TEMPLATE_ROW])


# --- Looking ---------------------------------------------------------------------------------------------------------
@require_safe
@chamber_page
def list_page(request: HttpRequest, chamber: Chamber, id: int) -> HttpResponse:
    """What the list would change today; of one that is done, what came of it."""
    upload = upload_of(chamber, id)
    if upload.content is None:
        return render(request, "maps/chambers/done.html", chamber_context(chamber) | done(upload))
    try:
        report = lists.look_at(chamber, upload)
    except ImportFailure as error:
        return _failed(request, chamber, upload, error)
    return _shown(request, chamber, upload, report)


@require_safe
@chamber_page
def report_file(request: HttpRequest, chamber: Chamber, id: int) -> HttpResponseBase:
    """Every row with what becomes of it, while the list waits."""
    upload = upload_of(chamber, id)
    if upload.content is None:
        raise Http404
    try:
        report = lists.look_at(chamber, upload)
    except ImportFailure as error:
        return _failed(request, chamber, upload, error)
    rows = (
        [row.line, words.OUTCOMES[row.outcome], words.code(row.code), row.message, row.external_id, row.name]
        for row in report.rows
    )
    return file(f"bilan-{upload.pk}.csv", ("ligne", "bilan", "raison", "detail", "identifiant", "nom"), rows)


# --- Deciding --------------------------------------------------------------------------------------------------------
@require_POST
@chamber_page
def write_page(request: HttpRequest, chamber: Chamber, id: int) -> HttpResponse:
    """Writes what was looked at, or shows what would change now."""
    upload = upload_of(chamber, id)
    try:
        lists.write(chamber, upload.pk, request.POST.get("seen", ""))
    except lists.Done:
        messages.info(request, _("Cette liste a déjà été écrite ou abandonnée."))
    except lists.Changed as changed:
        mistake = _("L'annuaire a changé depuis que vous avez regardé : rien n'est écrit. Voici ce qui changerait.")
        return _shown(request, chamber, upload, changed.report, mistake)
    except ImportFailure as error:
        return _failed(request, chamber, upload, error)
    else:
        messages.success(request, _("La liste est écrite."))
    return redirect(chamber_path(chamber, "chamber_upload", id))


@require_POST
@chamber_page
def drop_page(request: HttpRequest, chamber: Chamber, id: int) -> HttpResponse:
    upload = upload_of(chamber, id)
    try:
        lists.drop(chamber, upload.pk)
    except lists.Done:
        messages.info(request, _("Cette liste a déjà été écrite ou abandonnée."))
    else:
        messages.success(request, _("La liste est abandonnée, son fichier est effacé."))
    return redirect(chamber_path(chamber))


# --- What they share -------------------------------------------------------------------------------------------------
def upload_of(chamber: Chamber, id: int) -> ChamberUpload:
    upload = ChamberUpload.objects.filter(pk=id, chamber=chamber.kind).select_related("by").first()
    if upload is None:
        raise Http404
    return upload


def _shown(
    request: HttpRequest, chamber: Chamber, upload: ChamberUpload, report: Report, mistake: str = ""
) -> HttpResponse:
    context = {
        "upload": upload,
        "mistakes": [mistake] if mistake else [],
        "totals": outcomes(lists.totals(report)),
        "read": wording.whole(report.read),
        "changes": [line(row) for row in islice(report.diff, CHANGES_SHOWN)],
        "more_changes": max(0, len(report.diff) - CHANGES_SHOWN),
        "look_at": [line(row) for row in report.rows if row.outcome in lists.LOOK_AT][: lists.ROWS_KEPT],
        "absent": [gone.name for gone in report.absent[: lists.ROWS_KEPT]],
        "absent_number": len(report.absent),
        "seen": lists.fingerprint(upload, report),
        "writes": any(row.outcome in ("written", "held") for row in report.rows),
    }
    status = 409 if mistake else 200
    return render(request, "maps/chambers/list.html", chamber_context(chamber) | context, status=status)


def _failed(request: HttpRequest, chamber: Chamber, upload: ChamberUpload, error: ImportFailure) -> HttpResponse:
    context = {"upload": upload, "mistakes": [words.failure(error)], "detail": str(error)}
    return render(request, "maps/chambers/failed.html", chamber_context(chamber) | context, status=409)


def line(row: RowResult) -> Line:
    changes = tuple(
        (words.field(change.field), words.value(change.field, change.before), words.value(change.field, change.after))
        for change in row.changes
    )
    return Line(row.line, row.name, words.code(row.code), detail_of(row.outcome, row.message), changes)


def detail_of(outcome: str, message: str) -> str:
    """The importer's own words, where they say more than the reason: of what it refuses."""
    return message if outcome == Outcome.REFUSED else ""


def done(upload: ChamberUpload) -> dict[str, Any]:
    kept = upload.totals
    return {
        "upload": upload,
        "by": name_of(upload.by) if upload.by else "",
        "at": moment(upload.written_at or upload.at),
        "totals": outcomes(kept),
        "look_at": [
            Line(number, name, words.code(code), detail_of(outcome, message))
            for number, outcome, code, name, message in kept.get("rows", [])
        ],
        "more": kept.get("more", 0),
    }


def outcomes(totals: dict[str, Any]) -> list[tuple[str, str]]:
    """(number, what) of each outcome."""
    return [(wording.whole(number), str(words.OUTCOMES[name])) for name, number in totals.get("outcomes", {}).items()]


def file(name: str, head: Any, rows: Any) -> HttpResponseBase:
    response = StreamingHttpResponse(tables.csv_stream(head, rows), content_type=tables.CSV)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
