"""Letters to those who never heard of the directory: a batch is chosen, and printed as one document."""

from __future__ import annotations

from typing import Any

import segno
from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, override

from directory.claims import codes, letters
from directory.models import LetterBatch, PointOfSale, SourceRecord
from geo.gazetteer import gazetteer
from geo.models import Commune
from maps.admin.common import NoWriting, PlainAdmin


class BatchForm(forms.Form):
    commune = forms.CharField(label=_("Commune"), required=False, help_text=_("Son nom, ou son code INSEE."))
    place = forms.IntegerField(
        label=_("Ou un seul point de vente"), required=False, min_value=1, help_text=_("Son numéro.")
    )
    again = forms.BooleanField(
        label=_("Écrire aussi à ceux qui ont reçu une lettre il y a moins de 90 jours"), required=False
    )

    def clean_commune(self) -> Commune | None:
        typed = str(self.cleaned_data["commune"]).strip()
        if not typed:
            return None
        found = [gazetteer().commune(typed)] if typed.isalnum() and typed[:1].isdigit() else gazetteer().find(typed, 2)
        codes_found = [entry.code for entry in found if entry is not None]
        if len(codes_found) > 1 and found[0].name.lower() == found[1].name.lower():  # type: ignore[union-attr]
            raise ValidationError(_("Plusieurs communes ont ce nom : donnez le code INSEE."))
        commune = Commune.objects.defer("contour").filter(pk=codes_found[0]).first() if codes_found else None
        if commune is None:
            raise ValidationError(_("Cette commune n'est pas connue dans la région."))
        return commune

    def clean(self) -> None:
        if not self.errors and bool(self.cleaned_data["commune"]) == bool(self.cleaned_data["place"]):
            raise ValidationError(_("Choisissez une commune, ou un point de vente."))

    def chosen(self) -> QuerySet[PointOfSale]:
        given = self.cleaned_data
        rows = letters.due(again=given["again"])
        return rows.filter(commune=given["commune"]) if given["commune"] else rows.filter(pk=given["place"])


@admin.register(LetterBatch)
class LetterBatchAdmin(NoWriting, PlainAdmin):
    list_display = ["made_at", "commune", "number", "used", "by"]
    list_select_related = ["commune", "by"]
    fields = ["made_at", "commune", "by", "number", "used"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("directory.add_letterbatch")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        counted = super().get_queryset(request).defer("commune__contour")
        return counted.annotate(letters_made=Count("letters"), letters_used=Count("letters__used_at"))

    @admin.display(description=_("lettres"))
    def number(self, batch: Any) -> int:
        return int(batch.letters_made)

    @admin.display(description=_("codes utilisés"))
    def used(self, batch: Any) -> int:
        return int(batch.letters_used)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """The form; sent, the letters themselves, the only time that their codes are known."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        sent = request.method == "POST"
        form = BatchForm(request.POST if sent else None, initial={"place": request.GET.get("place")})
        if sent and form.is_valid():
            made = letters.make(request.user, form.chosen(), form.cleaned_data["commune"])
            if made:
                left = form.chosen().count() if not form.cleaned_data["again"] else 0
                return printed(request, made, left)
            form.add_error(None, _("Personne à qui écrire : sans adresse, déjà reprise, ou une lettre est partie."))
        context = self.admin_site.each_context(request) | {"form": form, "opts": self.opts, "most": letters.MOST}
        context |= {"title": _("Imprimer des lettres"), "media": self.media}
        return render(request, "maps/admin/letters_form.html", context, status=400 if sent else 200)


def printed(request: HttpRequest, made: list[letters.Printed], left: int) -> HttpResponse:
    """The letters, a page each, in French. As of all pages of the admin, no cache keeps a copy."""
    with override("fr"):
        context = {
            "letters": [_letter(request, one) for one in made],
            "said": ngettext("{n} lettre", "{n} lettres", len(made)).format(n=len(made)),
            "left": left,
            "on": date_format(localdate()),
            "until": date_format(localdate() + letters.VALID),
            "typed_at": request.build_absolute_uri(reverse("maps:letter")),
            "legal": settings.REGION["legal"],
            "region": settings.REGION,
        }
        response = render(request, "maps/claims/letters.html", context)
    response["Referrer-Policy"] = "same-origin"
    return response


def _letter(request: HttpRequest, one: letters.Printed) -> dict[str, Any]:
    place = one.place
    records = SourceRecord.objects.filter(point_of_sale__merchant=place.merchant_id).select_related("source")
    sources = dict.fromkeys(f"{record.source.name} ({record.source.producer})" for record in records.order_by("pk"))
    return {
        "place": place,
        "code": codes.grouped(one.code),
        "qr": qr(request.build_absolute_uri(reverse("maps:letter_by_code", args=[one.code]))),
        "sheet": request.build_absolute_uri(f"/m/{place.merchant_id}/"),
        "withdraw": request.build_absolute_uri(reverse("maps:withdraw", args=[place.pk])),
        "sources": ", ".join(sources),
    }


def qr(url: str) -> SafeString:
    """A QR code as SVG, without a style attribute: the policy of pages refuses those."""
    drawn = segno.make(url, error="m", micro=False).svg_inline(omitsize=True, svgclass="qr", lineclass=None)
    return mark_safe(drawn)  # noqa: S308 - made of numbers alone
