"""The addresses of the page of a pin, below /mon-commerce/<id>/epingle/."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
