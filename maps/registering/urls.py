"""The addresses of a registration, below /inscription/."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
