"""The addresses of what anybody may say of an entry."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
