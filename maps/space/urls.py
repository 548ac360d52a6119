"""The addresses of the merchant's space. Pages of one point of sale stand below /mon-commerce/<its id>/."""

from django.urls import include, path

from maps.editing import adding
from maps.space import confirming, doors, home, rights

urlpatterns = [
    path("connexion/", doors.way_in_page, name="way_in"),
    path("connexion/envoye/", doors.sent_page, name="way_in_sent"),
    path("connexion/lien/<str:token>/", doors.link_page, name="sign_in_link"),
    path("mon-commerce/", home.home_page, name="space"),
    path("mon-commerce/juste/<str:token>/", confirming.link_page, name="confirm_by_link"),
    path("mon-commerce/<int:id>/juste/", home.confirm_page, name="confirm"),
    path("mon-commerce/droits/", rights.rights_page, name="rights"),
    path("mon-commerce/droits/mes-donnees.json", rights.export_page, name="own_export"),
    path("mon-commerce/droits/<int:id>/coordonnees/", rights.contacts_page, name="own_contacts"),
    path("mon-commerce/droits/<int:id>/coordonnees/retirer/", rights.withdraw_page, name="own_consents_withdrawn"),
    path("mon-commerce/droits/<int:id>/supprimer/", rights.leaving_page, name="own_leaving"),
    path("mon-commerce/ajouter/<int:merchant>/", adding.add_place, name="add_place"),
    path("mon-commerce/<int:id>/epingle/", include("maps.pins.urls")),
    path("mon-commerce/<int:id>/", include("maps.editing.urls")),
]
