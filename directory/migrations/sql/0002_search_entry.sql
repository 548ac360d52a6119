-- The search entry of a point of sale: what it says, and what keeps it in step.
-- See directory/indexing.py for the why, directory/models/search_entry.py for the columns.

-- A place's code as a term id, apart from the vocabulary's: communes and départements read in base 36 above
-- 100,000,000; an EPCI's SIREN (nine digits, from 200,000,000) as it is. Same as directory.places.place_term.
CREATE FUNCTION directory_place_term(code text) RETURNS int LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    digit text;
    value int := 0;
BEGIN
    IF length(code) = 9 THEN
        RETURN code::int;
    END IF;
    FOREACH digit IN ARRAY string_to_array(upper(code), NULL) LOOP
        value := value * 36 + strpos('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', digit) - 1;
    END LOOP;
    RETURN 100000000 + value;
END
$$;

CREATE AGGREGATE directory_concatenate(int[]) (SFUNC = array_cat, STYPE = int[], INITCOND = '{}');

CREATE FUNCTION directory_slug(name text) RETURNS text LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
    SELECT trim(BOTH '-' FROM left(regexp_replace(lower(public.unaccent(name)), '[^a-z0-9]+', '-', 'g'), 60))
$$;

-- Those of these points of sale that are published, as the public sees them. `public_point` is the pin, or the
-- commune's centre where the pin is hidden or not yet known: nothing public is computed from anything else.
-- What a point of sale holds is looked up for each one (LATERAL), and never by sequential scans: in the transaction
-- that fills empty tables there are no statistics yet, and a join of sets was then planned as a loop over all of both.
CREATE FUNCTION directory_public_points_of_sale(ids bigint[]) RETURNS TABLE (
    id bigint, merchant_id bigint, schedule_id bigint, public_point geometry, terms int[], name text, demo boolean,
    card text
) LANGUAGE sql STABLE SET enable_seqscan = off AS $$
SELECT
    pos.id,
    pos.merchant_id,
    pos.schedule_id,
    CASE WHEN shown.by_pin THEN pos.pin ELSE commune.centre END,
    uniq(sort(coalesce(held.paths, '{}') || array_remove(ARRAY[
        directory_place_term(commune.code),
        directory_place_term(commune.epci_id),
        directory_place_term(commune.departement_id)
    ], NULL))),
    shown.name,
    pos.demo,
    row_to_json((
        SELECT card FROM (SELECT
            shown.name,
            pos.merchant_id AS merchant,
            '/m/' || pos.merchant_id || '-' || directory_slug(merchant.name) || '/' AS url,
            pos.kind,
            coalesce(held.activities, '[]') AS activities,
            coalesce(held.products, '[]') AS products,
            coalesce(held.labels, '[]') AS labels,
            coalesce(held.services, '[]') AS services,
            CASE WHEN NOT pos.pin_hidden THEN concat_ws(', ', nullif(pos.street, ''),
                 concat_ws(' ', nullif(pos.postcode, ''), commune.name)) END AS address,
            row_to_json((SELECT place FROM (SELECT commune.code, commune.name) AS place)) AS commune,
            pos.demo,
            row_to_json((SELECT provenance FROM (SELECT
                CASE WHEN shown.by_pin THEN pos.pin_precision ELSE 'commune' END AS precision,
                CASE WHEN shown.by_pin THEN pos.pin_source ELSE 'gazetteer' END AS source,
                CASE WHEN shown.by_pin THEN round(pos.pin_score::numeric, 2) END AS score
            ) AS provenance)) AS pin
        ) AS card
    ))::text
FROM directory_pointofsale AS pos
JOIN directory_merchant AS merchant ON merchant.id = pos.merchant_id
JOIN geo_commune AS commune ON commune.code = pos.commune_id
CROSS JOIN LATERAL (
    SELECT
        directory_concatenate(term.path) AS paths,
        json_agg(term.code ORDER BY term.rank) FILTER (WHERE term.dimension = 'activity') AS activities,
        json_agg(term.code ORDER BY term.rank) FILTER (WHERE term.dimension = 'product') AS products,
        json_agg(term.code ORDER BY term.rank) FILTER (WHERE term.dimension = 'label') AS labels,
        json_agg(term.code ORDER BY term.rank) FILTER (WHERE term.dimension = 'service') AS services
    FROM directory_term AS term
    WHERE term.id IN (
        SELECT activity_id FROM directory_pointofsale_activities WHERE pointofsale_id = pos.id
        UNION SELECT service_id FROM directory_pointofsale_services WHERE pointofsale_id = pos.id
        UNION SELECT product_id FROM directory_offer WHERE point_of_sale_id = pos.id
        UNION SELECT label_id FROM directory_merchantlabel WHERE merchant_id = pos.merchant_id
    )
) AS held
CROSS JOIN LATERAL (
    SELECT NOT pos.pin_hidden AND pos.pin IS NOT NULL AS by_pin, coalesce(nullif(pos.name, ''), merchant.name) AS name
) AS shown
WHERE pos.id = ANY (ids) AND pos.status = 'published'
$$;

-- Bring the entries of these points of sale in step. The rows are locked first: of two transactions that change one
-- point of sale, the second then sees what the first wrote. `updated_at` moves only when something public changed, so
-- that nothing public tells of a hidden pin being moved.
CREATE FUNCTION directory_refresh_entries(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM directory_pointofsale WHERE id = ANY (ids) ORDER BY id FOR NO KEY UPDATE;
    DELETE FROM directory_search_entry AS entry
    WHERE entry.id = ANY (ids)
      AND NOT EXISTS (SELECT FROM directory_pointofsale AS pos WHERE pos.id = entry.id AND pos.status = 'published');
    INSERT INTO directory_search_entry AS entry
        (id, merchant_id, schedule_id, public_point, terms, name, demo, card, updated_at)
    SELECT shown.id, merchant_id, schedule_id, public_point, terms, name, demo, card, now()
    FROM directory_public_points_of_sale(ids) AS shown
    ORDER BY public_point
    ON CONFLICT (id) DO UPDATE SET
        merchant_id = excluded.merchant_id,
        schedule_id = excluded.schedule_id,
        public_point = excluded.public_point,
        terms = excluded.terms,
        name = excluded.name,
        demo = excluded.demo,
        card = excluded.card,
        updated_at = excluded.updated_at
    WHERE (entry.merchant_id, entry.schedule_id, entry.terms, entry.name, entry.demo, entry.card)
          IS DISTINCT FROM
          (excluded.merchant_id, excluded.schedule_id, excluded.terms, excluded.name, excluded.demo, excluded.card)
       OR ST_AsBinary(entry.public_point) IS DISTINCT FROM ST_AsBinary(excluded.public_point);
END
$$;

-- One trigger function for all: its arguments are how to get from a changed row to points of sale.
--   ('id' column of the point of sale in the changed table, NULL)  or  ('column', 'column of directory_pointofsale')
-- `SET LOCAL directory.indexing = 'deferred'` lets a bulk writer call directory_refresh_entries itself, once, before
-- it commits.
CREATE FUNCTION directory_follow() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ids bigint[];
BEGIN
    IF current_setting('directory.indexing', true) = 'deferred' THEN
        RETURN NULL;
    ELSIF TG_NARGS = 1 THEN
        EXECUTE format('SELECT array_agg(DISTINCT %I) FROM changed', TG_ARGV[0]) INTO ids;
    ELSE
        EXECUTE format('SELECT array_agg(pos.id) FROM directory_pointofsale AS pos WHERE pos.%I IN (SELECT %I FROM changed)',
                       TG_ARGV[1], TG_ARGV[0]) INTO ids;
    END IF;
    IF ids IS NOT NULL THEN
        PERFORM directory_refresh_entries(ids);
    END IF;
    RETURN NULL;
END
$$;

-- A term's path is itself and its ancestors. When the tree changes, paths are made anew; the terms whose path, code or
-- rank moved are then found in the entries that hold them.
CREATE FUNCTION directory_grow_paths() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH RECURSIVE grown(id, ancestor, depth) AS (
        SELECT id, id, 0 FROM directory_term
        UNION ALL
        SELECT grown.id, term.parent_id, depth + 1
        FROM grown JOIN directory_term AS term ON term.id = grown.ancestor
        WHERE term.parent_id IS NOT NULL AND depth < 20
    ), paths AS (
        SELECT id, array_agg(ancestor::int ORDER BY depth) AS path FROM grown GROUP BY id
    )
    UPDATE directory_term AS term SET path = paths.path
    FROM paths WHERE paths.id = term.id AND term.path IS DISTINCT FROM paths.path;
    RETURN NULL;
END
$$;

CREATE FUNCTION directory_follow_terms() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moved int[];
    ids bigint[];
BEGIN
    SELECT array_agg(after.id::int) INTO moved
    FROM after JOIN before USING (id)
    WHERE (after.path, after.code, after.dimension, after.rank)
          IS DISTINCT FROM (before.path, before.code, before.dimension, before.rank);
    IF moved IS NOT NULL THEN
        SELECT array_agg(id) INTO ids FROM directory_search_entry WHERE terms OPERATOR(pg_catalog.&&) moved;
        IF ids IS NOT NULL THEN
            PERFORM directory_refresh_entries(ids);
        END IF;
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION directory_forget_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM directory_search_entry WHERE id IN (SELECT id FROM changed);
    RETURN NULL;
END
$$;

CREATE TRIGGER entry_insert AFTER INSERT ON directory_pointofsale
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION directory_follow('id');
CREATE TRIGGER entry_update AFTER UPDATE ON directory_pointofsale
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION directory_follow('id');
CREATE TRIGGER entry_delete AFTER DELETE ON directory_pointofsale
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION directory_forget_entries();

CREATE TRIGGER entry_insert AFTER INSERT ON directory_pointofsale_activities
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION directory_follow('pointofsale_id');
CREATE TRIGGER entry_delete AFTER DELETE ON directory_pointofsale_activities
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION directory_follow('pointofsale_id');
CREATE TRIGGER entry_update AFTER UPDATE ON directory_pointofsale_activities
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION directory_follow('pointofsale_id');

CREATE TRIGGER entry_insert AFTER INSERT ON directory_pointofsale_services
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION directory_follow('pointofsale_id');
CREATE TRIGGER entry_delete AFTER DELETE ON directory_pointofsale_services
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION directory_follow('pointofsale_id');
CREATE TRIGGER entry_update AFTER UPDATE ON directory_pointofsale_services
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION directory_follow('pointofsale_id');

-- An offer or label may move to another owner (a merge): the old one is followed too.
CREATE TRIGGER entry_insert AFTER INSERT ON directory_offer
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION directory_follow('point_of_sale_id');
CREATE TRIGGER entry_delete AFTER DELETE ON directory_offer
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION directory_follow('point_of_sale_id');
CREATE TRIGGER entry_update AFTER UPDATE ON directory_offer
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION directory_follow('point_of_sale_id');
CREATE TRIGGER entry_update_from AFTER UPDATE ON directory_offer
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION directory_follow('point_of_sale_id');

CREATE TRIGGER entry_insert AFTER INSERT ON directory_merchantlabel
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION directory_follow('merchant_id', 'merchant_id');
CREATE TRIGGER entry_delete AFTER DELETE ON directory_merchantlabel
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION directory_follow('merchant_id', 'merchant_id');
CREATE TRIGGER entry_update AFTER UPDATE ON directory_merchantlabel
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION directory_follow('merchant_id', 'merchant_id');
CREATE TRIGGER entry_update_from AFTER UPDATE ON directory_merchantlabel
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION directory_follow('merchant_id', 'merchant_id');

CREATE TRIGGER entry_update AFTER UPDATE ON directory_merchant
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION directory_follow('id', 'merchant_id');
CREATE TRIGGER entry_update AFTER UPDATE ON geo_commune
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION directory_follow('code', 'commune_id');
CREATE TRIGGER a_path_insert AFTER INSERT ON directory_term
    FOR EACH STATEMENT EXECUTE FUNCTION directory_grow_paths();
CREATE TRIGGER a_path_update AFTER UPDATE OF parent_id ON directory_term
    FOR EACH STATEMENT EXECUTE FUNCTION directory_grow_paths();
CREATE TRIGGER entry_update AFTER UPDATE ON directory_term
    REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION directory_follow_terms();

-- The hot table. Never `SET STORAGE` on a column of its GiST index: the setting is copied to the index, which then
-- misses rows (PostgreSQL 15; see docs/decisions.md).
ALTER TABLE directory_search_entry SET (
    fillfactor = 90,
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_analyze_scale_factor = 0.02
);
ALTER TABLE directory_search_entry ALTER COLUMN terms SET STATISTICS 1000;

-- Terms that were there before.
UPDATE directory_term SET parent_id = parent_id;
