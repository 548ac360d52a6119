"""Selections: a question is pasted as the address of a search, checked, and shown as everybody will see it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from directory import search
from directory.api.errors import InvalidParameters
from directory.models import Selection
from directory.summary import summary
from maps import selections
from maps.admin.common import badge
from maps.admin.history import HistoryAdmin
from maps.chips import search_href

LONGEST_ADDRESS = 4000


class SelectionForm(forms.ModelForm):
    question = forms.CharField(
        label=_("question"),
        max_length=LONGEST_ADDRESS,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 80}),
        help_text=_("Faites la recherche sur le site, puis collez ici son adresse : elle est réduite à sa question."),
    )

    class Meta:
        widgets = {name: forms.Textarea(attrs={"rows": 3, "cols": 80}) for name in ("text_fr", "text_en")}

    def clean_question(self) -> str:
        try:
            question = selections.saved(self.cleaned_data["question"]).query_string()
        except InvalidParameters as error:
            raise forms.ValidationError([str(mistake.detail) for mistake in error.errors.values()]) from error
        except selections.NoQuestionError as error:
            raise forms.ValidationError(str(error)) from error
        most = Selection._meta.get_field("question").max_length or 0
        if len(question) > most:
            raise forms.ValidationError(
                _("Cette question est trop longue : %(most)s caractères au plus."), "", {"most": most}
            )
        return question


@admin.register(Selection)
class SelectionAdmin(HistoryAdmin):
    form = SelectionForm
    list_display = ["title_fr", "starts_on", "ends_on", "state"]
    list_filter = ["published", "demo"]
    search_fields = ["title_fr", "title_en", "slug"]
    prepopulated_fields = {"slug": ["title_fr"]}
    readonly_fields = ["preview"]
    fields = [
        "title_fr", "title_en", "slug", "text_fr", "text_en", "question", "preview", ("starts_on", "ends_on"),
        "published",
    ]  # fmt: skip

    @admin.display(description=_("état"))
    def state(self, selection: Selection) -> SafeString:
        today = localdate()
        if not selection.published:
            return badge(_("brouillon"), "quiet")
        if selection.ends_on < today:
            return badge(_("terminée"), "off")
        return badge(_("à venir"), "quiet") if selection.starts_on > today else badge(_("en cours"), "good")

    @admin.display(description=_("aperçu"))
    def preview(self, selection: Selection) -> Any:
        """What answers it now, and where to look at it."""
        if selection.pk is None:
            return "—"
        now = timezone.now()
        question = selections.question_of(selection, now)
        if question is None:
            return badge(_("cette question ne se comprend plus"), "warn")
        said = summary(search.answer(question, now), "fr")
        links = [(search_href(question), _("voir la recherche"))]
        if selection.published:
            links.append((selections.path(selection), _("voir la page")))
        return format_html("{}<br>{}", said, format_html_join(" · ", '<a href="{}">{}</a>', links))
