"""Who signed in by its mailbox says that an entry is its own, and proves it by a code or to a moderator."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from directory.claims import claiming, limits
from directory.claims.claiming import NotPossible, Tried
from directory.models import Claim, PointOfSale
from directory.models.point_of_sale import validate_siret
from maps.claims import telling
from maps.claims.common import about, about_place, in_the_way, merged, source_names, too_many
from maps.claims.entering import asks_to_enter
from maps.space.common import owner_page, place_path

MOST = 10  # claims in a week, from one address
State, Means = Claim.State, Claim.Means


class ClaimForm(forms.Form):
    siret = forms.CharField(
        label=gettext_lazy("Le SIRET de l'établissement"),
        help_text=gettext_lazy("Quatorze chiffres : sur vos factures, ou sur annuaire-entreprises.data.gouv.fr."),
        max_length=20,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )
    means = forms.ChoiceField(
        label=gettext_lazy("Comment le prouver ?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choisissez une preuve.")},
    )
    text = forms.CharField(
        label=gettext_lazy("Pour le modérateur : ce qui montre que c'est votre commerce"),
        help_text=gettext_lazy("Par exemple votre nom au registre, ou un téléphone auquel vous joindre."),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, place: PointOfSale, data: Any = None):
        super().__init__(data)
        self.place = place
        sources = source_names(place)
        # The address itself is shown to nobody, not even in part: who owns it knows it.
        contact = _("Un code envoyé au courriel que nous avons pour cette fiche")
        contact = f"{contact} ({sources})" if sources else contact
        moderator = (Means.MODERATOR.value, _("Un modérateur lit mon explication"))
        means: Any = self.fields["means"]
        means.choices = [(Means.CONTACT.value, contact), moderator] if place.merchant.email else [moderator]
        means.initial = means.choices[0][0]

    def clean_siret(self) -> str:
        siret = "".join(str(self.cleaned_data["siret"]).split())
        validate_siret(siret)
        return siret

    def clean(self) -> None:
        given = self.cleaned_data
        if given.get("means") == Means.MODERATOR and not given.get("text"):
            self.add_error("text", _("Expliquez-le en quelques mots : c'est ce que le modérateur lit."))

    def ask(self, by: Any) -> Claim | None:
        """The claim; None where the form says what is in the way."""
        given = self.cleaned_data
        try:
            return claiming.ask(self.place, by, given["means"], given["siret"], given["text"].replace("\r\n", "\n"))
        except NotPossible as problem:
            if problem.code == "no_contact":
                self.add_error("means", _("Cette fiche n'a plus de courriel : choisissez l'autre preuve."))
            else:
                self.add_error("siret", _("Ce n'est pas le SIRET de cette fiche. Vérifiez-le, ou signalez l'erreur."))
        return None


@about_place
def claim_page(request: HttpRequest, place: PointOfSale) -> HttpResponse:
    if not request.user.is_authenticated:
        return asks_to_enter(request, "maps/claims/claim_signed_out.html", about(place))
    if place.merchant.owner_id == request.user.pk:
        return redirect(place_path(place, "own_place"))
    waiting = place.claims.filter(by=request.user, state__in=claiming.TO_DECIDE).first()
    if waiting is not None:
        return redirect("maps:own_claim", waiting.pk)
    form = ClaimForm(place, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        if not limits.within(request, MOST, "claim"):
            return too_many(request)
        if (claim := form.ask(request.user)) is not None:
            if claim.means == Means.CONTACT:
                send_code(request, claim)
            telling.claimed(request, claim)
            return redirect("maps:own_claim", claim.pk)
    context = about(place) | {"form": form}
    return render(request, "maps/claims/claim.html", context, status=400 if form.is_bound else 200)


def send_code(request: HttpRequest, claim: Claim) -> None:
    code = claiming.new_code(claim)
    if not code:
        text = _("Trop de codes sont déjà partis à ce courriel cette semaine. Demandez plutôt à un modérateur.")
        messages.error(request, text)
    elif telling.code(request, claim, code):
        messages.success(request, _("Un code de six chiffres est parti au courriel de la fiche."))
    else:
        messages.error(request, _("Le courriel n'est pas parti. Réessayez plus tard."))


@require_http_methods(["GET", "HEAD", "POST"])
@owner_page
def own_page(request: HttpRequest, id: int) -> HttpResponse:
    """Where one's own claim stands; somebody else's is not found."""
    claim = Claim.objects.filter(pk=id, by=request.user.pk).select_related(
        "point_of_sale__merchant", "point_of_sale__commune"
    ).defer("point_of_sale__commune__contour").first()  # fmt: skip
    if claim is None:
        raise Http404
    if claim.state == State.PENDING and claim.point_of_sale.merged_into_id is not None:
        return merged(request, claim.point_of_sale)
    mistake = ""
    if request.method == "POST" and claim.state == State.PENDING:
        if "again" in request.POST:
            send_code(request, claim)
            return redirect(request.path)
        mistake = tried(request, claim)
        if not mistake:
            return redirect(request.path)
    context = about(claim.point_of_sale) | {"claim": claim, "mistake": mistake}
    return render(request, "maps/claims/own_claim.html", context, status=400 if mistake else 200)


def tried(request: HttpRequest, claim: Claim) -> str:
    """What is wrong with the code that was typed; nothing where it is right."""
    try:
        came = claiming.try_code(claim, request.POST.get("code", ""))
    except NotPossible as problem:
        return in_the_way(problem)
    match came:
        case Tried.WRONG:
            return _("Ce n'est pas le code. Recopiez les six chiffres du dernier courriel.")
        case Tried.LATE:
            return _("Ce code n'est plus bon. Demandez-en un autre.")
        case Tried.SPENT:
            return _("Trop d'essais. Demandez un autre code, ou choisissez une autre preuve.")
    claim.refresh_from_db()
    telling.claimed(request, claim)
    return ""
