"""The addresses of a chamber's agents, below /agents/chambre/<kind>/."""

from django.urls import path

from maps.chambers import entries, home, lists
from maps.desk import demand

urlpatterns = [
    path("", home.home_page, name="chamber"),
    path("demandes/", demand.chamber_demand_page, name="chamber_demand"),
    path("liste/", lists.receive_page, name="chamber_list"),
    path("liste/modele.csv", lists.template_file, name="chamber_template"),
    path("liste/<int:id>/", lists.list_page, name="chamber_upload"),
    path("liste/<int:id>/bilan.csv", lists.report_file, name="chamber_report"),
    path("liste/<int:id>/ecrire/", lists.write_page, name="chamber_write"),
    path("liste/<int:id>/abandonner/", lists.drop_page, name="chamber_drop"),
    path("saisie/", entries.register_page, name="chamber_entry"),
    path("saisie/<int:id>/", entries.letter_page, name="chamber_letter"),
    path("saisie/<int:id>/prevenu/", entries.told_page, name="chamber_told"),
    path("saisie/<int:id>/corrige/", entries.corrected_page, name="chamber_corrected"),
]
