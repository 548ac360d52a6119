"""The addresses of what anybody may say of an entry."""

from django.urls import path

from maps.claims import answering, claiming, letters, reporting, withdrawing

urlpatterns = [
    path("signaler/<int:id>/", reporting.report_page, name="report_mistake"),
    path("signaler/<int:id>/merci/", reporting.thanks_page, name="mistake_reported"),
    path("retirer/<int:id>/", withdrawing.withdraw_page, name="withdraw"),
    path("retirer/fait/", withdrawing.done_page, name="withdrawn"),
    path("retirer/attend/", withdrawing.done_page, {"waits": True}, name="withdrawal_waits"),
    path("revendiquer/<int:id>/", claiming.claim_page, name="claim"),
    path("revendication/<int:id>/", claiming.own_page, name="own_claim"),
    path("revendication/<int:id>/reponse/", answering.answer_page, name="answer_claim"),
    path("lettre/", letters.type_page, name="letter"),
    path("lettre/<str:code>/", letters.code_page, name="letter_by_code"),
]
