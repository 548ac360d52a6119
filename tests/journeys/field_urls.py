"""The service's addresses, and a page that holds nothing but the question's field, with the base page's styles."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from config.urls import handler404, handler500
from config.urls import urlpatterns as service

__all__ = ["handler404", "handler500", "urlpatterns"]

PAGE = """{% extends "maps/base.html" %}{% load pages %}
{% block title %}Champ{% endblock %}
{% block head %}
<link rel="stylesheet" href="{% asset 'maps/css/ask.css' %}">
<script type="module" src="{% asset 'maps/js/page.js' %}"></script>
{% endblock %}
{% block content %}
<h1>Champ</h1>
<form class="ask" action="{{ home }}" method="get" role="search"><fieldset><legend>Question</legend>
{% include "maps/_question_field.html" %}<button type="submit">OK</button></fieldset></form>
<p>Under the field.</p>
{% endblock %}"""


def field(request: HttpRequest, language: str = "fr") -> HttpResponse:
    from django.utils import translation

    with translation.override(language):
        given = {"question": request.GET.get("q", ""), "mistake": request.GET.get("mistake", "")}
        return HttpResponse(engines["django"].from_string(PAGE).render(given, request))


urlpatterns = [path("champ/", field), path("field/", field, {"language": "en"}), *service]
