-- What 0002 and 0004 build, with the same output and less work: see docs/decisions.md.

-- Base 36 by the digit, in one expression, which PostgreSQL puts in the place of the call. Codes have five at most.
CREATE OR REPLACE FUNCTION directory_place_term(code text) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN length(code) = 9 THEN code::int ELSE 100000000
        + strpos('123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', substr(upper(lpad(code, 5, '0')), 1, 1)) * 1679616
        + strpos('123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', substr(upper(lpad(code, 5, '0')), 2, 1)) * 46656
        + strpos('123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', substr(upper(lpad(code, 5, '0')), 3, 1)) * 1296
        + strpos('123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', substr(upper(lpad(code, 5, '0')), 4, 1)) * 36
        + strpos('123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', substr(upper(lpad(code, 5, '0')), 5, 1))
    END
$$;

CREATE OR REPLACE AGGREGATE directory_concatenate(int[]) (
    SFUNC = array_cat, STYPE = int[], INITCOND = '{}', PARALLEL = SAFE
);

-- In PL/pgSQL, because its plan is kept from call to call: planning takes several times as long as building one entry.
CREATE OR REPLACE FUNCTION directory_public_points_of_sale(ids bigint[]) RETURNS TABLE (
    id bigint, merchant_id bigint, schedule_id bigint, public_point geometry, terms int[], name text, demo boolean,
    card text, document tsvector, folded_name text, seasons int[]
) LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
#variable_conflict use_column
BEGIN
RETURN QUERY SELECT
    pos.id,
    pos.merchant_id,
    pos.schedule_id,
    -- In whole micro-degrees, which is what the API shows: where something lies is then one thing for all.
    ST_SetSRID(ST_MakePoint(round(ST_X(shown.at) * 1e6) / 1e6, round(ST_Y(shown.at) * 1e6) / 1e6), 4326),
    uniq(sort(coalesce(held.paths, '{}') || array_remove(ARRAY[
        directory_place_term(commune.code),
        directory_place_term(commune.epci_id),
        directory_place_term(commune.departement_id)
    ], NULL))),
    shown.name,
    pos.demo,
    row_to_json(card)::text,
    setweight(to_tsvector('directory_french', directory_words(concat_ws(' ', nullif(pos.name, ''), merchant.name))), 'A')
        || setweight(to_tsvector('directory_french', directory_words(coalesce(offered.lines, ''))), 'B')
        || setweight(to_tsvector('directory_french', directory_words(merchant.description_fr)), 'C')
        || setweight(to_tsvector('directory_english', directory_words(merchant.description_en)), 'D'),
    directory_fold(shown.name),
    coalesce(offered.months, '{}')
FROM directory_pointofsale AS pos
JOIN directory_merchant AS merchant ON merchant.id = pos.merchant_id
JOIN geo_commune AS commune ON commune.code = pos.commune_id
-- An array of ids, which the index looks up by itself: a semi-join takes half as long again.
CROSS JOIN LATERAL (
    SELECT
        directory_concatenate(term.path) AS paths,
        json_agg(term.code) FILTER (WHERE term.dimension = 'activity') AS activities,
        json_agg(term.code) FILTER (WHERE term.dimension = 'product') AS products,
        json_agg(term.code) FILTER (WHERE term.dimension = 'label') AS labels,
        json_agg(term.code) FILTER (WHERE term.dimension = 'service') AS services
    FROM (
        SELECT path, code, dimension
        FROM directory_term
        WHERE directory_term.id = ANY (ARRAY(
            SELECT activity_id FROM directory_pointofsale_activities WHERE pointofsale_id = pos.id
            UNION ALL SELECT service_id FROM directory_pointofsale_services WHERE pointofsale_id = pos.id
            UNION ALL SELECT product_id FROM directory_offer WHERE point_of_sale_id = pos.id
            UNION ALL SELECT label_id FROM directory_merchantlabel WHERE directory_merchantlabel.merchant_id = pos.merchant_id
        ))
        ORDER BY rank
    ) AS term
) AS held
-- A season that runs over the new year ends in a month before its first. Of several seasons of one product, jsonb keeps
-- the last that it is given: the longest.
CROSS JOIN LATERAL (
    SELECT
        string_agg(offer.line, ' ' ORDER BY offer.id) FILTER (WHERE offer.line <> '') AS lines,
        jsonb_object_agg(
            term.code, jsonb_build_array(season.first, season.last)
            ORDER BY (season.last - season.first + 12) % 12, season.first DESC
        ) FILTER (WHERE season.first + season.last + term.id IS NOT NULL) AS seasons,
        uniq(sort(directory_concatenate(ARRAY(
            SELECT (ancestor * 16 + month)::int
            FROM unnest(term.path) AS ancestor CROSS JOIN generate_series(1, 12) AS month
            WHERE CASE WHEN season.first <= season.last THEN month BETWEEN season.first AND season.last
                       ELSE month >= season.first OR month <= season.last END
        )) FILTER (WHERE season.first + season.last + term.id IS NOT NULL))) AS months
    FROM directory_offer AS offer
    LEFT JOIN directory_term AS term ON term.id = offer.product_id
    CROSS JOIN LATERAL (
        SELECT
            CASE WHEN own.given THEN offer.season_first ELSE term.season_first END AS first,
            CASE WHEN own.given THEN offer.season_last ELSE term.season_last END AS last
        FROM (SELECT offer.season_first + offer.season_last IS NOT NULL AS given) AS own
    ) AS season
    WHERE offer.point_of_sale_id = pos.id
) AS offered
CROSS JOIN LATERAL (
    SELECT
        NOT pos.pin_hidden AND pos.pin IS NOT NULL AS by_pin,
        CASE WHEN NOT pos.pin_hidden AND pos.pin IS NOT NULL THEN pos.pin ELSE commune.centre END AS at,
        coalesce(nullif(pos.name, ''), merchant.name) AS name
) AS shown
CROSS JOIN LATERAL (SELECT commune.code, commune.name) AS place
CROSS JOIN LATERAL (
    SELECT
        CASE WHEN shown.by_pin THEN pos.pin_precision ELSE 'commune' END AS precision,
        CASE WHEN shown.by_pin THEN pos.pin_source ELSE 'gazetteer' END AS source,
        CASE WHEN shown.by_pin THEN round(pos.pin_score::numeric, 2) END AS score
) AS provenance
CROSS JOIN LATERAL (
    SELECT
        shown.name,
        pos.merchant_id AS merchant,
        '/m/' || pos.merchant_id || '-' || directory_slug(merchant.name) || '/' AS url,
        pos.kind,
        coalesce(held.activities, '[]') AS activities,
        coalesce(held.products, '[]') AS products,
        coalesce(held.labels, '[]') AS labels,
        coalesce(held.services, '[]') AS services,
        coalesce(offered.seasons, '{}') AS seasons,
        CASE WHEN NOT pos.pin_hidden THEN concat_ws(', ', nullif(pos.street, ''),
             concat_ws(' ', nullif(pos.postcode, ''), commune.name)) END AS address,
        row_to_json(place) AS commune,
        pos.demo,
        row_to_json(provenance) AS pin
) AS card
WHERE pos.id = ANY (ids) AND pos.status = 'published';
END
$$;
