"""Merchants by their names as people type them: an index."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0004_search_detail'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='merchant',
            index=models.Index(models.Func('name', function='directory_fold'), name='merchant_folded_name'),
        ),
    ]
