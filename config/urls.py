"""Every address of the service. Pages are French at `/…` and English at `/en/…`; the API has one address for both."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from django.views.generic import TemplateView

from directory.api.health import health, ready

urlpatterns = [
    path("api/docs/", TemplateView.as_view(template_name="maps/api_docs.html"), name="api_docs"),
    path("api/", include("directory.api.urls")),
    path("health/", health, name="health"),
    path("ready/", ready, name="ready"),
    path("gestion/", admin.site.urls),
    *i18n_patterns(path("", include("maps.urls")), prefix_default_language=False),
]

handler400 = "config.views.refused_page"
handler404 = "config.views.not_found_page"
handler500 = "config.views.failure"
