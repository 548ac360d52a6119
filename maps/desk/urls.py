"""The addresses of the desk, below /agents/."""

from django.urls import path

from maps.desk import accounts, case, worklist

urlpatterns = [
    path("", accounts.desks_page, name="desks"),
    path("connexion/", accounts.SignIn.as_view(), name="sign_in"),
    path("deconnexion/", accounts.SignOut.as_view(), name="sign_out"),
    path("mot-de-passe/", accounts.ChangePassword.as_view(), name="change_password"),
    path("mot-de-passe/<uidb64>/<token>/", accounts.SetPassword.as_view(), name="set_password"),
    path("departement/<str:code>/", worklist.worklist_page, name="worklist"),
    path("departement/<str:code>/dossier/<int:id>/", case.case_page, name="case"),
]
