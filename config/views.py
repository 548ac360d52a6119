"""What is answered where nothing else answers."""

from __future__ import annotations

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


def failure(request: HttpRequest) -> HttpResponse:
    detail = _("Une erreur de notre côté. Elle est notée ; rien de votre saisie n'a été enregistré à moitié.")
    return refuse(request, Problem(500, "internal_error", _("Erreur du service"), detail))
