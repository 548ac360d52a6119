"""Every message of the project has its English."""

from __future__ import annotations

import shutil
import string
import subprocess
import sys

import polib
import pytest
from django.conf import settings

CATALOGUE = settings.BASE_DIR / "locale" / "en" / "LC_MESSAGES" / "django.po"
APPS = ("config", "directory", "geo", "maps")
EXTRACT = """
import django
from django.conf import settings
from django.core.management import call_command
settings.configure(LANGUAGE_CODE="fr")
django.setup()
call_command("makemessages", locale=["en"], verbosity=0)
"""


@pytest.fixture(scope="module")
def catalogue():
    return polib.pofile(str(CATALOGUE))


def test_none_is_empty_or_doubtful(catalogue):
    doubtful = [entry.msgid for entry in catalogue if not entry.translated() or entry.fuzzy]
    assert doubtful == []


def test_placeholders_are_kept(catalogue):
    def fields(text):
        return {name for _, name, _, _ in string.Formatter().parse(text) if name} if "%(" not in text else set()

    for entry in catalogue:
        for translated in [entry.msgstr, *entry.msgstr_plural.values()]:
            assert not translated or fields(translated) == fields(entry.msgid), entry.msgid
            assert translated.count("%(") in (0 if not translated else entry.msgid.count("%("),)


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("xgettext"), reason="xgettext is not installed")
def test_none_is_missing(catalogue, tmp_path):
    """The messages of a copy of the sources, extracted anew, are those of the catalogue."""
    for app in APPS:
        shutil.copytree(settings.BASE_DIR / app, tmp_path / app, ignore=shutil.ignore_patterns("static", "__pycache__"))
    (tmp_path / "locale").mkdir()
    subprocess.run([sys.executable, "-c", EXTRACT], cwd=tmp_path, check=True, capture_output=True)
    fresh = polib.pofile(str(tmp_path / "locale" / "en" / "LC_MESSAGES" / "django.po"))
    known = {(entry.msgctxt, entry.msgid) for entry in catalogue}
    assert sorted(entry.msgid for entry in fresh if (entry.msgctxt, entry.msgid) not in known) == []
