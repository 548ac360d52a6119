"""Proving one's mailbox on the way to a claim: the link that is sent leads back to the page that asked for it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from maps.space.doors import AddressForm, asked
from maps.space.sign_in import send_proof


def asks_to_enter(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """The page for who has not signed in: what it is about, and where to send the link. An account may be new."""
    form = AddressForm(request.POST if "email" in request.POST else None)
    if form.is_bound and form.is_valid():
        email = form.cleaned_data["email"]
        if send_proof(request, email, request.path):
            return asked(request, email)
        contact = settings.REGION.get("legal", {}).get("contact_email", "")
        text = _("Le courriel n'est pas parti. Réessayez dans un quart d'heure, ou écrivez à {email}.")
        form.add_error("email", text.format(email=contact))
    return render(request, template, context | {"form": form}, status=400 if form.is_bound else 200)
