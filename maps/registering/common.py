"""What every page of a registration goes through: whose it is, what is shown around it, that no copy of it is kept."""

from __future__ import annotations

from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from directory.models import Registration
from directory.registering import drafts
from maps.claims.common import open_page
from maps.desk.common import View
from maps.registering.steps import LAST, STEPS, Step, step_path


def registration_page(view: View) -> View:
    """A page of one registration, which the view is given in place of its key.

    The key opens it until somebody proved a mailbox: from then on it is that person's, who signs in; it is not found
    by anybody else.
    """

    @open_page
    @wraps(view)
    def shown(request: HttpRequest, key: UUID, *args: Any, **kwargs: Any) -> Any:
        try:
            registration = drafts.of(key, request.user)
        except drafts.SomebodyElses:
            if request.user.is_authenticated:
                raise Http404 from None
            return redirect_to_login(request.get_full_path(), reverse("maps:way_in"))
        if registration is None:
            raise Http404
        return view(request, registration, *args, **kwargs)

    return shown


def page(
    request: HttpRequest, template: str, registration: Registration, at: Step | None, context: Any, status: int = 200
) -> HttpResponse:
    """A page of the registration, with how far it is. `at` None: the last step."""
    number = STEPS.index(at) + 1 if at else len(STEPS) + 1
    ways = [
        (n, str(step.title), step_path(registration, step) if registration.data.get(step.name) else "")
        for n, step in enumerate(STEPS, 1)
    ]
    around = {
        "registration": registration,
        "step": number,
        "steps": [*ways, (len(STEPS) + 1, str(LAST), "")],
        "step_title": str(at.title if at else LAST),
        "before": step_path(registration, STEPS[number - 2]) if number > 1 else "",
    }
    return render(request, f"maps/registering/{template}.html", around | context, status=status)
