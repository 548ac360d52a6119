"""The code of a letter: typed, or read by a phone; whoever has it and a mailbox becomes the entry's owner."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.claims import codes, letters
from directory.claims.claiming import NotPossible
from directory.visitors import client_address
from maps.chips import Link
from maps.claims import telling
from maps.claims.common import about, in_the_way, merged, open_page, place_or_404, refused, too_many
from maps.claims.entering import asks_to_enter
from maps.space.common import place_path


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Le code de votre lettre"),
        help_text=gettext_lazy("Dix caractères. Il n'y a ni 0, ni O, ni 1, ni I, ni L, ni 5, ni S."),
        max_length=30,
        widget=forms.TextInput({
            "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "placeholder": "ABCDE-FGHJK",
        }),
    )  # fmt: skip

    def clean_code(self) -> str:
        code = codes.read_letter(self.cleaned_data["code"])
        if not code:
            raise forms.ValidationError(_("Ce code n'est pas complet, ou un caractère est faux. Relisez-le."))
        return code


@open_page
def type_page(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        return redirect("maps:letter_by_code", form.cleaned_data["code"])
    return render(request, "maps/claims/letter.html", {"form": form}, status=400 if form.is_bound else 200)


@open_page
def code_page(request: HttpRequest, code: str) -> HttpResponse:
    """Says of which entry the letter is. The claim is posted: a program that looks links up claims nothing."""
    try:
        letter = letters.of_code(codes.read_letter(code), client_address(request))
    except NotPossible:
        return too_many(request)
    if letter is None:
        return _used_up(request)
    if letter.point_of_sale.merged_into_id is not None:
        return merged(request, letter.point_of_sale)
    place = place_or_404(letter.point_of_sale_id)
    if not request.user.is_authenticated:
        return asks_to_enter(request, "maps/claims/letter_signed_out.html", about(place))
    if request.method == "POST":
        try:
            claim = letters.use(letter, request.user)
        except NotPossible as problem:
            if problem.code == "already_yours":
                return redirect(place_path(place, "own_place"))
            return refused(request, _("Ce code ne vaut pas"), in_the_way(problem), 404)
        if claim is None:
            return _used_up(request)
        telling.claimed(request, claim)
        return redirect("maps:own_claim", claim.pk)
    return render(request, "maps/claims/letter_signed_in.html", about(place))


def _used_up(request: HttpRequest) -> HttpResponse:
    reason = _("Ce code a servi, il a plus de {days} jours, ou un caractère est faux.").format(days=letters.VALID.days)
    return refused(request, _("Ce code ne vaut pas"), reason, 404, Link(_("Taper le code"), reverse("maps:letter")))
