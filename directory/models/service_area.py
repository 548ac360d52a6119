"""Where the traders come to their customers: one row for each published point of sale that says how far it goes.

Written by the database in step with the search entries, as they are. Like them it holds public values only: the circle
is about the public point.
"""

from __future__ import annotations

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GistIndex

from directory.models.search_entry import SearchEntry
from geo.points import SRID


class ServiceArea(models.Model):
    """A circle, communes, or both, by the id of the entry."""

    id = models.OneToOneField(
        SearchEntry, models.DO_NOTHING, primary_key=True, db_column="id", related_name="area", db_constraint=False
    )
    centre = models.PointField(srid=SRID, spatial_index=False)
    radius_m = models.FloatField(null=True)
    communes = ArrayField(models.TextField())
    # A box around all of it, a little too large: for the index, never for the answer.
    box = models.GeometryField(srid=SRID, spatial_index=False)

    class Meta:
        db_table = "directory_service_area"
        indexes = [GistIndex(fields=["box"], name="service_area_box")]

    def __str__(self) -> str:
        return str(self.pk)
