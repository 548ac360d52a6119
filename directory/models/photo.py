"""Photographs of a point of sale, made small when they arrive."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from directory.models.point_of_sale import PointOfSale

MOST = 6


def new_name(photo: Any, name: str) -> str:
    """A name that nobody guesses, and nothing of what the file was called."""
    return f"photos/{uuid.uuid4().hex}.jpg"


class Photo(models.Model):
    """One of up to MOST, at most 60 kB, without what the camera wrote into it."""

    point_of_sale = models.ForeignKey(PointOfSale, models.CASCADE, related_name="photos")
    file = models.FileField(_("fichier"), upload_to=new_name)
    # What is to be seen, for those who do not see it.
    text = models.CharField(_("ce qu'on voit"), max_length=200)
    width = models.PositiveSmallIntegerField(_("largeur"))
    height = models.PositiveSmallIntegerField(_("hauteur"))
    size = models.PositiveIntegerField(_("octets"))
    rank = models.PositiveSmallIntegerField(_("rang"), default=0)
    created_at = models.DateTimeField(_("ajoutée le"), auto_now_add=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["rank", "id"]
        verbose_name = _("photo")

    def __str__(self) -> str:
        return self.text
