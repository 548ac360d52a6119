"""The admin site: French titles, and an index grouped by what an agent comes to do.

Outside maps.admin, whose modules register themselves on the site and so need it made first.
"""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

# Section -> the models in it, in reading order; an app's name alone takes what is left of that app.
SECTIONS: list[tuple[Any, list[str]]] = [
    (_("Commerçants"), ["directory.Merchant", "directory.PointOfSale", "directory.Schedule"]),
    (
        _("Signalements et revendications"),
        ["directory.Report", "directory.Claim", "directory.Deletion", "directory.LetterBatch"],
    ),
    (
        _("Modération"),
        ["directory.Duplicate", "directory.Merge", "directory.TermProposal", "directory.MerchantLabel"],
    ),
    (_("Plateformes"), ["directory.Platform", "directory.Feed", "directory.FeedRun"]),
    (_("Sélections"), ["directory.Selection"]),
    (
        _("Chambres consulaires"),
        ["directory.ChamberAgent", "directory.ChamberUpload", "directory.AssistedEntry"],
    ),
    (_("Sources"), ["directory.Source", "directory.SourceRecord"]),
    (_("Vocabulaire"), ["directory.Activity", "directory.Product", "directory.Label", "directory.Service"]),
    (
        _("Zones à faible débit"),
        [
            "directory.GapCase",
            "directory.CaseEvent",
            "directory.ConnectionReport",
            "directory.Remedy",
            "directory.Official",
            "directory.ExportLog",
            "geo.Edition",
            "geo.CoverageFile",
            "geo.ZoneFile",
        ],
    ),
    (_("Territoire"), ["geo.Commune", "geo.Epci", "geo.Departement", "geo"]),
    (_("Autres"), ["directory"]),
    (_("Travail en tâche de fond"), ["procrastinate"]),
    (_("Comptes et accès"), ["auth", "axes"]),
]


class ManagementSite(AdminSite):
    site_header = _("Local d'abord — gestion")
    site_title = _("Local d'abord — gestion")
    index_title = _("Que voulez-vous faire ?")
    empty_value_display = "—"

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The models that the person may see, by section; one app's own page keeps Django's grouping."""
        by_app = super().get_app_list(request, app_label)
        if app_label is not None:
            return by_app
        left = {f"{app['app_label']}.{model['object_name']}": model for app in by_app for model in app["models"]}
        sections = [_section(name, wanted, left) for name, wanted in SECTIONS]
        sections.append(_section(_("Le reste"), list(left), left))
        return [section for section in [_queues(request), *sections] if section["models"]]


def _queues(request: HttpRequest) -> dict[str, Any]:
    """The queues first, they are what an agent comes for; on the home page, with how many wait and why."""
    from maps.admin.waiting import queues, waiting  # see above

    home = request.path == reverse("admin:index")
    entries = {slug: _entry(slug, name, url) for slug, name, url in (waiting if home else queues)(request.user)}
    return _section(_("À vérifier"), list(entries), entries)


def _entry(slug: str, name: str, url: str) -> dict[str, Any]:
    return {"name": name, "object_name": slug, "admin_url": url, "add_url": None, "perms": {}, "view_only": True}


def _section(name: Any, wanted: list[str], left: dict[str, Any]) -> dict[str, Any]:
    """One block of the index, in the shape that Django's templates read. Takes its models out of what is left."""
    keys = [key for want in wanted for key in list(left) if key == want or key.startswith(f"{want}.")]
    models = [left.pop(key) for key in dict.fromkeys(keys)]
    url = models[0]["admin_url"] if models else ""
    return {"name": name, "app_label": slugify(name), "app_url": url, "has_module_perms": True, "models": models}
