"""What a merchant says of its own line: by the link that an official hands over, or signed in as its owner.

The link's page shows the shop's public name and its commune's public figures, nothing else: whoever has it may be
anybody. A reply leads to what can be done now, where the place is in the gap.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

from django import forms
from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from directory.gaps import reporting
from directory.gaps.access import case_of, contact
from directory.models import ConnectionReport, PointOfSale, Remedy, web_address
from geo.coverage.verdict import of_commune
from geo.coverage.wording import commune_sentence
from geo.models import Commune, Departement
from maps import wording
from maps.chips import Link
from maps.desk.common import desk_context, desk_path, official_page
from maps.space.common import place_page, place_path

VALID = timedelta(days=60)
SIGNER = TimestampSigner(salt="maps.desk.reports", sep=".")
# The address holds the key: no page that is linked to from there is told it.
REFERRER = "same-origin"


class ReportForm(forms.ModelForm):
    fibre = forms.ChoiceField(
        label=gettext_lazy("Avez-vous la fibre ?"),
        choices=ConnectionReport.Fibre,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choisissez une réponse ; « je ne sais pas » en est une.")},
    )

    class Meta:
        model = ConnectionReport
        fields = ("fibre", "download_mbit", "operator", "comment")
        localized_fields = ("download_mbit",)
        widgets = {
            "download_mbit": forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
            "operator": forms.TextInput({"autocomplete": "off"}),
            "comment": forms.Textarea({"rows": 4}),
        }
        help_texts = {"download_mbit": gettext_lazy("Le débit descendant qu'affiche un test, si vous en avez fait un.")}

    @property
    def others(self) -> list[forms.BoundField]:
        return [field for field in self if field.name != "fibre"]


# --- The link --------------------------------------------------------------------------------------------------------
def link_to(place: PointOfSale) -> str:
    """The path that lets whoever has it report for that point of sale, for VALID; in French, as it is handed over."""
    with override("fr"):
        return reverse("maps:report_by_link", args=[SIGNER.sign(str(place.pk))])


def place_of(token: str) -> PointOfSale | None:
    """The published point of sale that a link stands for; None for a link too old, or not of our making."""
    try:
        key = SIGNER.unsign(token, max_age=VALID)
    except BadSignature:
        return None
    return published().filter(pk=int(key)).first()


def published() -> Any:
    found = PointOfSale.objects.filter(status=PointOfSale.Status.PUBLISHED)
    return found.select_related("merchant", "commune__departement").defer(
        "commune__contour", "commune__departement__contour"
    )


@require_safe
@official_page
def link_page(request: HttpRequest, departement: Departement, id: int) -> HttpResponse:
    """The link for one case's merchant, to be copied into a message."""
    case = case_of(departement, id)
    if case is None:
        raise Http404
    place = case.point_of_sale
    url = request.build_absolute_uri(link_to(place))
    until = date_format(timezone.localdate() + VALID)
    message = _(
        "Bonjour,\n\nPour savoir où en est l'internet fixe de {name}, merci de répondre à quatre questions :\n{url}\n\n"
        "Le lien vaut jusqu'au {until}."
    ).format(name=place.display_name, url=url, until=until)
    email = contact(place.merchant).get("email", "")
    subject = quote(_("Votre connexion internet"))
    context = {
        "name": place.display_name,
        "url": url,
        "until": until,
        "message": message,
        "mailto": f"mailto:{quote(email, safe='@')}?subject={subject}&body={quote(message)}" if email else "",
        "back": desk_path(departement, "case", case.pk),
        "shows_demo": place.demo,
    }
    return render(request, "maps/desk/report_link.html", desk_context(departement) | context)


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    place = place_of(token)
    if place is None:
        return without_link(request)
    return asked(request, place, None, reverse("maps:reported_by_link", args=[token]))


@require_safe
@cache_control(private=True, no_store=True)
def by_link_done(request: HttpRequest, token: str) -> HttpResponse:
    place = place_of(token)
    if place is None:
        return without_link(request)
    return thanks(request, place, reverse("maps:report_by_link", args=[token]))


def without_link(request: HttpRequest, who: str = "") -> HttpResponse:
    """A link that is too old, cut short or made up: whom to ask, the département's agent unless given."""
    email = settings.REGION.get("legal", {}).get("contact_email", "")
    context = {
        "title": _("Ce lien ne vaut plus"),
        "reason": _(
            "Il a plus de {days} jours, il est incomplet, ou le commerce n'est plus publié. Demandez-en un autre à"
            " {who}."
        ).format(days=VALID.days, who=who or _("l'agent du département qui vous l'a donné")),
        "ways_on": [Link(_("Écrire à {email}").format(email=email), f"mailto:{email}")] if email else [],
    }
    return render(request, "maps/nowhere.html", context, status=404)


# --- The owner -------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@place_page
def by_owner(request: HttpRequest, place: PointOfSale) -> HttpResponse:
    return asked(request, public(place), request.user, place_path(place, "reported"))


@require_safe
@place_page
def by_owner_done(request: HttpRequest, place: PointOfSale) -> HttpResponse:
    return thanks(request, public(place), place_path(place, "report"))


def public(place: PointOfSale) -> PointOfSale:
    """What nobody can find is in no gap."""
    if place.status != PointOfSale.Status.PUBLISHED:
        raise Http404
    return place


# --- Both ------------------------------------------------------------------------------------------------------------
def asked(request: HttpRequest, place: PointOfSale, by: Any, done: str) -> HttpResponse:
    """The questions; once answered, what to do now."""
    form = ReportForm(request.POST if request.method == "POST" else None)
    if not form.is_bound and reporting.is_full(place):
        return enough(request, done)
    if form.is_bound and form.is_valid():
        try:
            reporting.report(place, by, form.cleaned_data)
        except reporting.TooManyReportsError:
            return enough(request, done)
        return redirect(done)
    context = shown(place) | {"form": form, "sentence": commune_sentence(of_commune(commune_of(place).code))}
    return private(render(request, "maps/desk/report.html", context, status=400 if form.is_bound else 200))


def enough(request: HttpRequest, done: str) -> HttpResponse:
    """The day's reports of the place are all there: nothing more is written."""
    context = {
        "title": _("Pas d'autre réponse aujourd'hui"),
        "reason": _(
            "Ce commerce a déjà donné {n} réponses en un jour : le département les lit. Rien de plus n'est"
            " enregistré ; revenez demain."
        ).format(n=reporting.MOST_A_DAY),
        "ways_on": [Link(_("Ce que vous pouvez faire dès maintenant"), done)],
    }
    return private(render(request, "maps/nowhere.html", context, status=429))


def thanks(request: HttpRequest, place: PointOfSale, again: str) -> HttpResponse:
    """What can be done now, where the place is in the gap and has replied; else the questions."""
    if not place.connection_reports.exists():
        return redirect(again)
    contacts, remedies = reporting.remedies(commune_of(place).departement_id)
    context = shown(place) | {
        "again": again,
        "in_gap": reporting.in_gap(place),
        "contacts": [remedy_line(remedy) for remedy in contacts],
        "remedies": [remedy_line(remedy) for remedy in remedies],
        "chambers": settings.REGION.get("chambers", []),
    }
    return private(render(request, "maps/desk/reported.html", context))


def shown(place: PointOfSale) -> dict[str, Any]:
    commune = commune_of(place)
    return {
        "name": place.display_name,
        "commune": commune.name,
        "departement_name": commune.departement.name,
        "shows_demo": place.demo,
    }


def commune_of(place: PointOfSale) -> Commune:
    assert place.commune is not None  # nothing is published without
    return place.commune


def remedy_line(remedy: Remedy) -> dict[str, str]:
    """A remedy with ways to reach it."""
    return {
        "kind": "" if remedy.kind == Remedy.Kind.CONTACT else str(remedy.get_kind_display()),
        "title": remedy.title,
        "text": remedy.text,
        "phone": wording.phone(remedy.phone),
        "tel": wording.international(remedy.phone),
        "url": web_address(remedy.url),
    }


def private(response: HttpResponse) -> HttpResponse:
    response["Referrer-Policy"] = REFERRER
    return response
