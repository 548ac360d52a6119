"""How far positions lie outside communes."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from geo.points import Position

# Metres outside a commune's contour up to which a point may well be in it: contours are generalised, and addresses
# stand on the boundary road.
ACCEPTED_M = 200

# Inside (the usual case) the planar test on the contour answers; outside, true metres on the ellipsoid. Ordered by
# commune, so that each contour is read and prepared once.
DISTANCES = """
SELECT given.number,
       CASE WHEN ST_Intersects(commune.contour, given.point) THEN 0
            ELSE ST_Distance(commune.contour::geography, given.point::geography) END
FROM (
    SELECT number, code, ST_SetSRID(ST_MakePoint(lon, lat), 4326) AS point
    FROM unnest(%s::int[], %s::text[], %s::float8[], %s::float8[]) AS row(number, code, lon, lat)
    ORDER BY code
) AS given
JOIN geo_commune AS commune ON commune.code = given.code
"""


def metres_outside(rows: Iterable[tuple[str, Position]]) -> list[float]:
    """Metres from each position to the contour of the commune named by its INSEE code, 0 inside. One query."""
    given = [(n, code, position.lon, position.lat) for n, (code, position) in enumerate(rows)]
    if not given:
        return []
    # As PostgreSQL writes arrays: for 50,000 rows ten times as fast as the driver's lists.
    columns = [f"{{{','.join(map(str, column))}}}" for column in zip(*given, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(DISTANCES, columns)
        found = dict(cursor.fetchall())
    return [found[number] for number, *_ in given]
