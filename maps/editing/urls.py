"""The addresses of what an owner edits, below /mon-commerce/<id>/."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
