"""What a merchant's page shows below its form: its points of sale, its labels, its consents."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from directory.models import Consent, MerchantLabel, PointOfSale
from maps.admin.common import LineForm, NoWriting, link_to
from maps.admin.place_list import PlaceColumns, light


class PlaceInline(NoWriting, PlaceColumns, admin.TabularInline):
    model = PointOfSale
    extra = 0
    fields = ["link", "kind", "commune_name", "status_badge", "pin_text", "reviews_badges"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return light(super().get_queryset(request))

    @admin.display(description=_("nom"))
    def link(self, place: PointOfSale) -> SafeString | str:
        return link_to(place)


class LabelForm(LineForm):
    """Says in words what the database's constraint would refuse."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("state") == MerchantLabel.State.VERIFIED and not data.get("verified_by"):
            self.add_error("verified_by", _("Un label vérifié dit par qui."))
        return data


class LabelInline(admin.TabularInline):
    model = MerchantLabel
    form = LabelForm
    extra = 0
    autocomplete_fields = ["label"]
    fields = ["label", "state", "verified_by", "verified_until"]
    verbose_name = _("label")
    verbose_name_plural = _("labels")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("label")


class ConsentForm(LineForm):
    """A new consent is typed; one given is only withdrawn, and one withdrawn is only read."""

    withdraw = forms.BooleanField(label=_("Retirer"), required=False)

    class Meta:
        model = Consent
        fields = ["field", "audience", "wording"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        given = self.instance.pk is not None
        for name in ("field", "audience", "wording"):
            if name in self.fields:
                self.fields[name].disabled = given
        if "withdraw" in self.fields:
            self.fields["withdraw"].disabled = not given or self.instance.withdrawn_at is not None
            self.fields["withdraw"].initial = self.instance.withdrawn_at is not None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.instance.pk is None and data.get("field") and data.get("audience"):
            others = Consent.objects.filter(merchant=self.instance.merchant_id)
            if data["field"] in others.in_force(data["audience"]):
                raise ValidationError(_("Ce consentement est déjà en vigueur."), code="in_force")
        return data

    def save(self, commit: bool = True) -> Consent:
        consent: Consent = super().save(commit=False)
        if self.cleaned_data.get("withdraw") and consent.pk and consent.withdrawn_at is None:
            consent.withdrawn_at = timezone.now()
        if commit:
            consent.save()
        return consent


class ConsentInline(admin.TabularInline):
    model = Consent
    form = ConsentForm
    extra = 0
    fields = ["field", "audience", "wording", "given_at", "withdrawn_at", "withdraw"]
    readonly_fields = ["given_at", "withdrawn_at"]
    ordering = ["id"]
    verbose_name_plural = _("consentements")
    can_delete = False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
