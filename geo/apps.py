from django.apps import AppConfig


class GeoConfig(AppConfig):
    name = "geo"
    verbose_name = "Territoire"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from geo import checks  # noqa: F401  (registers the system checks)
