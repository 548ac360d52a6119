"""Old passages go, and the names in those that stay."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from directory import tasks
from directory.models import Feed, FeedRun

pytestmark = pytest.mark.django_db


def feed_of(slug: str, *days: int) -> Feed:
    """A feed with a held passage so many days ago each."""
    feed = Feed.objects.create(slug=slug, url="https://a.example/", format="json", mapping="")
    for day in days:
        FeedRun.objects.create(
            feed=feed, started_at=timezone.now() - timedelta(days=day), seconds=1, outcome="held",
            totals={"absent": 1, "missing": ["m1"]}, rows=[{"line": 1, "name": "Mme Dupont"}],
        )  # fmt: skip
    return feed


def ages(feed: Feed) -> list[int]:
    return [(timezone.now() - run.started_at).days for run in feed.runs.all()]


def test_old_passages_go_but_for_the_last_of_each_feed():
    seldom, often = feed_of("seldom", *range(50, 80)), feed_of("often", *range(1, 31), 59, 61)
    assert tasks.forget_feed_runs(0) == 11
    assert ages(seldom) == list(range(50, 70))
    assert ages(often) == [*range(1, 31), 59]


def test_names_go_sooner():
    feed = feed_of("often", 29, 31)
    tasks.forget_feed_runs(0)
    young, old = feed.runs.all()
    assert (young.rows[0]["name"], young.totals["missing"]) == ("Mme Dupont", ["m1"])
    assert (old.rows, old.totals) == ([], {"absent": 1})
