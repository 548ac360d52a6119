"""The addresses of the merchant's space. Pages of one point of sale stand below /mon-commerce/<its id>/."""

from django.urls import include, path

from maps.editing.urls import to_come

urlpatterns = [
    path("connexion/", to_come, name="way_in"),
    path("mon-commerce/", to_come, name="space"),
    path("mon-commerce/<int:id>/epingle/", include("maps.pins.urls")),
    path("mon-commerce/<int:id>/", include("maps.editing.urls")),
]
