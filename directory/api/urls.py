from django.urls import path
from drf_spectacular.views import SpectacularJSONAPIView

from directory.api.merchants import MerchantsCsvView, MerchantsGeojsonView, MerchantsView, MerchantView
from directory.api.places import CommunesView, GeocodeView, ReverseView

app_name = "api"
urlpatterns = [
    path("v1/merchants/", MerchantsView.as_view(), name="merchants"),
    path("v1/merchants.csv", MerchantsCsvView.as_view(), name="merchants_csv"),
    path("v1/merchants.geojson", MerchantsGeojsonView.as_view(), name="merchants_geojson"),
    path("v1/merchants/<int:id>/", MerchantView.as_view(), name="merchant"),
    path("v1/geocode/", GeocodeView.as_view(), name="geocode"),
    path("v1/reverse/", ReverseView.as_view(), name="reverse"),
    path("v1/communes/", CommunesView.as_view(), name="communes"),
    path("schema/", SpectacularJSONAPIView.as_view(), name="schema"),
]
