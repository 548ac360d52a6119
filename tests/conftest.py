"""What every test stands on: the real PostGIS, with the real communes and the vocabulary loaded once.

Sockets other than loopback's are closed; the order is shuffled; undefined template variables fail.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db.backends.postgresql.operations import DatabaseOperations
from django.utils import translation

from tests import kept

PROJECT = Path(__file__).resolve().parent.parent
# What set-up writes: the ground, the vocabulary, and what Django notes of the models.
GROUND_TABLES = {
    "geo_commune", "geo_departement", "geo_epci", "geo_revision", "directory_term", "django_content_type",
    "auth_permission",
}  # fmt: skip
SAMPLE_DATA_DIR = Path(os.environ.get("SAMPLE_DATA_DIR", PROJECT.parent / "shared" / "data"))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):  # type: ignore[no-untyped-def]
    """The test database, with the ground and the vocabulary in it: tests roll back to this."""
    from directory.vocabulary_loading import load_vocabulary
    from geo.ground.loading import load_communes

    with django_db_blocker.unblock():
        load_communes(settings.COMMUNES_FILE)
        load_vocabulary(settings.VOCABULARY_DIR)
        kept.make()


# What a test wrote is deleted, where it wrote something: emptying a hundred tables as files takes PostgreSQL a second.
EMPTY = """
DO $$
DECLARE
    name text;
    held bool;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOREACH name IN ARRAY ARRAY['{tables}'] LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %I)', name) INTO held;
        IF held THEN
            EXECUTE format('DELETE FROM %I', name);
        END IF;
    END LOOP;
END $$
"""


@pytest.fixture(scope="session", autouse=True)
def _keep_the_ground():
    """Tests that commit empty the tables when they end: all but the ground and the vocabulary, which no test changes
    outside a transaction of its own."""
    truncate = DatabaseOperations.sql_flush

    def empty_all_but_the_ground(self, style, tables, **options):  # type: ignore[no-untyped-def]
        written = [table for table in tables if table not in GROUND_TABLES]
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT usesuper FROM pg_user WHERE usename = current_user")
            if cursor.fetchone()[0] and not options.get("reset_sequences"):
                return [EMPTY.format(tables="', '".join(written))]
        return truncate(self, style, written, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", empty_all_but_the_ground)
        yield


@pytest.fixture
def communes(db):  # type: ignore[no-untyped-def]
    """The communes of the real fixture, as rows."""
    from geo.models import Commune

    return Commune.objects.all()


@pytest.fixture(autouse=True)
def _fresh_copies():
    """No copy held in memory outlives a test, but those of the ground and of the vocabulary, which take longer to make
    than most tests: they go where a test writes what they are made of."""
    from maps.looking import looking
    from maps.space import sign_in

    kept.begin()
    cache.clear()
    looking.clear()
    sign_in.asking.clear()
    sign_in.guessing.clear()
    yield
    kept.end()


@pytest.fixture(autouse=True)
def _language():
    """The service's own language: a page that a test asked for leaves its language active in the thread."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture
def address_service(settings):  # type: ignore[no-untyped-def]
    """The national address service, played on loopback: tests.geocoder."""
    from tests.geocoder import served

    with served(settings) as server:
        yield server


@pytest.fixture
def register_service(settings):  # type: ignore[no-untyped-def]
    """The State's register of businesses, played on loopback: tests.register."""
    from tests.register import served

    with served(settings) as server:
        yield server


@pytest.fixture
def sample_data() -> Path:
    """The folder of real open data; the test is skipped where it is absent."""
    if not SAMPLE_DATA_DIR.is_dir():
        pytest.skip(f"no sample data at SAMPLE_DATA_DIR ({SAMPLE_DATA_DIR})")
    return SAMPLE_DATA_DIR


def pytest_configure(config: pytest.Config) -> None:
    # As they lie in the source: tests need no collected files. What collecting does is tested by itself.
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


def pytest_runtest_setup(item: pytest.Item) -> None:
    from pytest_socket import socket_allow_hosts

    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)
