"""The two drf-gis contenders."""

from django.urls import path

from benchmarks.peers.careful import CarefulView
from benchmarks.peers.textbook import TextbookView

urlpatterns = [path("careful/", CarefulView.as_view()), path("textbook/", TextbookView.as_view())]
