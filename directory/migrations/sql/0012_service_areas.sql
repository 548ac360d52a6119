-- The service areas, rebuilt with the entries they belong to. Nothing here is seen by who searches without them.

-- The box of a circle as geo.points.Circle.envelope has it: 6,335,439 m is the ellipsoid's shortest radius of curvature.
CREATE FUNCTION directory_circle_box(centre geometry, radius_m float8) RETURNS geometry LANGUAGE sql IMMUTABLE STRICT
PARALLEL SAFE AS $$
    SELECT ST_MakeEnvelope(
        ST_X(centre) - lon, ST_Y(centre) - degrees(angle), ST_X(centre) + lon, ST_Y(centre) + degrees(angle), 4326
    )
    FROM (SELECT radius_m / 6335439 * 1.0001 AS angle) AS turned
    CROSS JOIN LATERAL (
        SELECT degrees(asin(least(1, sin(angle) / cos(radians(ST_Y(centre)))))) * 1.005 AS lon
    ) AS half
$$;

CREATE FUNCTION directory_service_areas(ids bigint[])
RETURNS TABLE (id bigint, centre geometry, radius_m float8, communes text[], box geometry)
LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
#variable_conflict use_column
BEGIN
RETURN QUERY SELECT
    entry.id,
    entry.public_point,
    pos.service_radius_km * 1000.0::float8,
    coalesce(served.codes, '{}'),
    ST_Envelope(ST_Collect(
        directory_circle_box(entry.public_point, pos.service_radius_km * 1000.0::float8), served.extent
    ))
FROM directory_search_entry AS entry
JOIN directory_pointofsale AS pos ON pos.id = entry.id
CROSS JOIN LATERAL (
    SELECT array_agg(commune.code::text ORDER BY commune.code) AS codes,
           ST_SetSRID(ST_Extent(commune.contour)::geometry, 4326) AS extent
    FROM directory_pointofsale_service_communes AS link
    JOIN geo_commune AS commune ON commune.code = link.commune_id
    WHERE link.pointofsale_id = pos.id
) AS served
WHERE entry.id = ANY (ids) AND (pos.service_radius_km IS NOT NULL OR served.codes IS NOT NULL);
END
$$;

-- Whatever rebuilds entries rebuilds their areas. A renamed function keeps its callers' plans: workers that ran before
-- this migration are to be started again, as after any other.
ALTER FUNCTION directory_refresh_entries(bigint[]) RENAME TO directory_rebuild_entries;
CREATE FUNCTION directory_refresh_entries(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM directory_rebuild_entries(ids);
    DELETE FROM directory_service_area AS area
    WHERE area.id = ANY (ids) AND NOT EXISTS (
        SELECT FROM directory_pointofsale AS pos
        WHERE pos.id = area.id AND (
            pos.service_radius_km IS NOT NULL
            OR EXISTS (SELECT FROM directory_pointofsale_service_communes WHERE pointofsale_id = pos.id)
        )
    );
    INSERT INTO directory_service_area AS area (id, centre, radius_m, communes, box)
    SELECT id, centre, radius_m, communes, box FROM directory_service_areas(ids)
    ON CONFLICT (id) DO UPDATE SET
        centre = excluded.centre, radius_m = excluded.radius_m, communes = excluded.communes, box = excluded.box;
END
$$;

CREATE FUNCTION directory_forget_areas() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM directory_service_area WHERE id IN (SELECT id FROM gone);
    RETURN NULL;
END
$$;
CREATE TRIGGER area_delete AFTER DELETE ON directory_search_entry
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION directory_forget_areas();

CREATE FUNCTION directory_empty_areas() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM directory_service_area;
    RETURN NULL;
END
$$;
CREATE TRIGGER area_truncate AFTER TRUNCATE ON directory_search_entry
    FOR EACH STATEMENT EXECUTE FUNCTION directory_empty_areas();

CREATE TRIGGER entry_insert AFTER INSERT ON directory_pointofsale_service_communes
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION directory_follow('pointofsale_id');
CREATE TRIGGER entry_delete AFTER DELETE ON directory_pointofsale_service_communes
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION directory_follow('pointofsale_id');
CREATE TRIGGER entry_update AFTER UPDATE ON directory_pointofsale_service_communes
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION directory_follow('pointofsale_id');

-- A contour that is drawn anew changes the boxes of those who go there.
CREATE FUNCTION directory_follow_served() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ids bigint[];
BEGIN
    SELECT array_agg(DISTINCT pointofsale_id) INTO ids
    FROM directory_pointofsale_service_communes WHERE commune_id IN (SELECT code FROM changed);
    IF ids IS NOT NULL THEN
        PERFORM directory_refresh_entries(ids);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER served_update AFTER UPDATE ON geo_commune
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION directory_follow_served();

INSERT INTO directory_service_area (id, centre, radius_m, communes, box)
SELECT id, centre, radius_m, communes, box
FROM directory_service_areas((SELECT array_agg(id) FROM directory_pointofsale WHERE service_radius_km IS NOT NULL));
