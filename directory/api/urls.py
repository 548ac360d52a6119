from django.urls import path, re_path
from drf_spectacular.views import SpectacularJSONAPIView

from directory.api.cases import CasesView, CaseView
from directory.api.clusters import ClustersView
from directory.api.coverage import CoverageAtView, CoverageCommunesView, EditionsView
from directory.api.coverage.overlay import OverlayGeometryView, OverlayView
from directory.api.interpret import InterpretView
from directory.api.merchants import MerchantsCsvView, MerchantsGeojsonView, MerchantsView, MerchantView
from directory.api.places import CommunesView, GeocodeView, ReverseView
from directory.api.platforms import PlatformsView
from directory.api.suggest import SuggestView

app_name = "api"
urlpatterns = [
    path("v1/merchants/", MerchantsView.as_view(), name="merchants"),
    path("v1/merchants.csv", MerchantsCsvView.as_view(), name="merchants_csv"),
    path("v1/merchants.geojson", MerchantsGeojsonView.as_view(), name="merchants_geojson"),
    path("v1/merchants/<int:id>/", MerchantView.as_view(), name="merchant"),
    path("v1/clusters/", ClustersView.as_view(), name="clusters"),
    path("v1/interpret/", InterpretView.as_view(), name="interpret"),
    path("v1/geocode/", GeocodeView.as_view(), name="geocode"),
    path("v1/reverse/", ReverseView.as_view(), name="reverse"),
    path("v1/communes/", CommunesView.as_view(), name="communes"),
    path("v1/platforms/", PlatformsView.as_view(), name="platforms"),
    path("v1/departements/<str:code>/cases/", CasesView.as_view(), name="cases"),
    path("v1/departements/<str:code>/cases/<int:id>/", CaseView.as_view(), name="case"),
    path("v1/coverage/editions/", EditionsView.as_view(), name="coverage_editions"),
    path("v1/coverage/at/", CoverageAtView.as_view(), name="coverage_at"),
    path("v1/coverage/communes/", CoverageCommunesView.as_view(), name="coverage_communes"),
    path("v1/coverage/overlay/", OverlayView.as_view(), name="coverage_overlay"),
    re_path(
        r"^v1/coverage/overlay/(?P<sheet>region|close-\d+)-(?P<version>\w+)\.json$",
        OverlayGeometryView.as_view(),
        name="coverage_geometry",
    ),
    path("v1/suggest/", SuggestView.as_view(), name="suggest"),
    path("schema/", SpectacularJSONAPIView.as_view(), name="schema"),
]
