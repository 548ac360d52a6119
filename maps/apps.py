from __future__ import annotations

from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class MapsConfig(AppConfig):
    name = "maps"

    def ready(self) -> None:
        # The admin builds its site from this name when it is first asked for, which is after every ready().
        admin: Any = apps.get_app_config("admin")
        admin.default_site = "maps.gestion.ManagementSite"
        # Sent for apps with models only, which this one has not.
        auth = apps.get_app_config("auth")
        post_migrate.connect(_ensure_agent_group, sender=auth, dispatch_uid="maps.agent_group")


def _ensure_agent_group(using: str, **kwargs: Any) -> None:
    from maps.admin.groups import ensure_agent_group

    migrated = kwargs.get("apps") or apps
    try:
        migrated.get_model("auth", "Group"), migrated.get_model("directory", "PointOfSale")
    except LookupError:  # a migration that stopped on the way: its last step will call again
        return
    ensure_agent_group(using)
