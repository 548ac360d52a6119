"""How many entries of each term lie in each cell of the grid: what clusters are read from.

Nobody writes these tables by hand. Triggers append to `ClusterChange` in the transaction of every write to an entry;
readers take cells and changes together; a job folds changes into cells (directory/clusters/pyramid.py).
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

ALL = 0  # the "term" that every entry has


class ClusterCell(models.Model):
    """The entries of a term in a cell (geo.grid), changes not yet folded aside.

    All cells of zoom 8 and 10 are there. Those of 12, 14 and 16 are there below `divided` cells, four zooms above;
    elsewhere the entries are few enough to be counted.
    """

    pk = models.CompositePrimaryKey("zoom", "term", "x", "y")
    # Sums of micro-degrees, and of ids: that of a lone entry is its id.
    lon_sum = models.BigIntegerField()
    lat_sum = models.BigIntegerField()
    id_sum = models.BigIntegerField()
    count = models.IntegerField()
    term = models.IntegerField()
    x = models.IntegerField()
    y = models.IntegerField()
    zoom = models.SmallIntegerField()
    divided = models.BooleanField()

    class Meta:
        db_table = "directory_cluster_cell"
        # Those that a fold has emptied, to be removed.
        indexes = [models.Index(fields=["zoom"], condition=models.Q(count=0), name="cluster_cell_empty")]

    def __str__(self) -> str:
        return f"{self.zoom}/{self.x}/{self.y}"


class ClusterChange(models.Model):
    """An entry that came (+1) or went (-1), where it was and with the terms it had."""

    entry = models.BigIntegerField()
    terms = ArrayField(models.IntegerField())
    lon = models.IntegerField()
    lat = models.IntegerField()
    sign = models.SmallIntegerField()

    class Meta:
        db_table = "directory_cluster_change"
        # With the sign, all changes are added up by the index alone.
        indexes = [models.Index(fields=["lon", "lat"], include=["sign"], name="cluster_change_place")]

    def __str__(self) -> str:
        return f"{self.sign:+d} {self.entry}"
