"""Opening hours worked out: when a schedule is open, and when that is known."""

import directory.models.fields
import psycopg.types.multirange
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0002_search_entry'),
    ]

    operations = [
        migrations.AddField(
            model_name='schedule',
            name='known_during',
            field=directory.models.fields.TimesField(db_default=models.Value('{}'), default=psycopg.types.multirange.Multirange, editable=False),
        ),
        migrations.AddField(
            model_name='schedule',
            name='open_during',
            field=directory.models.fields.TimesField(db_default=models.Value('{}'), default=psycopg.types.multirange.Multirange, editable=False),
        ),
        migrations.AddField(
            model_name='schedule',
            name='refreshed_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name='schedule',
            index=models.Index(fields=['refreshed_at'], name='schedule_refreshed'),
        ),
    ]
