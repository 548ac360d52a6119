"""What is answered where nothing else answers."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from config.middleware import refuse
from directory.api.errors import Problem, not_found
from directory.api.lean import too_many_parameters


def not_found_page(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refuse(request, not_found().problem)


def refused_page(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What Django refuses before any view: too many parameters, an odd host."""
    if isinstance(exception, TooManyFieldsSent):
        return refuse(request, too_many_parameters())
    return refuse(request, Problem(400, "bad_request", _("Demande refusée"), _("Cette adresse n'a pas de sens ici.")))


def locked_out(request: HttpRequest, response: Any, credentials: dict[str, Any]) -> HttpResponse:
    """Too many wrong passwords for one account from one address."""
    detail = _("Trop de mots de passe refusés. Réessayez dans une heure, ou demandez un nouveau lien à la région.")
    return refuse(request, Problem(429, "too_many_attempts", _("Connexion bloquée"), detail))


def failure(request: HttpRequest) -> HttpResponse:
    detail = _("Une erreur de notre côté. Elle est notée ; rien de votre saisie n'a été enregistré à moitié.")
    return refuse(request, Problem(500, "internal_error", _("Erreur du service"), detail))
