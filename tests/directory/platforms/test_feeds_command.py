"""`manage.py run_feed`, and what the documentation gives as an example."""

from __future__ import annotations

import json
import re
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from directory.models import FeedRun, PointOfSale
from directory.platforms import feeding
from tests.directory.importing.conftest import versions
from tests.directory.platforms.partner import entry, feed_of

pytestmark = pytest.mark.django_db
DOCUMENTATION = Path(settings.BASE_DIR) / "docs" / "feeds.md"


def command(*arguments: str) -> str:
    out = StringIO()
    call_command("run_feed", *arguments, stdout=out)
    return " ".join(out.getvalue().split())


def test_it_writes(partner):
    feed_of(partner)
    partner.gives(entry(1), entry(2))
    assert "written: 2 written" in command("marche")
    assert PointOfSale.objects.count() == 2
    assert "unchanged: 0 written, 2 unchanged" in command("marche")


def test_a_dry_run_writes_nothing(partner):
    feed_of(partner)
    partner.gives(entry(1))
    before = versions()
    said = command("marche", "--dry-run")
    assert "1 written" in said
    assert "Nothing was written" in said
    assert versions() == before
    assert not FeedRun.objects.exists()


@pytest.mark.parametrize("option", [(), ("--dry-run",)])
def test_what_fails_says_why(partner, option):
    feed_of(partner)
    partner.status = 500
    with pytest.raises(CommandError, match="500"):
        command("marche", *option)
    with pytest.raises(CommandError, match="Known: marche"):
        command("autre", *option)


def test_the_documented_list_under_the_documented_mapping(partner):
    listed, mapping = re.findall(r"```(?:json|toml)\n(.*?)```", DOCUMENTATION.read_text("utf-8"), re.DOTALL)
    partner.body = listed.encode()
    made = feeding.run(feed_of(partner, slug="marche-vendome", mapping=mapping))
    assert (made.outcome, made.rows, made.totals["written"]) == (FeedRun.Outcome.WRITTEN, [], 1), made.detail
    place = PointOfSale.objects.get()
    assert (place.siret, place.postcode) == (json.loads(listed)[0]["siret"], "41100")
    assert set(place.products.values_list("code", flat=True)) == {"goat_cheese", "bread"}
