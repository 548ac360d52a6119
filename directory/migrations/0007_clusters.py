"""The cells that clusters are read from; public points in whole micro-degrees, so 0006 is run again."""

from pathlib import Path

import django.contrib.postgres.fields
from django.db import migrations, models

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0006_faster_entries"),
    ]

    operations = [
        migrations.CreateModel(
            name="ClusterCell",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "zoom", "term", "x", "y", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("lon_sum", models.BigIntegerField()),
                ("lat_sum", models.BigIntegerField()),
                ("id_sum", models.BigIntegerField()),
                ("count", models.IntegerField()),
                ("term", models.IntegerField()),
                ("x", models.IntegerField()),
                ("y", models.IntegerField()),
                ("zoom", models.SmallIntegerField()),
                ("divided", models.BooleanField()),
            ],
            options={
                "db_table": "directory_cluster_cell",
                "indexes": [models.Index(condition=models.Q(("count", 0)), fields=["zoom"], name="cluster_cell_empty")],
            },
        ),
        migrations.CreateModel(
            name="ClusterChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entry", models.BigIntegerField()),
                ("terms", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
                ("lon", models.IntegerField()),
                ("lat", models.IntegerField()),
                ("sign", models.SmallIntegerField()),
            ],
            options={
                "db_table": "directory_cluster_change",
                "indexes": [models.Index(fields=["lon", "lat"], include=("sign",), name="cluster_change_place")],
            },
        ),
        migrations.RunSQL((SQL / "0006_faster_entries.sql").read_text("utf-8")),
        migrations.RunSQL((SQL / "0007_clusters.sql").read_text("utf-8")),
    ]
