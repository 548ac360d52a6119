"""What a merchant in the gap can do now, and whom to call: a list that the département keeps, and its history."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from directory.models import Remedy
from geo.models import Departement
from maps.desk import words
from maps.desk.common import desk_context, desk_path, official_page

LATEST = 10  # changes shown


class RemedyForm(forms.ModelForm):
    url = forms.URLField(label=gettext_lazy("Adresse"), required=False, assume_scheme="https")

    class Meta:
        model = Remedy
        fields = ["kind", "title", "text", "phone", "url"]
        widgets = {"text": forms.Textarea({"rows": 3}), "phone": forms.TextInput({"type": "tel"})}


@require_http_methods(["GET", "HEAD", "POST"])
@official_page
def remedies_page(request: HttpRequest, departement: Departement) -> HttpResponse:
    """The list, in the order in which a merchant reads it, and a form to add one at its end."""
    rows = list(Remedy.objects.filter(departement=departement))
    form = RemedyForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        form.instance.departement = departement
        form.instance.order = rows[-1].order + 1 if rows else 0
        form.save()
        messages.success(request, _("Aide ajoutée."))
        return redirect(desk_path(departement, "remedies"))
    context = {"remedies": rows, "form": form, "changes": changes(departement)}
    return _shown(request, departement, "maps/desk/remedies.html", context, form)


@require_http_methods(["GET", "HEAD", "POST"])
@official_page
def remedy_page(request: HttpRequest, departement: Departement, id: int) -> HttpResponse:
    remedy = _of(departement, id)
    form = RemedyForm(request.POST if request.method == "POST" else None, instance=remedy)
    if form.is_bound and form.is_valid():
        form.save()
        messages.success(request, _("Aide modifiée."))
        return redirect(desk_path(departement, "remedies"))
    return _shown(request, departement, "maps/desk/remedy.html", {"remedy": remedy, "form": form}, form)


@require_POST
@official_page
def delete_remedy(request: HttpRequest, departement: Departement, id: int) -> HttpResponse:
    _of(departement, id).delete()
    messages.success(request, _("Aide supprimée."))
    return redirect(desk_path(departement, "remedies"))


@require_POST
@official_page
def move_remedy(request: HttpRequest, departement: Departement, id: int) -> HttpResponse:
    """One place up, before the one above it."""
    remedy = _of(departement, id)
    with transaction.atomic():
        rows = list(Remedy.objects.select_for_update().filter(departement=departement))
        at = rows.index(remedy)
        if at:
            rows[at - 1], rows[at] = rows[at], rows[at - 1]
        for order, row in enumerate(rows):
            if row.order != order:
                row.order = order
                row.save()
    return redirect(desk_path(departement, "remedies"))


def changes(departement: Departement) -> list[dict[str, str]]:
    """The latest changes: when, by whom, what. Moves up are changes too."""
    said = {"+": _("a ajouté"), "~": _("a modifié"), "-": _("a supprimé")}
    rows = Remedy.history.filter(departement=departement).select_related("history_user")[:LATEST]
    return [
        {
            "at": words.moment(row.history_date),
            "by": words.author(row.history_user),
            "did": said[row.history_type],
            "title": row.title,
        }
        for row in rows
    ]


def _of(departement: Departement, id: int) -> Remedy:
    remedy = Remedy.objects.filter(departement=departement, pk=id).first()
    if remedy is None:
        raise Http404
    return remedy


def _shown(
    request: HttpRequest, departement: Departement, template: str, context: dict[str, Any], form: forms.ModelForm
) -> HttpResponse:
    return render(request, template, desk_context(departement) | context, status=400 if form.is_bound else 200)
