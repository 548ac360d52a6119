"""The words and seasons of points of sale, kept by the triggers that keep their search entries."""

from pathlib import Path

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.contrib.postgres.operations import CreateExtension
from django.db import migrations, models

SQL = (Path(__file__).parent / "sql" / "0004_search_detail.sql").read_text("utf-8")


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0003_schedule_windows'),
    ]

    operations = [
        CreateExtension('fuzzystrmatch'),
        migrations.CreateModel(
            name='SearchDetail',
            fields=[
                ('id', models.OneToOneField(db_column='id', db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, related_name='detail', serialize=False, to='directory.searchentry')),
                ('document', django.contrib.postgres.search.SearchVectorField()),
                ('folded_name', models.TextField(db_collation='C')),
                ('seasons', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
            ],
            options={
                'db_table': 'directory_search_detail',
                'indexes': [
                    django.contrib.postgres.indexes.GinIndex(fields=['document'], name='detail_document'),
                    django.contrib.postgres.indexes.GinIndex(fields=['folded_name'], name='detail_name_trgm', opclasses=['gin_trgm_ops']),
                    models.Index(fields=['folded_name', 'id'], name='detail_name'),
                    django.contrib.postgres.indexes.GinIndex(fields=['seasons'], name='detail_seasons', opclasses=['array_ops']),
                ],
            },
        ),
        migrations.CreateModel(
            name='NameWord',
            fields=[
                ('word', models.TextField(db_collation='C', primary_key=True, serialize=False)),
            ],
            options={
                'db_table': 'directory_name_word',
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['word'], name='name_word_trgm', opclasses=['gin_trgm_ops'])],
            },
        ),
        # Makes pg_trgm's own settings known to this connection: a function may set them only then.
        migrations.RunSQL("SELECT show_limit()"),
        migrations.RunSQL(SQL),
    ]
