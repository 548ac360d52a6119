"""What there is to list for search engines: what is published and not invented. Ends each look-up at the first find."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction
from django.db.models import OuterRef, Subquery

from directory.models import Platform, PointOfSale, Term
from directory.vocabulary import vocabulary
from geo.models import Commune

# Merchants are listed in shares of so many numbers. A share is the same for ever: nothing is counted or passed over.
SHARE = 20_000
# The first of each is looked up: 0.6 ms for a million merchants.
SHARES = """
SELECT number
FROM generate_series(0, (SELECT max(merchant_id) FROM directory_search_entry) / %(share)s) AS number
CROSS JOIN LATERAL (
    SELECT FROM directory_search_entry
    WHERE merchant_id >= number * %(share)s AND merchant_id < (number + 1) * %(share)s AND NOT demo
    ORDER BY merchant_id
    LIMIT 1
) AS one
"""
SHEETS = """
SELECT min(card::json ->> 'url'), max(updated_at)
FROM directory_search_entry
WHERE merchant_id >= %s AND merchant_id < %s
GROUP BY merchant_id
HAVING NOT bool_or(demo)
ORDER BY merchant_id
"""
# By which field a point of sale has a term.
HELD_BY = {"activity": "activities", "product": "offers__product"}


def communes() -> set[str]:
    """The codes of communes where something is."""
    return set(_having(Commune.objects.all(), "commune"))


def terms(dimension: str) -> set[str]:
    """The codes of the activities, or products, that something is, and of those above them."""
    known = vocabulary()
    held = _having(Term.objects.filter(dimension=dimension), HELD_BY[dimension])
    return {known.by_id[above].code for id_ in held if id_ in known.by_id for above in known.by_id[id_].path}


def _having(rows: models.QuerySet[Any], field: str) -> models.QuerySet[Any, Any]:
    """Keys of the rows that a real point of sale has in that field. As a join it would read all of them: 3 s."""
    real = PointOfSale.objects.filter(status=PointOfSale.Status.PUBLISHED, demo=False, **{field: OuterRef("pk")})
    one = Subquery(real.order_by().values("pk")[:1])
    return rows.order_by().annotate(one=one).filter(one__isnull=False).values_list("pk", flat=True)


def platforms() -> list[tuple[str, datetime]]:
    """The real platforms that people are sent to: the address of the page of each, and when it last changed."""
    rows = Platform.objects.shown().filter(demo=False).order_by("slug").only("slug", "updated_at")
    return [(platform.path, platform.updated_at) for platform in rows]


def shares() -> list[int]:
    """The numbers of the shares that have sheets."""
    with connection.cursor() as cursor:
        cursor.execute(SHARES, {"share": SHARE})
        return [number for (number,) in cursor.fetchall()]


def sheets(share: int) -> Iterator[tuple[str, datetime]]:
    """The sheets of a share, read in chunks: the address of each, as cards have it, and when it last changed."""
    connection.ensure_connection()
    with transaction.atomic(), connection.connection.cursor(name="sheets") as cursor:
        cursor.itersize = 1000
        cursor.execute(SHEETS, [share * SHARE, (share + 1) * SHARE])
        yield from cursor
