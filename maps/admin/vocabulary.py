"""Activities, products, labels and services: loaded from files, here to be read and chosen from."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import F, Func, Q, QuerySet, TextField, Value
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from directory.models import Activity, Label, Product, Service, Term
from maps.admin.common import ReadOnlyAdmin

DEEPEST_STYLE = 4


def _words_of(field: str) -> Func:
    """An array of synonyms as one text."""
    return Func(F(field), Value(" "), function="array_to_string", output_field=TextField())


@admin.register(Activity, Product, Label, Service)
class TermAdmin(ReadOnlyAdmin):
    list_display = ["tree_label", "label_en", "code", "depth", "synonyms"]
    list_per_page = 500  # a whole tree: it reads badly in pieces
    list_max_show_all = 500
    ordering = ["rank"]
    sortable_by = ()
    search_fields = ["label_fr", "label_en", "code"]
    search_help_text = _("Libellé français ou anglais, synonyme ou code.")
    fields = [
        "label_fr", "label_en", "code", "parent", "depth", "synonyms", "synonyms_english",
        ("season_first", "season_last"),
    ]  # fmt: skip

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Every word in a label, a synonym or the code; the table is small enough to be read whole."""
        found = queryset.alias(words_fr=_words_of("synonyms_fr"), words_en=_words_of("synonyms_en"))
        for word in search_term.split():
            found = found.filter(
                Q(label_fr__unaccent__icontains=word)
                | Q(label_en__unaccent__icontains=word)
                | Q(words_fr__unaccent__icontains=word)
                | Q(words_en__unaccent__icontains=word)
                | Q(code__icontains=word)
            )
        return found, False

    @admin.display(description=_("libellé français"))
    def tree_label(self, term: Term) -> SafeString:
        depth = min(len(term.path) - 1, DEEPEST_STYLE)
        return format_html('<span class="term-depth-{}">{}</span>', depth, term.label_fr)

    @admin.display(description=_("niveau"))
    def depth(self, term: Term) -> int:
        return len(term.path)

    @admin.display(description=_("synonymes"))
    def synonyms(self, term: Term) -> str:
        return ", ".join(term.synonyms_fr) or "—"

    @admin.display(description=_("synonymes anglais"))
    def synonyms_english(self, term: Term) -> str:
        return ", ".join(term.synonyms_en) or "—"
