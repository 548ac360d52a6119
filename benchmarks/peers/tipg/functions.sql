-- The service's query as functions that tipg publishes as collections. Each is one SELECT, so that PostgreSQL inlines it
-- into the two queries that tipg sends: the count, and the page in the order that the request names. What does not
-- depend on a row stands in a scalar subquery, which is evaluated once and not for each row; the card is looked up in one
-- too, because PostgreSQL then does so after the page is cut.

-- A box around the circle, as geo.points.Circle.envelope makes it: for the index alone.
CREATE FUNCTION bench_box(lon float8, lat float8, radius_m float8) RETURNS geometry LANGUAGE sql IMMUTABLE AS $$
    SELECT ST_MakeEnvelope(lon - half, lat - angle, lon + half, lat + angle, 4326)
    FROM (SELECT degrees(radius_m / 6335439.0 * 1.0001) AS angle) AS a,
         LATERAL (SELECT degrees(asin(sin(radians(angle)) / cos(radians(lat)))) * 1.005 AS half) AS h
$$;

-- The plane about the centre, as geo.plane makes it, so that who is in the circle is found out as the service does (to
-- order them, tipg needs the distance of all, where the service takes that of the page): metres in a degree east and
-- north, within what a point is in the circle, beyond what it is not.
CREATE FUNCTION bench_plane(lat float8, radius_m float8) RETURNS float8[] LANGUAGE sql IMMUTABLE AS $$
    SELECT ARRAY[
        radians(centre.parallel), radians(centre.meridian),
        radius_m / greatest(1, max(edge.meridian / centre.meridian), max(edge.parallel / centre.parallel)) * (1 - 1e-8),
        radius_m / least(1, min(edge.meridian / centre.meridian), min(edge.parallel / centre.parallel)) * (1 + 1e-8)
    ]
    FROM (SELECT degrees(radius_m / 6335439.0 * 1.0001) AS angle) AS a,
         LATERAL (
             SELECT at, 6378137.0 * (1 - 0.0066943799901413165) / power(flattened, 1.5) AS meridian,
                    6378137.0 * cos(radians(at)) / sqrt(flattened) AS parallel
             FROM unnest(ARRAY[lat, lat - angle, lat + angle]) AS at,
                  LATERAL (SELECT 1 - 0.0066943799901413165 * power(sin(radians(at)), 2) AS flattened) AS f
         ) AS edge,
         LATERAL (
             SELECT 6378137.0 * (1 - 0.0066943799901413165) / power(flattened, 1.5) AS meridian,
                    6378137.0 * cos(radians(lat)) / sqrt(flattened) AS parallel
             FROM (SELECT 1 - 0.0066943799901413165 * power(sin(radians(lat)), 2) AS flattened) AS f
         ) AS centre
    GROUP BY centre.parallel, centre.meridian
$$;

CREATE FUNCTION bench_two_terms(lon float8, lat float8, radius_m float8, activity text, product text)
RETURNS TABLE (id bigint, distance float8, public_point geometry, card json) LANGUAGE sql STABLE AS $$
    SELECT near.id, ST_DistanceSpheroid(near.public_point, ST_SetSRID(ST_MakePoint(lon, lat), 4326)),
           near.public_point,
           (SELECT entry.card::json FROM directory_search_entry AS entry WHERE entry.id = near.id)
    FROM (
        SELECT entry.id, entry.public_point,
               point(ST_X(entry.public_point) * (SELECT (bench_plane(lat, radius_m))[1]),
                     ST_Y(entry.public_point) * (SELECT (bench_plane(lat, radius_m))[2]))
               <-> (SELECT point(lon * plane[1], lat * plane[2]) FROM bench_plane(lat, radius_m) AS plane) AS flat
        FROM directory_search_entry AS entry
        WHERE entry.public_point && (SELECT bench_box(lon, lat, radius_m))
          AND entry.terms @@ (SELECT string_agg(term.id::text, '&')::query_int FROM directory_term AS term
                              WHERE term.code IN (activity, product))
        OFFSET 0
    ) AS near
    WHERE CASE
        WHEN near.flat < (SELECT (bench_plane(lat, radius_m))[3]) THEN true
        WHEN near.flat <= (SELECT (bench_plane(lat, radius_m))[4])
            THEN ST_DistanceSpheroid(near.public_point, ST_SetSRID(ST_MakePoint(lon, lat), 4326)) <= radius_m
        ELSE false
    END
$$;

CREATE FUNCTION bench_one_term(lon float8, lat float8, radius_m float8, activity text)
RETURNS TABLE (id bigint, distance float8, public_point geometry, card json) LANGUAGE sql STABLE AS $$
    SELECT near.id, ST_DistanceSpheroid(near.public_point, ST_SetSRID(ST_MakePoint(lon, lat), 4326)),
           near.public_point,
           (SELECT entry.card::json FROM directory_search_entry AS entry WHERE entry.id = near.id)
    FROM (
        SELECT entry.id, entry.public_point,
               point(ST_X(entry.public_point) * (SELECT (bench_plane(lat, radius_m))[1]),
                     ST_Y(entry.public_point) * (SELECT (bench_plane(lat, radius_m))[2]))
               <-> (SELECT point(lon * plane[1], lat * plane[2]) FROM bench_plane(lat, radius_m) AS plane) AS flat
        FROM directory_search_entry AS entry
        WHERE entry.public_point && (SELECT bench_box(lon, lat, radius_m))
          AND entry.terms @@ (SELECT term.id::text::query_int FROM directory_term AS term WHERE term.code = activity)
        OFFSET 0
    ) AS near
    WHERE CASE
        WHEN near.flat < (SELECT (bench_plane(lat, radius_m))[3]) THEN true
        WHEN near.flat <= (SELECT (bench_plane(lat, radius_m))[4])
            THEN ST_DistanceSpheroid(near.public_point, ST_SetSRID(ST_MakePoint(lon, lat), 4326)) <= radius_m
        ELSE false
    END
$$;

CREATE FUNCTION bench_no_filter(lon float8, lat float8, radius_m float8)
RETURNS TABLE (id bigint, distance float8, public_point geometry, card json) LANGUAGE sql STABLE AS $$
    SELECT near.id, ST_DistanceSpheroid(near.public_point, ST_SetSRID(ST_MakePoint(lon, lat), 4326)),
           near.public_point,
           (SELECT entry.card::json FROM directory_search_entry AS entry WHERE entry.id = near.id)
    FROM (
        SELECT entry.id, entry.public_point,
               point(ST_X(entry.public_point) * (SELECT (bench_plane(lat, radius_m))[1]),
                     ST_Y(entry.public_point) * (SELECT (bench_plane(lat, radius_m))[2]))
               <-> (SELECT point(lon * plane[1], lat * plane[2]) FROM bench_plane(lat, radius_m) AS plane) AS flat
        FROM directory_search_entry AS entry
        WHERE entry.public_point && (SELECT bench_box(lon, lat, radius_m))
        OFFSET 0
    ) AS near
    WHERE CASE
        WHEN near.flat < (SELECT (bench_plane(lat, radius_m))[3]) THEN true
        WHEN near.flat <= (SELECT (bench_plane(lat, radius_m))[4])
            THEN ST_DistanceSpheroid(near.public_point, ST_SetSRID(ST_MakePoint(lon, lat), 4326)) <= radius_m
        ELSE false
    END
$$;

-- `rank` is the order: a function's columns carry no collation, so tipg cannot sort by name as French does.
CREATE FUNCTION bench_no_centre(activity text, product text)
RETURNS TABLE (id bigint, rank bigint, public_point geometry, card json) LANGUAGE sql STABLE AS $$
    SELECT entry.id, row_number() OVER (ORDER BY entry.name, entry.id), entry.public_point,
           (SELECT shown.card::json FROM directory_search_entry AS shown WHERE shown.id = entry.id)
    FROM directory_search_entry AS entry
    WHERE entry.terms OPERATOR(pg_catalog.@>) (SELECT array_agg(term.id::int) FROM directory_term AS term
                                               WHERE term.code IN (activity, product))
$$;
