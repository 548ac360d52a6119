"""A page that shows one row and takes one decision of a person: buttons in the place of "Enregistrer"."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from maps.admin.history import HistoryAdmin

# What a person says of a decision, beside its button.
WORDS = "words"
LONGEST = 300


class DecisionAdmin(HistoryAdmin):
    """All fields are read. `buttons` names what may be decided of a row; `decided` does it and says so."""

    change_form_template = "maps/admin/decision_form.html"
    words_label: Any = _("Un mot, qui lui est envoyé (facultatif)")

    def buttons(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """{name: what it says}; none where nothing is left to decide."""
        raise NotImplementedError

    def decided(self, request: HttpRequest, row: Any, button: str, words: str) -> HttpResponse | None:
        """Does it; where it leads, when not back to the row."""
        raise NotImplementedError

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return flatten_fieldsets(self.get_fieldsets(request, obj))

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.get_object(request, unquote(object_id)) if object_id else None
        buttons = self.buttons(request, row) if row is not None and self.has_change_permission(request, row) else {}
        if request.method == "POST":
            button = next((name for name in buttons if name in request.POST), None)
            if row is None or button is None:  # no right to it, or somebody decided meanwhile
                raise PermissionDenied
            words = request.POST.get(WORDS, "").strip()[:LONGEST]
            return self.decided(request, row, button, words) or HttpResponseRedirect(request.path)
        context = {"decisions": buttons, "words_label": self.words_label, "longest": LONGEST, **(extra_context or {})}
        return super().changeform_view(request, object_id, form_url, context)
