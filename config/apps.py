from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The outermost layer: settings, URLs, middleware and the command that prepares a machine."""

    name = "config"
