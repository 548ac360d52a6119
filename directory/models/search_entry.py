"""What is searched: one row per published point of sale, written by the database itself.

Nobody writes this table by hand. Triggers (see the migration) rebuild an entry in the transaction of every write to
a merchant, its points of sale, what they sell, or the vocabulary tree. It holds public values only: where the pin is
hidden, `public_point` is the commune's centre and the true pin is nowhere in the row.
"""

from __future__ import annotations

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex

from directory.models.merchant import Merchant
from directory.models.point_of_sale import PointOfSale
from directory.models.schedule import Schedule
from geo.points import SRID


class SearchEntry(models.Model):
    """The read model of a published point of sale."""

    id = models.OneToOneField(
        PointOfSale, models.DO_NOTHING, primary_key=True, db_column="id", related_name="entry", db_constraint=False
    )
    merchant = models.ForeignKey(Merchant, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    schedule = models.ForeignKey(
        Schedule, models.DO_NOTHING, null=True, related_name="+", db_constraint=False, db_index=False
    )
    public_point = models.PointField(srid=SRID, spatial_index=False)
    # Ids of activities, products, labels and services with all their ancestors, and of the commune, its EPCI and its
    # département (see directory.places).
    terms = ArrayField(models.IntegerField())
    name = models.CharField(max_length=200, db_collation="fr-x-icu")
    updated_at = models.DateTimeField()
    demo = models.BooleanField()
    # The feature's properties as JSON text, ready to be sent.
    card = models.TextField()

    class Meta:
        db_table = "directory_search_entry"
        indexes = [
            # The main question in one scan: where, and what. Only this index knows intarray's `@@`.
            GistIndex(
                fields=["public_point", "terms"],
                opclasses=["gist_geometry_ops_2d", "gist__intbig_ops(siglen=64)"],
                name="entry_point_terms",
            ),
            # What without where. Only this index knows the core's `@>` and `&&`: the operator chooses the plan.
            GinIndex(fields=["terms"], opclasses=["array_ops"], name="entry_terms"),
            models.Index(fields=["name", "id"], name="entry_name"),
            models.Index(fields=["-updated_at", "id"], name="entry_updated"),
            models.Index(fields=["merchant"], name="entry_merchant"),
        ]

    def __str__(self) -> str:
        return self.name
