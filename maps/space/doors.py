"""The pages of signing in: ask for an e-mail, type its six digits, follow its link."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from directory.owners import codes, links
from directory.owners.accounts import LONGEST, make_account, may_have_account, needs_password
from directory.visitors import client_address
from maps.chambers.takeover import masked
from maps.chips import Link
from maps.desk.reports import private
from maps.space.sign_in import NotSent, TooMany, enter, guessing, own_path, send_link, with_next

ASKED = "asked"  # the cookie that keeps the address between two pages, for as long as the code is good


class AddressForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("Votre adresse électronique"),
        max_length=LONGEST,
        widget=forms.EmailInput({"autocomplete": "email", "inputmode": "email"}),
        error_messages={"invalid": gettext_lazy("Cette adresse n'est pas complète : elle ressemble à nom@ferme.fr.")},
    )


class CodeForm(AddressForm):
    code = forms.RegexField(
        r"^\s*(\d\s*){6}$",
        label=gettext_lazy("Les six chiffres du courriel"),
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": 12}),
        error_messages={"invalid": gettext_lazy("Ce sont six chiffres, comme 048 213.")},
    )


page = cache_control(private=True, no_store=True)
any_method = require_http_methods(["GET", "HEAD", "POST"])


# --- Asking ----------------------------------------------------------------------------------------------------------
@any_method
@page
def way_in_page(request: HttpRequest) -> HttpResponse:
    """Where an owner gives its address. Whoever is signed in goes on."""
    next_path = own_path(request, str(request.POST.get("next") or request.GET.get("next", "")))
    if request.user.is_authenticated and request.method != "POST":
        return redirect(next_path or "maps:space")
    form, status = AddressForm(request.POST or None), 200
    if form.is_bound and form.is_valid():
        email = form.cleaned_data["email"]
        try:
            send_link(request, email, next_path)
        except TooMany:
            form.add_error("email", too_many())
            status = 429
        except NotSent:
            form.add_error("email", _("Le courriel n'est pas parti. Réessayez dans quelques minutes."))
            status = 503
        else:
            return asked(request, email)
    elif form.is_bound:
        status = 400
    return render(request, "maps/space/way_in.html", {"form": form, "next": next_path}, status=status)


def asked(request: HttpRequest, email: str) -> HttpResponse:
    """On to the page of the digits, which knows the address: by a cookie of that page alone, so that no address of the
    page, which a browser keeps, says it."""
    path = reverse("maps:way_in_sent")
    response = redirect(path)
    seconds = int(codes.GOOD_FOR.total_seconds())
    response.set_signed_cookie(
        ASKED, email, max_age=seconds, path=path, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )
    return response


def too_many() -> str:
    return _("C'est assez d'essais pour l'instant : attendez un quart d'heure. Le dernier courriel reçu vaut toujours.")


# --- Six digits ------------------------------------------------------------------------------------------------------
@any_method
@page
def sent_page(request: HttpRequest) -> HttpResponse:
    """What to do now; and the digits, on this device or on another, which asks for the address too."""
    email = request.get_signed_cookie(ASKED, default="", max_age=codes.GOOD_FOR)
    form, status = CodeForm(request.POST or None, initial={"email": email}), 200
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        if guessing.wait_for(client_address(request)):
            form.add_error("code", too_many())
            status = 429
        elif found := of_code(given["email"], given["code"]):
            user, next_path = found
            response = entered(request, user, next_path)
            response.delete_cookie(ASKED, path=request.path)
            return response
        else:
            form.add_error(
                "code", _("Ce code ne vaut pas, ou plus. Vérifiez-le ; au bout de cinq essais, il en faut un autre.")
            )
            status = 400
    elif form.is_bound:
        status = 400
    context = {"form": form, "email": email, "minutes": int(codes.GOOD_FOR.total_seconds() // 60)}
    return render(request, "maps/space/sent.html", context, status=status)


def of_code(email: str, code: str) -> tuple[User, str] | None:
    """Whose digits these are, and where they lead on to."""
    used = codes.use(email, code)
    if used is None or not may_have_account(email):
        return None
    user = make_account(email)
    return None if needs_password(user) else (user, used.next)


# --- The link --------------------------------------------------------------------------------------------------------
@any_method
@page
def link_page(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link leads. It signs in when its button is pressed: programs that look links up do not."""
    next_path = own_path(request, request.GET.get("next", ""))
    if request.method == "POST":
        user = links.use(token)
        return private(entered(request, user, next_path) if user else used_up(request, next_path))
    reader = links.reader(token)
    if reader is None:
        return private(used_up(request, next_path))
    return private(render(request, "maps/space/link.html", {"masked": masked(reader.email)}))


def used_up(request: HttpRequest, next_path: str) -> HttpResponse:
    context: dict[str, Any] = {
        "title": _("Ce lien ne vaut plus"),
        "reason": _("Il a servi, il a plus de {minutes} minutes, ou vous vous êtes connecté autrement depuis.").format(
            minutes=settings.SESAME_MAX_AGE // 60
        ),
        "ways_on": [Link(_("Recevoir un autre lien"), with_next(reverse("maps:way_in"), next_path))],
    }
    return render(request, "maps/nowhere.html", context, status=404)


def entered(request: HttpRequest, user: User, next_path: str) -> HttpResponse:
    enter(request, user)
    return redirect(own_path(request, next_path) or "maps:space")
