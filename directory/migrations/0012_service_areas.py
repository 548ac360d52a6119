"""Where traders come to their customers, kept in step with the search entries."""

from pathlib import Path

import django.contrib.gis.db.models.fields
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


SQL = Path(__file__).parent / "sql" / "0012_service_areas.sql"


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0011_merchant_space'),
    ]

    operations = [
        migrations.CreateModel(
            name='ServiceArea',
            fields=[
                ('id', models.OneToOneField(db_column='id', db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, related_name='area', serialize=False, to='directory.searchentry')),
                ('centre', django.contrib.gis.db.models.fields.PointField(spatial_index=False, srid=4326)),
                ('radius_m', models.FloatField(null=True)),
                ('communes', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ('box', django.contrib.gis.db.models.fields.GeometryField(spatial_index=False, srid=4326)),
            ],
            options={
                'db_table': 'directory_service_area',
                'indexes': [django.contrib.postgres.indexes.GistIndex(fields=['box'], name='service_area_box')],
            },
        ),
        migrations.RunSQL(SQL.read_text("utf-8")),
    ]
