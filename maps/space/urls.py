"""The addresses of the merchant's space. Pages of one point of sale stand below /mon-commerce/<its id>/."""

from django.urls import include, path

urlpatterns = [
    path("mon-commerce/<int:id>/epingle/", include("maps.pins.urls")),
    path("mon-commerce/<int:id>/", include("maps.editing.urls")),
]
