"""The addresses of a registration, below /inscription/."""

from django.urls import path

from maps.registering import filling, finishing, starting

urlpatterns = [
    path("", starting.start_page, name="register"),
    path("<uuid:key>/", filling.resume_page, name="registration"),
    path("<uuid:key>/trouve/", starting.found_page, name="register_found"),
    path("<uuid:key>/publier/", finishing.publish_page, name="register_publish"),
    path("<uuid:key>/merci/", finishing.done_page, name="registered"),
    path("<uuid:key>/contours/", filling.outline_page, name="register_outline"),
    path("<uuid:key>/<slug:slug>/", filling.step_page, name="register_step"),
]
