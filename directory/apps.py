from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "directory"
    verbose_name = "Annuaire"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from geo.coverage.changed import changed

        changed.connect(_refresh_gaps, dispatch_uid="directory.gaps")


def _refresh_gaps(**kwargs: object) -> None:
    from directory.gaps.refreshing import refresh

    refresh()
