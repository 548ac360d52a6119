"""Entries that may be one: proposed with what speaks for it, for a person to decide.

Only what changed since a day is compared, with its neighbours; whoever was said to be two stays two.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from math import prod
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from rapidfuzz import fuzz

from directory.importing.bulk import array
from directory.importing.duplicates import NEAR_M
from directory.importing.known import chunks
from directory.importing.likeness import Names, is_alike
from directory.models import Duplicate
from geo.folding import fold

# What each reason weighs, as the chance that it alone is right; they add up as independent ones.
WEIGHTS = {"siret": 0.95, "name": 0.6, "phone": 0.55, "email": 0.55, "siren": 0.4, "site": 0.4}
# Two names at one address that have a company number each are mostly two companies.
TOLD_APART = 0.3
LEAST = 0.5
# A phone or a site that more merchants have is a platform's, or an accountant's.
MOST_SHARING = 5
# Metres within which a shared phone speaks of one place; beyond, one business has two.
NEARBY_M = 2_000
CHUNK = 2_000

PHONE = r"nullif(right(regexp_replace(merchant.phone, '\D', '', 'g'), 9), '')"
EMAIL = "nullif(lower(merchant.email), '')"
SITE = r"nullif(lower(substring(merchant.website FROM '^https?://(?:www\.)?([^/:?#]+)')), '')"
# By commune: a chunk then reads the names of few.
CHANGED = """
SELECT place.id FROM directory_pointofsale AS place
WHERE place.status <> 'merged' AND (place.updated_at >= %s OR place.merchant_id IN (
    SELECT id FROM directory_merchant WHERE updated_at >= %s))
ORDER BY place.commune_id, place.id
"""
# With the pairs' own columns, so that Python need not ask again.
SELECT = """
SELECT least(place.id, other.id), greatest(place.id, other.id), ST_Distance(place.pin::geography, other.pin::geography)
FROM directory_pointofsale AS place JOIN directory_pointofsale AS other ON {} AND other.id <> place.id
WHERE place.id = ANY(%(ids)s::bigint[]) AND place.status <> 'merged' AND other.status <> 'merged'
  AND place.demo = other.demo AND (place.status <> 'closed' OR other.status <> 'closed')
"""
SAME_SIRET = SELECT.format("other.siret = place.siret")
# A range of the index on the SIRET: its first nine digits are the company's.
SAME_SIREN = SELECT.format(
    "other.siret BETWEEN left(place.siret, 9) AND left(place.siret, 9) || '99999'"
    " AND other.commune_id = place.commune_id"
    " AND other.merchant_id <> place.merchant_id AND 'closed' NOT IN (place.status, other.status)"
)
# Of merchants, the values that few share: a million merchants are read once a run.
SAID = (
    f"""
CREATE TEMPORARY TABLE duplicates_said AS
SELECT code, value, unnest(array_agg(id)) AS merchant_id
FROM directory_merchant AS merchant
CROSS JOIN LATERAL (VALUES ('phone', {PHONE}), ('email', {EMAIL}), ('site', {SITE})) AS said (code, value)
WHERE value IS NOT NULL
GROUP BY code, value HAVING count(*) BETWEEN 2 AND {MOST_SHARING}
""",  # noqa: S608 - of constants
    "CREATE INDEX ON duplicates_said (merchant_id)",
    "CREATE INDEX ON duplicates_said (code, value)",
    "ANALYZE duplicates_said",
)
SHARED = """
SELECT least(place.id, other.id), greatest(place.id, other.id), said.code, said.value
FROM directory_pointofsale AS place JOIN duplicates_said AS said USING (merchant_id)
JOIN duplicates_said AS too ON (too.code, too.value) = (said.code, said.value) AND too.merchant_id <> said.merchant_id
JOIN directory_pointofsale AS other ON other.merchant_id = too.merchant_id
WHERE place.id = ANY(%(ids)s::bigint[]) AND place.demo = other.demo
  AND place.status NOT IN ('closed', 'merged') AND other.status NOT IN ('closed', 'merged')
  AND (place.commune_id = other.commune_id OR ST_DWithin(place.pin::geography, other.pin::geography, %(nearby)s))
"""
# The cast is that of the index on the pin (`pos_pin_geography`).
NEAR = """
SELECT place.id, other.id
FROM directory_pointofsale AS place
JOIN directory_pointofsale AS other
  ON ST_DWithin(other.pin::geography(POINT, 4326), place.pin::geography(POINT, 4326), %(near)s) AND other.id <> place.id
WHERE place.id = ANY(%(ids)s::bigint[]) AND place.demo = other.demo
  AND place.status NOT IN ('closed', 'merged') AND other.status NOT IN ('closed', 'merged')
  AND place.pin_precision <> 'commune' AND other.pin_precision <> 'commune'
"""
NAMED = """
SELECT place.id, coalesce(nullif(place.name, ''), merchant.name), place.siret, place.merchant_id, place.kind,
       place.commune_id, place.pin_precision IN ('', 'commune'), place.demo
FROM directory_pointofsale AS place JOIN directory_merchant AS merchant ON merchant.id = place.merchant_id
WHERE place.status NOT IN ('closed', 'merged') AND """

Pair = tuple[int, int]
Reasons = dict[Pair, list[dict[str, Any]]]


class Named(NamedTuple):
    """A live entry, as names are compared."""

    id: int
    name: str
    siret: str | None
    merchant: int
    kind: str
    commune: str | None
    at_commune: bool
    demo: bool


def find(since: datetime | None = None) -> int:
    """Compare what changed since (all, for None) with its neighbours, and keep the pairs; how many are new."""
    start = since or datetime.min.replace(tzinfo=timezone.get_current_timezone(), year=1970)
    made = 0
    with _said():
        for ids in chunks([id_ for (id_,) in _rows(CHANGED, [start, start])], CHUNK):
            made += _keep(ids, _proposals(ids))
    return made


@contextmanager
def _said() -> Iterator[None]:
    """The table of what few merchants share, while a run asks it."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS duplicates_said")  # of a run that was cut short
        for statement in SAID:
            cursor.execute(statement)
        yield
        cursor.execute("DROP TABLE duplicates_said")


def _proposals(ids: Sequence[int]) -> Reasons:
    """The pairs that these entries make with any, with their reasons, the strongest first."""
    found: Reasons = defaultdict(list)
    given = {"ids": array(ids), "nearby": NEARBY_M, "near": NEAR_M}
    for code, statement in (("siret", SAME_SIRET), ("siren", SAME_SIREN)):
        for first, second, _metres in set(_rows(statement, given)):
            found[first, second].append({"code": code})
    for first, second, code, shared in sorted(set(_rows(SHARED, given))):
        found[first, second].append({"code": code} | ({"host": shared} if code == "site" else {}))
    for one, other in _namesakes(ids, given):
        likeness = round(fuzz.ratio(_folded(one.name), _folded(other.name)))
        apart = bool(one.siret and other.siret and one.siret[:9] != other.siret[:9])
        found[_pair(one.id, other.id)].append(
            {"code": "name", "likeness": likeness} | ({"apart": True} if apart else {})
        )
    for reasons in found.values():
        reasons.sort(key=_weight, reverse=True)
    return {pair: reasons for pair, reasons in found.items() if score(reasons) >= LEAST}


def score(reasons: Iterable[dict[str, Any]]) -> float:
    """How likely two entries are one, of 1."""
    return round(1 - prod(1 - _weight(reason) for reason in reasons), 3)


def _weight(reason: dict[str, Any]) -> float:
    return TOLD_APART if reason.get("apart") else WEIGHTS[reason["code"]]


def _namesakes(ids: Sequence[int], given: dict[str, Any]) -> Iterator[tuple[Named, Named]]:
    """Pairs whose names are alike: at one place, or in one commune where one of them is known only to it."""
    asked = set(ids)
    near = [(one, other) for one, other in _rows(NEAR, given) if one < other or other not in asked]
    mentioned = {*ids, *(other for _, other in near)}
    named = {row[0]: Named(*row) for row in _rows(f"{NAMED} place.id = ANY(%s::bigint[])", [array(mentioned)])}
    seen: set[Pair] = set()
    for one, other in (*near, *_in_communes([named[id_] for id_ in ids if id_ in named], named)):
        pair = _pair(one, other)
        if pair in seen or one not in named or other not in named:
            continue
        seen.add(pair)
        if _may_be_one(named[one], named[other]) and is_alike(_folded(named[one].name), _folded(named[other].name)):
            yield named[one], named[other]


def _in_communes(places: Iterable[Named], named: dict[int, Named]) -> Iterator[Pair]:
    """Pairs of one commune and name, where a pin tells nothing. Adds those that it meets to `named`."""
    places = [place for place in places if place.commune]
    codes = array({place.commune for place in places})
    there: dict[tuple[str | None, bool], Names[int]] = defaultdict(Names)
    for row in _rows(f"{NAMED} place.commune_id = ANY(%s::text[]) ORDER BY place.id", [codes]):
        other = named.setdefault(row[0], Named(*row))
        there[other.commune, other.at_commune].add(_folded(other.name), other.id)
    for place in places:
        for at_commune in (True, False) if place.at_commune else (True,):
            for id_ in there[place.commune, at_commune].alike(_folded(place.name)):
                if id_ != place.id:
                    yield place.id, id_


def _may_be_one(one: Named, other: Named) -> bool:
    """A merchant's stall and its vending machine bear one name, and are two."""
    return one.demo == other.demo and (one.merchant != other.merchant or one.kind == other.kind)


@transaction.atomic
def _keep(ids: Sequence[int], found: Reasons) -> int:
    """Write the pairs; what was decided stays, and open ones that nothing speaks for any more go."""
    about = Duplicate.objects.filter(Q(first__in=ids) | Q(second__in=ids))
    before = {(first, second): state for first, second, state in about.values_list("first", "second", "state")}
    gone = [pair for pair, state in before.items() if state == Duplicate.State.OPEN and pair not in found]
    for first, second in gone:
        Duplicate.objects.filter(first=first, second=second).delete()
    rows = [
        Duplicate(first_id=first, second_id=second, reasons=reasons, score=score(reasons))
        for (first, second), reasons in found.items()
        if before.get((first, second), Duplicate.State.OPEN) == Duplicate.State.OPEN
    ]
    Duplicate.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["first", "second"], update_fields=["reasons", "score"]
    )
    return len([pair for pair in found if pair not in before])


def tell_apart(pair: Duplicate, by: Any) -> None:
    """A person said that they are two: not proposed again, and neither waits for it."""
    pair.state, pair.decided_by, pair.decided_at = Duplicate.State.APART, by, timezone.now()
    pair.save(update_fields=["state", "decided_by", "decided_at"])


@lru_cache(maxsize=65536)
def _folded(name: str) -> str:
    return fold(name)


def _pair(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)


def _rows(statement: str, parameters: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
