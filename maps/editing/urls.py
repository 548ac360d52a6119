"""The addresses of what an owner edits, below /mon-commerce/<id>/."""

from django.urls import path

from maps.editing import about, hours, offers, overview, photos, reach, services

urlpatterns = [
    path("", overview.own_place, name="own_place"),
    path("horaires/", hours.own_hours, name="own_hours"),
    path("produits/", offers.own_offers, name="own_offers"),
    path("produits/<int:offer>/", offers.own_offer, name="own_offer"),
    path("photos/", photos.own_photos, name="own_photos"),
    path("photos/<int:photo>/", photos.own_photo, name="own_photo"),
    path("services/", services.own_services, name="own_services"),
    path("presentation/", about.own_about, name="own_about"),
    path("zone/", reach.own_reach, name="own_reach"),
]
