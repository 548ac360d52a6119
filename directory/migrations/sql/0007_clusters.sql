-- The cells of the clusters, and the changes that they have yet to take in: see directory/clusters.

-- Changes are appended and taken away all day; both are for readers who ask of one term in a view.
ALTER TABLE directory_cluster_change SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- Entries that came, went, moved or sell something else. `SET directory.clusters = 'rebuilt'` lets a bulk loader leave
-- them out, who calls directory_rebuild_clusters() afterwards (directory/clusters/pyramid.py, left_to_rebuild).
CREATE FUNCTION directory_note_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('directory.clusters', true) = 'rebuilt' THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        -- What is the same before and after adds up to nothing. Sets of unknown size are not joined: PostgreSQL loops
        -- over all of both.
        INSERT INTO directory_cluster_change (entry, lon, lat, terms, sign)
        SELECT id, lon, lat, terms, sum(sign)
        FROM (
            SELECT id, round(ST_X(public_point) * 1e6) AS lon, round(ST_Y(public_point) * 1e6) AS lat, terms, -1 AS sign
            FROM before
            UNION ALL
            SELECT id, round(ST_X(public_point) * 1e6), round(ST_Y(public_point) * 1e6), terms, 1
            FROM after
        ) AS either
        GROUP BY id, lon, lat, terms
        HAVING sum(sign) <> 0;
    ELSE
        INSERT INTO directory_cluster_change (entry, lon, lat, terms, sign)
        SELECT id, round(ST_X(public_point) * 1e6), round(ST_Y(public_point) * 1e6), terms, TG_ARGV[0]::int
        FROM changed;
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER cluster_insert AFTER INSERT ON directory_search_entry
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION directory_note_entries('1');
CREATE TRIGGER cluster_delete AFTER DELETE ON directory_search_entry
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION directory_note_entries('-1');
CREATE TRIGGER cluster_update AFTER UPDATE ON directory_search_entry
    REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION directory_note_entries();

CREATE FUNCTION directory_forget_clusters() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM directory_rebuild_clusters();
    RETURN NULL;
END
$$;

CREATE TRIGGER cluster_truncate AFTER TRUNCATE ON directory_search_entry
    FOR EACH STATEMENT EXECUTE FUNCTION directory_forget_clusters();

-- The cell of zoom 22 (geo.grid) of whole micro-degrees; that of a zoom above is `>> (22 - zoom)`.
CREATE FUNCTION directory_column(lon int) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (lon + 180000000) / 24
$$;
CREATE FUNCTION directory_row(lat int) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (lat + 90000000) / 16
$$;

-- With each fold or rebuild the revision moves, and changes are counted anew: both together tell one state of the
-- entries from all others.
CREATE FUNCTION directory_bump_clusters() RETURNS void LANGUAGE sql AS $$
    INSERT INTO geo_revision AS held (name, number, checksum, updated_at) VALUES ('clusters', 1, '', now())
    ON CONFLICT (name) DO UPDATE SET number = held.number + 1, updated_at = now()
$$;

-- Take the changes into the cells: one statement, hence one snapshot; how many there were. Others who fold or rebuild
-- are waited for; a lock of the table would keep vacuum from it.
CREATE FUNCTION directory_fold_clusters() RETURNS bigint LANGUAGE plpgsql SET work_mem = '256MB' AS $$
DECLARE
    taken bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('directory_cluster_cell', 0));
    WITH change AS (
        DELETE FROM directory_cluster_change RETURNING *
    ), held AS (
        SELECT 0 AS term, change.* FROM change UNION ALL SELECT unnest(terms), change.* FROM change
    ), cell AS (
        SELECT zoom, term, directory_column(lon) >> (22 - zoom) AS x, directory_row(lat) >> (22 - zoom) AS y,
               sum(sign::int) AS count, sum(sign * lon::bigint) AS lon_sum, sum(sign * lat::bigint) AS lat_sum,
               sum(sign * entry) AS id_sum
        FROM held CROSS JOIN unnest(ARRAY[8, 10, 12, 14, 16]) AS zoom
        GROUP BY 1, 2, 3, 4
    ), folded AS (
        INSERT INTO directory_cluster_cell AS old (zoom, term, x, y, count, lon_sum, lat_sum, id_sum, divided)
        SELECT zoom, term, x, y, count, lon_sum, lat_sum, id_sum, false
        FROM cell
        WHERE zoom < 12 OR EXISTS (
            SELECT FROM directory_cluster_cell AS above
            WHERE above.zoom = cell.zoom - 4 AND above.term = cell.term
              AND above.x = cell.x >> 4 AND above.y = cell.y >> 4 AND above.divided
        )
        ON CONFLICT (zoom, term, x, y) DO UPDATE SET
            count = old.count + excluded.count,
            lon_sum = old.lon_sum + excluded.lon_sum,
            lat_sum = old.lat_sum + excluded.lat_sum,
            id_sum = old.id_sum + excluded.id_sum
    )
    SELECT count(*) FROM change INTO taken;
    DELETE FROM directory_cluster_cell WHERE count = 0;
    PERFORM directory_bump_clusters();
    RETURN taken;
END
$$;

-- Every entry in its cell of a zoom, once for each of its terms. unnest() stands in the select list, where it is
-- streamed: as a join, each entry's terms go through a store of their own (2.8 s a million entries instead of 1.6).
CREATE FUNCTION directory_held_in_cells(at_zoom int)
RETURNS TABLE (zoom int, term int, x int, y int, id bigint, lon bigint, lat bigint)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT at_zoom, unnest(array_append(terms, 0)), directory_column(lon) >> (22 - at_zoom),
           directory_row(lat) >> (22 - at_zoom), id, lon, lat
    FROM (
        SELECT id, round(ST_X(public_point) * 1e6)::int AS lon, round(ST_Y(public_point) * 1e6)::int AS lat, terms
        FROM directory_search_entry
        OFFSET 0
    ) AS entry
$$;

-- All cells anew, from all entries. Cells are filled and changes dropped by one statement, hence of one snapshot: what
-- is written meanwhile stays a change.
CREATE FUNCTION directory_rebuild_clusters() RETURNS void LANGUAGE plpgsql SET work_mem = '256MB' AS $$
DECLARE
    divided_above CONSTANT int := 250;  -- entries: up to so many are counted in about the time of reading cells
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('directory_cluster_cell', 0));
    PERFORM directory_bump_clusters();
    DELETE FROM directory_cluster_cell;
    WITH taken AS (
        DELETE FROM directory_cluster_change
    ), z10 AS (
        INSERT INTO directory_cluster_cell (zoom, term, x, y, count, lon_sum, lat_sum, id_sum, divided)
        SELECT zoom, term, x, y, count(*), sum(lon), sum(lat), sum(id), count(*) > divided_above
        FROM directory_held_in_cells(10) GROUP BY zoom, term, x, y ORDER BY term, x, y
        RETURNING *
    ), z8 AS (
        INSERT INTO directory_cluster_cell (zoom, term, x, y, count, lon_sum, lat_sum, id_sum, divided)
        SELECT 8, term, x >> 2, y >> 2, sum(count), sum(lon_sum), sum(lat_sum), sum(id_sum), sum(count) > divided_above
        FROM z10 GROUP BY term, x >> 2, y >> 2 ORDER BY term, x >> 2, y >> 2
        RETURNING term, x, y, divided
    ), z12 AS (
        INSERT INTO directory_cluster_cell (zoom, term, x, y, count, lon_sum, lat_sum, id_sum, divided)
        SELECT zoom, term, x, y, count(*), sum(lon), sum(lat), sum(id), count(*) > divided_above
        FROM directory_held_in_cells(12) WHERE (term, x >> 4, y >> 4) IN (SELECT term, x, y FROM z8 WHERE divided)
        GROUP BY zoom, term, x, y ORDER BY term, x, y
        RETURNING term, x, y, divided
    ), z14 AS (
        INSERT INTO directory_cluster_cell (zoom, term, x, y, count, lon_sum, lat_sum, id_sum, divided)
        SELECT zoom, term, x, y, count(*), sum(lon), sum(lat), sum(id), false
        FROM directory_held_in_cells(14) WHERE (term, x >> 4, y >> 4) IN (SELECT term, x, y FROM z10 WHERE divided)
        GROUP BY zoom, term, x, y ORDER BY term, x, y
    )
    INSERT INTO directory_cluster_cell (zoom, term, x, y, count, lon_sum, lat_sum, id_sum, divided)
    SELECT zoom, term, x, y, count(*), sum(lon), sum(lat), sum(id), false
    FROM directory_held_in_cells(16) WHERE (term, x >> 4, y >> 4) IN (SELECT term, x, y FROM z12 WHERE divided)
    GROUP BY zoom, term, x, y ORDER BY term, x, y;
END
$$;

-- Entries that were there before, in whole micro-degrees; what was noted of them is dropped with the rebuild.
SELECT directory_refresh_entries(ids)
FROM (
    SELECT array_agg(id) AS ids
    FROM (SELECT id, (row_number() OVER (ORDER BY id) - 1) / 20000 AS chunk FROM directory_search_entry) AS numbered
    GROUP BY chunk
) AS chunks;
SELECT directory_rebuild_clusters();
