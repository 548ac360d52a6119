"""Signing in and out, one's password, and the desks that one may open."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import views
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.tokens import default_token_generator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from directory.chambers.access import chambers_of
from directory.owners.access import merchants_of
from directory.owners.accounts import needs_password
from maps.chambers.common import chamber_path
from maps.chips import Link
from maps.desk.common import desk_path, desks, signed_in


class SignInForm(AuthenticationForm):
    """Does not say which of the two was wrong, nor that an account was closed."""

    error_messages = {
        "invalid_login": gettext_lazy("Adresse ou mot de passe incorrect. Vérifiez les deux, majuscules comprises."),
    }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["username"].label = gettext_lazy("Adresse électronique")
        self.fields["username"].widget.attrs["inputmode"] = "email"

    def clean_username(self) -> str:
        """Addresses are kept in small letters; a name that an administrator chose is as it is."""
        name = str(self.cleaned_data["username"])
        return name.lower() if "@" in name else name


class SignIn(views.LoginView):
    form_class = SignInForm
    template_name = "maps/desk/sign_in.html"
    next_page = "maps:desks"


class SignOut(views.LogoutView):
    """Leads agents to their door again, and owners to the search."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        by_password = not request.user.is_authenticated or needs_password(request.user)
        self.next_page = "maps:sign_in" if by_password else "maps:search"
        return super().post(request, *args, **kwargs)


@method_decorator(signed_in, "dispatch")
class ChangePassword(views.PasswordChangeView):
    template_name = "maps/desk/password.html"
    success_url = reverse_lazy("maps:desks")
    extra_context = {"heading": gettext_lazy("Changer de mot de passe")}

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, _("Votre mot de passe est changé."))
        return super().form_valid(form)


@method_decorator(never_cache, "dispatch")
class SetPassword(views.PasswordResetConfirmView):
    """Where the link that an administrator hands over leads: once, for PASSWORD_RESET_TIMEOUT."""

    template_name = "maps/desk/password.html"
    success_url = reverse_lazy("maps:desks")
    post_reset_login = True
    post_reset_login_backend = "django.contrib.auth.backends.ModelBackend"
    extra_context = {"heading": gettext_lazy("Choisir un mot de passe")}


def password_path(user: Any) -> str:
    """Where the user chooses a password, once, for PASSWORD_RESET_TIMEOUT; in French, as it is handed over."""
    with override("fr"):
        uid = urlsafe_base64_encode(force_bytes(user.pk))
        return reverse("maps:set_password", args=[uid, default_token_generator.make_token(user)])


@require_safe
@signed_in
def desks_page(request: HttpRequest) -> HttpResponse:
    """The desks that one may open, and the way to one's own entries; where there is one of them, that itself."""
    found = [Link(departement.name, desk_path(departement)) for departement in desks(request.user)]
    found += [Link(chamber.name, chamber_path(chamber)) for chamber in chambers_of(request.user)]
    if merchants_of(request.user).exists():
        found.append(Link(_("Mon commerce"), reverse("maps:space")))
    if len(found) == 1:
        return redirect(found[0].href)
    return render(request, "maps/desk/desks.html", {"desks": found})
