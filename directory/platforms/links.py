"""Whether the platforms' sites answer: looked at once a day each, told apart from an outage of our own network.

A site that does not answer is first waited for, then flagged, then no longer shown; one that answers again is, at once.
Demonstration platforms have no site.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from enum import Enum
from urllib.parse import urljoin

from django.db.models import Q
from django.utils import timezone

from directory.models import Platform
from directory.platforms.addresses import look_up
from directory.platforms.errors import FetchFailure
from directory.platforms.fetching import MAX_REDIRECTS, REDIRECTS, answer
from geo.deadlines import Call, within

Link = Platform.Link
FLAGGED_AFTER, HIDDEN_AFTER = timedelta(days=14), timedelta(days=28)
AGAIN_AFTER = timedelta(hours=20)  # less than the day between two rounds
TOTAL_S = 20.0  # redirects included
AT_ONCE = 8
# From so many sites on, silence of them all is ours rather than theirs.
MANY = 3
HEADERS = {"User-Agent": "LocalDAbord/1 (+lien d'une plateforme)", "Accept": "text/html, */*;q=0.1"}
# A site that keeps robots out is there for people.
GUARDED = (401, 403, 405, 429)


class Found(Enum):
    """What came of looking at a site: a page, a refusal, or nothing at all."""

    WORKS = "works"
    REFUSED = "refused"
    SILENT = "silent"


def check_links(now: datetime | None = None) -> int:
    """Look at the sites that were not looked at today; of how many platforms the state changed."""
    now = now or timezone.now()
    due = Platform.objects.filter(Q(checked_at=None) | Q(checked_at__lte=now - AGAIN_AFTER), demo=False)
    platforms = list(due.defer("territory", "sold").order_by("pk"))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(pool.map(look, [platform.url for platform in platforms]))
    if is_our_outage(platforms, found):
        return 0
    return sum(_keep(platform, one, now) for platform, one in zip(platforms, found, strict=True))


def look(url: str, seconds: float = TOTAL_S) -> Found:
    """What a site answers, its pages not read. Touches no database."""
    try:
        return within(seconds, lambda call: _look(call, url))
    except (FetchFailure, TimeoutError, ValueError):
        return Found.SILENT


def _look(call: Call, url: str) -> Found:
    for _hop in range(MAX_REDIRECTS + 1):
        with answer(call, look_up(url), HEADERS) as response:
            there = response.headers.get("Location")
            if response.status not in REDIRECTS or there is None:
                return Found.WORKS if response.status < 400 or response.status in GUARDED else Found.REFUSED
            url = urljoin(url, there)
    return Found.REFUSED


def is_our_outage(platforms: Sequence[Platform], found: Sequence[Found]) -> bool:
    """Whether all fell silent at once, some of which were not before."""
    before = any(platform.link in (Link.UNKNOWN, Link.WORKS) for platform in platforms)
    return before and len(found) >= MANY and all(one is Found.SILENT for one in found)


def _keep(platform: Platform, found: Found, now: datetime) -> bool:
    """Write what was found, unless its address changed meanwhile; whether that is another state."""
    since = None if found is Found.WORKS else platform.failing_since or now
    link = state(since, now)
    row = Platform.objects.filter(pk=platform.pk, url=platform.url)
    return bool(row.update(link=link, failing_since=since, checked_at=now)) and link != platform.link


def state(failing_since: datetime | None, now: datetime) -> Link:
    if failing_since is None:
        return Link.WORKS
    silent_for = now - failing_since
    return Link.HIDDEN if silent_for >= HIDDEN_AFTER else Link.FLAGGED if silent_for >= FLAGGED_AFTER else Link.FAILING
