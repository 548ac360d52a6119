"""The worklist's filters as addresses carry them: read, refused one by one in words, and written again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.gaps import filters
from directory.gaps.filters import NOBODY, SWITCHES
from directory.gaps.worklist import Filters
from directory.vocabulary import vocabulary
from geo.models import Departement
from maps.desk.common import desk_path
from maps.wording import language

Choices = list[tuple[str, Any]]
LAST_PAGE = 100_000
SHEET = ("commune", "activity")  # what an EPCI's sheet is filtered by, beside the EPCI
SORTS = {
    "priority": gettext_lazy("Priorité"),
    "next": gettext_lazy("Prochaine date"),
    "commune": gettext_lazy("Commune"),
    "name": gettext_lazy("Nom"),
    "flagged": gettext_lazy("Ancienneté"),
}


class TickInput(forms.CheckboxInput):
    """A tick box that sends "1", and hands over whatever else an address holds."""

    def __init__(self) -> None:
        super().__init__({"value": "1"}, check_test=lambda value: value == "1")

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        return data.get(name, "")


class Tick(forms.ChoiceField):
    """Yes ("1"), or not there."""

    def __init__(self, label: Any):
        super().__init__(label=label, required=False, choices=[("1", "")], widget=TickInput)

    def clean(self, value: Any) -> Any:
        return super().clean(value) == "1"


class FilterForm(forms.Form):
    """The form above the worklist. `mistakes` says what of the address could not be understood, and is left out."""

    epci = forms.ChoiceField(label=gettext_lazy("Intercommunalité"), required=False)
    commune = forms.ChoiceField(label=gettext_lazy("Commune"), required=False)
    activity = forms.ChoiceField(label=gettext_lazy("Activité"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("État"), required=False)
    need = forms.ChoiceField(label=gettext_lazy("Besoin"), required=False)
    assignee = forms.ChoiceField(label=gettext_lazy("Suivi par"), required=False)
    sort = forms.ChoiceField(label=gettext_lazy("Trier par"), required=False, choices=list(SORTS.items()))
    overdue = Tick(gettext_lazy("En retard"))
    reported = Tick(gettext_lazy("Avec une réponse du commerçant"))
    left = Tick(gettext_lazy("Sortis de la zone"))
    page = forms.IntegerField(required=False, min_value=1, max_value=LAST_PAGE, widget=forms.HiddenInput)

    def __init__(self, query: QueryDict, departement: Departement, besides: Collection[str] = ()):
        super().__init__(query)
        self.query, self.besides = query, besides
        choosable: dict[str, Any] = filters.options(departement.code, query.get("epci", ""))
        for name, choices in (choosable | {"activity": _activities()}).items():
            self.fields[name].choices = [("", _("Tous")), *choices]  # type: ignore[attr-defined]

    @property
    def choosers(self) -> list[forms.BoundField]:
        return [self[name] for name in ("epci", "commune", "activity", "state", "need", "assignee", "sort")]

    @property
    def ticks(self) -> list[forms.BoundField]:
        return [self[name] for name in SWITCHES]

    @property
    def mistakes(self) -> list[str]:
        known = {*self.fields, *self.besides}
        twice = [name for name in self.fields if len(set(self.query.getlist(name))) > 1]
        return [
            *(
                _("Le filtre « {name} » n'existe pas.").format(name=name[:40])
                for name in self.query
                if name not in known
            ),
            *(_("« {name} » est donné deux fois : le dernier compte.").format(name=name) for name in twice),
            *(self._refused(name) for name in self.errors),
        ]

    def _refused(self, name: str) -> str:
        text = _("« {value} » n'est pas une valeur de « {label} » : ce filtre est laissé de côté.")
        label = self.fields[name].label or _("Page")
        return text.format(value=str(self.query.get(name))[:60], label=label)


def read_filters(
    query: QueryDict, departement: Departement, user: Any, besides: Collection[str] = ()
) -> tuple[Filters, FilterForm]:
    """What an address asks for. `besides` names parameters of the page that are no filters; `form.mistakes` must be
    shown, and an export refused for them.
    """
    form = FilterForm(query, departement, besides)
    form.is_valid()
    return filters.read(departement.code, form.cleaned_data, user), form


def page_number(form: FilterForm) -> int:
    return form.cleaned_data.get("page") or 1


def as_query(asked: Filters, **more: Any) -> str:
    """The filters as an address carries them, without what is the default; `more` goes with them."""
    given: dict[str, Any] = {}
    for name in ("epci", "commune", "activity", "state", "need"):
        given[name] = getattr(asked, name)
    if asked.assignee is not None:
        given["assignee"] = asked.assignee or NOBODY
    for name in SWITCHES:
        given[name] = "1" if getattr(asked, name) else ""
    given["sort"] = "" if asked.sort == Filters.sort else asked.sort
    return urlencode({name: value for name, value in (given | more).items() if value})


def sheet_path(departement: Departement, filters: Filters) -> str:
    """The address of the sheet of the EPCI that the list is filtered by, with what else a sheet may be filtered by."""
    query = urlencode({name: value for name in SHEET if (value := getattr(filters, name))})
    return f"{desk_path(departement, 'epci_sheet', filters.epci)}?{query}".rstrip("?")


def _activities() -> Choices:
    """The tree as families with what is below them."""
    terms = vocabulary().of("activity")
    families = {term.code: (term.label(language()), [(term.code, term.label(language()))]) for term in terms}
    root_of = {term.id: term for term in terms if term.depth == 0}
    for term in terms:
        if term.depth:
            root = next(root_of[above] for above in term.path if above in root_of)
            families[root.code][1].append((term.code, term.label(language())))
    return [families[root.code] for root in root_of.values()]
