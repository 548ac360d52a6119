"""The addresses of the page of a pin, below /mon-commerce/<id>/epingle/."""

from django.urls import path

from maps.pins import address, views

urlpatterns = [
    path("", views.pin, name="pin"),
    path("contours/", views.outline, name="pin_outline"),
    path("adresse/", address.own_address, name="own_address"),
    path("adresse/choix/", address.pin_choice, name="pin_choice"),
]
