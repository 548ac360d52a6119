"""What the owner of an entry answers to somebody who says that it is theirs."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from directory.claims import claiming
from directory.models import Claim
from maps.claims import telling
from maps.claims.common import about, in_the_way
from maps.space.common import owner_page


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Ce qui montre que c'est votre commerce"),
        max_length=1000,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": gettext_lazy("Expliquez-le en quelques mots : c'est ce que le modérateur lit.")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@owner_page
def answer_page(request: HttpRequest, id: int) -> HttpResponse:
    """Keep the entry, or let it go. Who claims it is not named: the moderator alone knows both."""
    rows = Claim.objects.filter(pk=id, state=Claim.State.DISPUTED, point_of_sale__merchant__owner=request.user.pk)
    claim = rows.select_related("point_of_sale__merchant", "point_of_sale__commune", "by").first()
    if claim is None:
        raise Http404
    form = AnswerForm(request.POST if request.POST.get("do") == "keep" else None, initial={"text": claim.answer})
    try:
        if request.POST.get("do") == "let_go":
            claim = claiming.decide(claim, request.user, granted=True, why=_("cédée par son titulaire"))
            telling.claimed(request, claim)
            messages.success(request, _("La fiche n'est plus à vous."))
            return redirect("maps:space")
        if form.is_bound and form.is_valid():
            claiming.answer(claim, form.cleaned_data["text"].replace("\r\n", "\n"))
            messages.success(request, _("Votre réponse est transmise au modérateur."))
            return redirect(request.path)
    except claiming.NotPossible as problem:
        messages.error(request, in_the_way(problem))
        return redirect("maps:space" if problem.code == "decided" else request.path)
    context = about(claim.point_of_sale) | {
        "form": form,
        "claim": claim,
        "until": claiming.may_decide_at(claim, claim.point_of_sale.merchant),
    }
    return render(request, "maps/claims/answer.html", context, status=400 if form.is_bound else 200)
