"""Communes, EPCI and départements: loaded from the communes file, here to be looked up and chosen."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Case, QuerySet, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from geo.folding import place_words
from geo.gazetteer import gazetteer
from geo.models import Commune, Departement, Epci
from maps.admin.common import ReadOnlyAdmin, position_text

FOUND = 50


def commune_codes(text: str) -> list[str]:
    """INSEE codes of the communes that a text means, best first: a code (former or not), a postcode, a name."""
    term = text.strip().upper()
    if len(term) == 5 and term[2:].isdigit():
        known = gazetteer().commune(term)
        codes = [entry.code for entry in gazetteer().with_postcode(term)]
        return list(dict.fromkeys([known.code, *codes] if known else codes))
    return [place.code for place in gazetteer().find(text, limit=FOUND) if place.kind == "commune"]


def communes_with_word(word: str) -> list[str]:
    """INSEE codes of the communes one of whose words begins with this one: "vend" is in Vendôme and Vendœuvres."""
    return [
        entry.code for entry in gazetteer().entries if any(part.startswith(word) for part in place_words(entry.name))
    ]


class GroundAdmin(ReadOnlyAdmin):
    """Contours weigh kilobytes, and no page here shows them as text."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("contour")

    @admin.display(description=_("centre (latitude ; longitude)"))
    def centre_text(self, ground: Commune | Epci | Departement) -> str:
        return position_text(ground.centre)

    def places_at(self, query: str) -> SafeString:
        """A link to the points of sale that a query string selects."""
        url = reverse("admin:directory_pointofsale_changelist")
        return format_html('<a href="{}?{}">{}</a>', url, query, gettext("Voir les points de vente"))


@admin.register(Commune)
class CommuneAdmin(GroundAdmin):
    list_display = ["name", "code", "departement", "epci", "postcodes_text", "population"]
    list_select_related = ["departement", "epci"]
    search_fields = ["name", "code"]
    search_help_text = _("Nom (accents et tirets facultatifs), code INSEE ou code postal.")
    fields = [
        "name", "code", "departement", "epci", "postcodes_text", "population", "former_text", "centre_text", "places",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("contour", "departement__contour", "epci__contour")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """The gazetteer's answer: it knows accents, "St", former names, and slips of the hand."""
        if not search_term.strip():
            return queryset, False
        codes = commune_codes(search_term)
        found = queryset.filter(pk__in=codes)
        if codes and not queryset.query.order_by:  # the autocompletion: the best first
            found = found.order_by(Case(*(When(pk=code, then=rank) for rank, code in enumerate(codes))))
        return found, False

    @admin.display(description=_("codes postaux"))
    def postcodes_text(self, commune: Commune) -> str:
        return ", ".join(commune.postcodes) or "—"

    @admin.display(description=_("anciens noms et codes"))
    def former_text(self, commune: Commune) -> str:
        return ", ".join([*commune.former_names, *commune.former_codes]) or "—"

    @admin.display(description=_("points de vente"))
    def places(self, commune: Commune) -> SafeString:
        return self.places_at(f"q={commune.code}")


@admin.register(Epci)
class EpciAdmin(GroundAdmin):
    list_display = ["name", "siren", "partial"]
    search_fields = ["name", "siren"]
    fields = ["name", "siren", "partial", "centre_text"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = search_term.strip()
        return (queryset.filter(pk=term) if term.isdigit() else queryset.filter(name__unaccent__icontains=term)), False


@admin.register(Departement)
class DepartementAdmin(GroundAdmin):
    list_display = ["name", "code", "places"]
    search_fields = ["code", "name"]
    fields = ["name", "code", "centre_text", "places"]

    @admin.display(description=_("points de vente"))
    def places(self, departement: Departement) -> SafeString:
        return self.places_at(f"departement={departement.code}")
