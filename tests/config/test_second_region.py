"""Nothing but a file says Centre-Val de Loire: the service starts on another, small région."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import pytest
from django.db import connection
from psycopg import sql

PROJECT = Path(__file__).resolve().parents[2]
REGION_FILE = PROJECT / "tests" / "fixtures" / "second_region" / "region.toml"

ASK = """
import json, sys
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
from django.test import Client

settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
call_command("migrate", verbosity=0)
call_command("load_communes", verbosity=0, stdout=sys.stderr)
call_command("load_vocabulary", verbosity=0, stdout=sys.stderr)
call_command("seed_coverage", stdout=sys.stderr)
from tests.builders import point_of_sale, centre_of
place = point_of_sale("Ferme du lagon", commune="97611", pin=centre_of("97611"), products=["honey"])
from geo.models import CommuneFigures, Zone
client = Client(headers={"host": "localhost"})
answer = client.get("/api/v1/merchants/", {"place": "Mamoudzou", "product": "honey"}).json()
page = client.get("/", {"place": "Mamoudzou", "product": "honey"})
communes = client.get("/api/v1/communes/").json()["features"]
lost = client.get("/api/v1/merchants/", {"place": "Orléans"})
print(json.dumps({
    "matched": answer["numberMatched"], "summary": answer["summary"], "lost": lost.status_code,
    "page": page.status_code, "text": page.content.decode(),
    "figures": CommuneFigures.objects.count(), "zones": Zone.objects.count(),
    "departements": sorted({f["properties"]["departement"] for f in communes}),
}))
"""


@pytest.fixture
def second_database(db):
    """An empty database beside the test database, dropped at the end."""
    parameters = connection.get_connection_params()
    name = f"{connection.settings_dict['NAME']}_second"
    options = {key: parameters[key] for key in ("user", "host", "port", "password") if parameters.get(key)}
    with psycopg.connect(**options, dbname="postgres", autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        host = {"host": options.get("host", "")} | ({"port": options["port"]} if "port" in options else {})
        yield f"postgresql://{options.get('user', '')}@/{name}?{urlencode(host)}"
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.mark.slow
def test_the_service_starts_on_another_region(second_database):
    environment = os.environ | {
        "DATABASE_URL": second_database,
        "REGION_FILE": str(REGION_FILE),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": str(PROJECT),
    }
    done = subprocess.run(
        [sys.executable, "-c", ASK], cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr[-3000:]
    said = json.loads(done.stdout.splitlines()[-1])
    assert said["matched"] == 1
    assert "Mamoudzou" in said["summary"]
    assert said["lost"] == 400, "Orléans is not a place there"
    assert said["departements"] == ["976"]
    assert (said["figures"], said["zones"] >= 1) == (17 * 4, True), "its demonstration is its own"
    assert said["page"] == 200
    assert "Ferme du lagon" in said["text"]
    assert "Centre-Val de Loire" not in said["text"]
