"""What the address service answered, kept so that it is not asked twice, and used when it is away."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from geo.folding import fold
from geo.geocoding.parsing import Candidate, candidate_from_json
from geo.geocoding.providers import Query
from geo.models import CachedAddress

# "Nothing found" is asked again sooner: the national address base is indexed anew every week.
NOTHING_FOUND_DAYS = 7
MAX_KEY = 300  # CachedAddress.key


@dataclass(frozen=True, slots=True)
class Answer:
    """Candidates, best first, with the date at which the provider gave them. `stale`: older than they should be."""

    candidates: tuple[Candidate, ...]
    fetched_at: datetime
    stale: bool = False


def key_of(provider: str, query: Query) -> str:
    """The same for two writings of one question. Folding leaves no "|" in the text."""
    key = f"{provider}|{fold(query.text)}|{query.citycode}|{query.postcode}|{query.type}"
    return key if len(key) <= MAX_KEY else f"{provider}|sha256|{hashlib.sha256(key.encode()).hexdigest()}"


def read(provider: str, query: Query) -> Answer | None:
    """What was answered before, however old, or None."""
    row = CachedAddress.objects.filter(pk=key_of(provider, query)).first()
    if row is None:
        return None
    try:
        candidates = tuple(candidate_from_json(found) for found in row.candidates)
    except (KeyError, TypeError, ValueError):
        return None  # written by another version of this code: as if it were not there
    days = settings.GEOCODER["cache_days"]
    age = timedelta(days=days if candidates else min(days, NOTHING_FOUND_DAYS))
    return Answer(candidates, row.fetched_at, stale=timezone.now() - row.fetched_at >= age)


def write(provider: str, query: Query, candidates: list[Candidate]) -> Answer:
    """Keeps an answer; "nothing found" is one too."""
    answer = Answer(tuple(candidates), timezone.now())
    row = CachedAddress(
        key=key_of(provider, query),
        provider=provider,
        candidates=[candidate.as_json() for candidate in candidates],
        fetched_at=answer.fetched_at,
    )
    CachedAddress.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["provider", "candidates", "fetched_at"],
    )
    return answer
