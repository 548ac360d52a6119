"""The functions and triggers that keep the search entries in step, from the SQL file beside this one."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent / "sql" / "0002_search_entry.sql").read_text("utf-8")


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_catalogue"), ("geo", "0001_ground")]
    operations = [migrations.RunSQL(SQL, reverse_sql=migrations.RunSQL.noop)]
