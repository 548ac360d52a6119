"""The addresses of the desk, below /agents/."""

from django.urls import include, path

from maps.desk import accounts, case, compare, demand, epci, exports, meeting, remedies, reports, worklist

urlpatterns = [
    path("", accounts.desks_page, name="desks"),
    path("connexion/", accounts.SignIn.as_view(), name="sign_in"),
    path("deconnexion/", accounts.SignOut.as_view(), name="sign_out"),
    path("mot-de-passe/", accounts.ChangePassword.as_view(), name="change_password"),
    path("mot-de-passe/<uidb64>/<token>/", accounts.SetPassword.as_view(), name="set_password"),
    path("departement/<slug:code>/", worklist.worklist_page, name="worklist"),
    path("departement/<slug:code>/dossier/<int:id>/", case.case_page, name="case"),
    path("departement/<slug:code>/dossier/<int:id>/lien/", reports.link_page, name="report_link"),
    path("departement/<slug:code>/export/", exports.export_page, name="export"),
    path("departement/<slug:code>/exports/", exports.log_page, name="exports"),
    path("departement/<slug:code>/epci/<slug:siren>/", epci.epci_page, name="epci_sheet"),
    path("departement/<slug:code>/comparer/", compare.compare_page, name="compare"),
    path("departement/<slug:code>/demandes/", demand.demand_page, name="demand"),
    path("chambre/<slug:kind>/", include("maps.chambers.urls")),
    path("departement/<slug:code>/point/", meeting.meeting_page, name="meeting"),
    path("departement/<slug:code>/aides/", remedies.remedies_page, name="remedies"),
    path("departement/<slug:code>/aides/<int:id>/", remedies.remedy_page, name="remedy"),
    path("departement/<slug:code>/aides/<int:id>/supprimer/", remedies.delete_remedy, name="delete_remedy"),
    path("departement/<slug:code>/aides/<int:id>/monter/", remedies.move_remedy, name="move_remedy"),
]
