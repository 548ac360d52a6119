"""A case: what is found and how well it is known, what was done, and the next step."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from directory.gaps import follow_up
from directory.gaps.access import case_of, contact
from directory.models import ConnectionReport, GapCase, PointOfSale
from geo.coverage.figures import editions
from geo.coverage.steps import Count
from geo.coverage.verdict import Verdict
from geo.coverage.wording import arcep_map, number, sentence
from geo.models import Departement
from geo.points import Position
from maps.desk import words
from maps.desk.common import desk_context, desk_path, name_of, official_page
from maps.desk.lines import lines

BEFORE, AFTER = timedelta(days=365), timedelta(days=5 * 365)  # of today: how far a next date may be


class StepForm(forms.Form):
    """One step of the follow-up. `seen` is the last step that its writer had read."""

    state = forms.ChoiceField(label=gettext_lazy("État"), choices=GapCase.State, widget=forms.RadioSelect)
    need = forms.ChoiceField(label=gettext_lazy("Besoin"), choices=GapCase.Need, widget=forms.RadioSelect)
    assignee = forms.TypedChoiceField(label=gettext_lazy("Suivi par"), required=False, coerce=int, empty_value=None)
    next_on = forms.DateField(
        label=gettext_lazy("Prochaine date"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=follow_up.LONGEST_NOTE,
        widget=forms.Textarea({"rows": 4}),
    )
    seen = forms.IntegerField(min_value=0)

    def __init__(self, case: GapCase, data: Any = None):
        super().__init__(data, initial=_as_it_is(case))
        self.case, self.people = case, {person.pk: person for person in follow_up.assignees(case.departement_id)}
        if case.assignee is not None:  # who left the département keeps what they had until somebody takes it over
            self.people.setdefault(case.assignee.pk, case.assignee)
        choices = [(pk, name_of(person)) for pk, person in self.people.items()]
        self.fields["assignee"].choices = [("", _("Personne")), *choices]  # type: ignore[attr-defined]
        self.fields["assignee"].error_messages["invalid_choice"] = _(
            "Cette personne n'est pas du département : choisissez-en une de la liste."
        )
        for name in ("state", "need"):
            field: Any = self.fields[name]
            field.choices = [(value, capfirst(label)) for value, label in field.choices]

    @property
    def radios(self) -> list[forms.BoundField]:
        return [self["state"], self["need"]]

    @property
    def others(self) -> list[forms.BoundField]:
        return [self["assignee"], self["next_on"], self["note"]]

    def clean_next_on(self) -> date | None:
        """A year that was mistyped is no date to act on; what stands there already may stay."""
        given: date | None = self.cleaned_data["next_on"]
        today = timezone.localdate()
        if given and "next_on" in self.changed_data and not today - BEFORE <= given <= today + AFTER:
            text = _("Une date du {first} au {last} est attendue.")
            raise forms.ValidationError(text.format(first=words.day(today - BEFORE), last=words.day(today + AFTER)))
        return given

    def write(self, by: Any) -> bool:
        """Whether the step was written; why not, in the form's errors."""
        if not self.is_valid():
            return False
        given = self.cleaned_data
        changed: dict[str, Any] = {name: given[name] for name in ("state", "need") if name in self.changed_data}
        if "assignee" in self.changed_data:
            changed["assignee"] = self.people.get(given["assignee"])
        if "next_on" in self.changed_data:
            changed["next_on"] = given["next_on"]
        try:
            follow_up.record(self.case, by, note=given["note"], seen=given["seen"], **changed)
        except follow_up.FollowUpError as error:
            self.add_error(None, str(error))
            return False
        return True


def _as_it_is(case: GapCase) -> dict[str, Any]:
    return {
        "state": case.state,
        "need": case.need,
        "assignee": str(case.assignee_id or ""),
        "next_on": case.next_on,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@official_page
def case_page(request: HttpRequest, departement: Departement, id: int) -> HttpResponse:
    case = case_of(departement, id)
    if case is None:
        raise Http404
    form = StepForm(case, request.POST if request.method == "POST" else None)
    if form.is_bound and form.write(request.user):
        messages.success(request, _("Étape enregistrée."))
        return redirect(desk_path(departement, "case", case.pk))
    context = desk_context(departement) | case_context(departement, case) | {"form": form}
    return render(request, "maps/desk/case.html", context, status=400 if form.is_bound else 200)


def case_context(departement: Departement, case: GapCase) -> dict[str, Any]:
    """All that is known of the case, as far as its merchant lets the département have it."""
    # Before the steps themselves: one written in between is then asked to be read again, never passed over.
    seen = follow_up.last_step(case)
    place, now = case.point_of_sale, timezone.now()
    [shown] = lines(departement, [case], timezone.localdate())
    return {
        "case": case,
        "line": shown,
        "seen": seen,
        "sentence": known(case),
        "terms": words.terms(case),
        "clock": words.clock(case, now),
        "contact": contact(place.merchant),
        "address": address(place),
        "sheet_href": reverse("maps:sheet", args=[place.merchant_id, ""]),
        "arcep_href": arcep_map(Position.from_geos(place.pin)) if place.pin else "",
        "reports": [report(row) for row in ConnectionReport.objects.filter(point_of_sale=place)],
        "steps": words.steps(list(case.events.select_related("by", "assignee"))),
        "shows_demo": shown.demo,
    }


def known(case: GapCase) -> str:
    """What the case was found by; where that was replaced since, only that it was, and when the case left."""
    if not case.evidence_gone:
        return sentence(verdict_of(case))
    said = _("Les chiffres ou la zone sur lesquels ce dossier reposait ont été remplacés et ne sont plus gardés.")
    if case.left_at is None:
        return said
    left = _("Il est sorti de la zone le {date}.").format(date=words.long_day(case.left_at))
    return f"{said} {left}"


def verdict_of(case: GapCase) -> Verdict:
    """What the case was found by, as the public verdict at a point is said."""
    count = None if case.eligible is None or case.premises is None else Count(case.eligible, case.premises)
    edition = editions().find(case.edition.date) if case.edition else None
    low = case.evidence != GapCase.Evidence.REPORT
    return Verdict(case.finding, case.indicator, count, low, case.commune_id, edition, case.zone)


def address(place: PointOfSale) -> str:
    town = f"{place.postcode} {place.commune.name if place.commune else ''}".strip()
    return ", ".join(part for part in (place.street, town) if part)


def report(row: ConnectionReport) -> dict[str, str]:
    """What the merchant said of its own line."""
    speed = "" if row.download_mbit is None else _("{speed} Mbit/s").format(speed=number(float(row.download_mbit)))
    return {
        "at": words.moment(row.at),
        "fibre": str(row.get_fibre_display()),
        "speed": speed,
        "operator": row.operator,
        "comment": row.comment,
    }
