"""Everything between an empty database and a service that answers. `make run` and `make test` call it."""

from __future__ import annotations

import hashlib
import time
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from directory.demo import seed_demo
from directory.models import PointOfSale
from directory.vocabulary_loading import load_vocabulary
from geo.coverage import demo as coverage
from geo.ground.loading import load_communes
from geo.models import Edition

DEMO_MERCHANTS = 2000
DEMO_SEED = 1
# What installed packages ship and no page uses: a second documentation viewer, DRF's browsable pages, source maps,
# Leaflet's drawing tools. Compressing them took most of a first run.
UNUSED_STATIC_FILES = [
    "drf_spectacular_sidecar/redoc*",
    "rest_framework/*",
    "*.map",
    "leaflet/draw/*",
    "leaflet/leaflet-src*",
    "leaflet/proj4*",
]


class Command(BaseCommand):
    help = "Bring database, communes, vocabulary, messages and static files up to date; does nothing twice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-demo", action="store_true", help="leave an empty catalogue empty")
        parser.add_argument("--files-only", action="store_true", help="messages and static files, no database")

    def handle(self, *args: Any, **options: Any) -> None:
        self._step("messages", compile_messages)
        self._step("static files", collect_static)
        if options["files_only"]:
            return
        self._step("migrations", migrate)
        self._step("communes", ground)
        self._step("vocabulary", words)
        if not options["no_demo"]:
            self._step("demonstration merchants", fill_empty_catalogue)
            self._step("demonstration coverage", fill_empty_coverage)

    def _step(self, name: str, work: Callable[[], str]) -> None:
        started = time.monotonic()
        said = work()
        took = time.monotonic() - started
        if said:
            self.stdout.write(f"{name}: {said} ({took:.1f} s)")


def ground() -> str:
    report = load_communes(settings.COMMUNES_FILE)
    return str(report.communes) if report.writes else ""


def words() -> str:
    report = load_vocabulary(settings.VOCABULARY_DIR)
    return str(report) if report.wrote else ""


def migrate() -> str:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        return ""
    call_command("migrate", verbosity=0, interactive=False)
    return f"{len(plan)} applied"


def fill_empty_catalogue() -> str:
    """Demonstration merchants where there is nobody yet; a database of one's own is left as it is."""
    if settings.DATABASE_IS_EXTERNAL or PointOfSale.objects.exists():
        return ""
    return f"{seed_demo(DEMO_MERCHANTS, DEMO_SEED)} points of sale invented"


def fill_empty_coverage() -> str:
    """Demonstration coverage where nothing is known yet. After the merchants: it says which of them are in the gap."""
    if settings.DATABASE_IS_EXTERNAL or Edition.objects.exists() or coverage.refusals():
        return ""
    return str(coverage.seed_coverage(DEMO_SEED))


def compile_messages() -> str:
    """Translations from .po to .mo, without the gettext tools."""
    done = []
    for folder in settings.LOCALE_PATHS:
        for source in sorted(Path(folder).glob("*/LC_MESSAGES/*.po")):
            target = source.with_suffix(".mo")
            if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
                polib.pofile(str(source)).save_as_mofile(str(target))
                done.append(source.parent.parent.name)
    return f"compiled {', '.join(done)}" if done else ""


def collect_static() -> str:
    """Hash and compress static files, unless none has changed since the last time."""
    stamp = settings.LOCAL_DIR / "stamps" / "static"
    signature = static_signature()
    if stamp.exists() and stamp.read_text() == signature and (settings.STATIC_ROOT / "staticfiles.json").exists():
        return ""
    call_command("collectstatic", verbosity=0, interactive=False, clear=True, ignore_patterns=UNUSED_STATIC_FILES)
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(signature)
    return "collected and compressed"


def static_signature() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list(UNUSED_STATIC_FILES):
            found = Path(storage.path(path)).stat()
            digest.update(f"{path} {found.st_mtime_ns} {found.st_size}\n".encode())
    return digest.hexdigest()
