-- The words and seasons of a point of sale, written in one pass with its search entry.
-- See directory/models/search_detail.py for the columns, directory/text.py for how they are asked.

-- French and English, whatever the accents. Accents go before stems are cut, in documents and in questions alike.
CREATE TEXT SEARCH CONFIGURATION directory_french (COPY = french);
ALTER TEXT SEARCH CONFIGURATION directory_french
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, french_stem;
CREATE TEXT SEARCH CONFIGURATION directory_english (COPY = english);
ALTER TEXT SEARCH CONFIGURATION directory_english
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, english_stem;

-- Text as words and spaces, before it is parsed: otherwise "ferme.fr" is a host, "24/7" a path, "<b>" a tag, and
-- "mini-ferme" a third word beside its two. A regular expression, because translate() takes 7 times as long.
CREATE FUNCTION directory_words(text text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT regexp_replace(text, '[!-/:-@[-`{-~–—’‘«»…·]+', ' ', 'g')
$$;

-- geo.folding.fold in SQL, for the scripts of Europe. Through normal forms and not unaccent(), which is not immutable:
-- PostgreSQL puts immutable expressions in the place of the call, 6 µs against 96.
CREATE FUNCTION directory_fold(text text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT btrim(regexp_replace(
        replace(replace(replace(replace(translate(
            regexp_replace(lower(normalize(text, NFKD) COLLATE "und-x-icu"), '[\u0300-\u036f\u0483-\u0487]+', '', 'g'),
        'øłđðıς', 'olddiσ'), 'œ', 'oe'), 'æ', 'ae'), 'þ', 'th'), 'ß', 'ss'),
        '[^[:alnum:]]+', ' ', 'g'))
$$;

-- As in 0002_search_entry.sql, with what the detail holds, and the seasons on the card. The comments there hold here.
DROP FUNCTION directory_public_points_of_sale(bigint[]);
CREATE FUNCTION directory_public_points_of_sale(ids bigint[]) RETURNS TABLE (
    id bigint, merchant_id bigint, schedule_id bigint, public_point geometry, terms int[], name text, demo boolean,
    card text, document tsvector, folded_name text, seasons int[]
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
            coalesce(offered.seasons, '{}') AS seasons,
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
    ))::text,
    setweight(to_tsvector('directory_french', directory_words(concat_ws(' ', nullif(pos.name, ''), merchant.name))), 'A')
        || setweight(to_tsvector('directory_french', directory_words(coalesce(offered.lines, ''))), 'B')
        || setweight(to_tsvector('directory_french', directory_words(merchant.description_fr)), 'C')
        || setweight(to_tsvector('directory_english', directory_words(merchant.description_en)), 'D'),
    directory_fold(shown.name),
    coalesce(offered.months, '{}')
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
    SELECT NOT pos.pin_hidden AND pos.pin IS NOT NULL AS by_pin, coalesce(nullif(pos.name, ''), merchant.name) AS name
) AS shown
WHERE pos.id = ANY (ids) AND pos.status = 'published'
$$;

-- How many slips of the finger lie between a word as it was typed and another: a letter wrong, missing or too many, two
-- neighbours exchanged; a plural is none. NULL where they are too many to say that the other was meant: one is forgiven
-- from five letters on, two from nine (docs/decisions.md).
CREATE FUNCTION directory_slips(typed text, word text) RETURNS int LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE WHEN length(typed) BETWEEN 5 AND 40 AND abs(length(typed) - length(word)) <= 3 THEN
        CASE levenshtein_less_equal(rtrim(typed, 'sx'), rtrim(word, 'sx'), 2)
            WHEN 0 THEN 0
            WHEN 1 THEN 1
            WHEN 2 THEN CASE
                WHEN length(typed) = length(word) AND translate(typed, word, '') = '' AND translate(word, typed, '') = ''
                    THEN 1
                WHEN length(typed) >= 9 THEN 2
            END
        END
    END
$$;

CREATE AGGREGATE directory_any(tsquery) (SFUNC = tsquery_or, STYPE = tsquery);
CREATE AGGREGATE directory_all(tsquery) (SFUNC = tsquery_and, STYPE = tsquery);

-- What a typed word may mean: itself, where any point of sale has it, or where it is too common to be looked for; else
-- the words of names that are nearest to it. By words, because a name that resembles a name is mostly another's. Names
-- are asked first, because GIN reads all rows of a common word before it says that there is one.
CREATE FUNCTION directory_meant(typed text) RETURNS text[] LANGUAGE plpgsql STABLE STRICT
SET enable_seqscan = off SET pg_trgm.similarity_threshold = 0.2 SET client_min_messages = warning AS $$
DECLARE
    french tsquery := plainto_tsquery('directory_french', typed);
    english tsquery := plainto_tsquery('directory_english', typed);
    meant text[];
BEGIN
    IF length(typed) >= 5 AND numnode(french) > 0 AND numnode(english) > 0
       AND NOT EXISTS (SELECT FROM directory_name_word WHERE word = typed)
       AND NOT EXISTS (SELECT FROM directory_search_detail WHERE document @@ (french || english)) THEN
        meant := ARRAY(
            SELECT word
            FROM directory_name_word
            WHERE word % typed AND directory_slips(typed, word) IS NOT NULL
              AND EXISTS (SELECT FROM directory_search_detail WHERE document @@ plainto_tsquery('directory_french', word))
            ORDER BY directory_slips(typed, word)
            FETCH FIRST ROW WITH TIES
        );
    END IF;
    RETURN coalesce(nullif(meant, '{}'), ARRAY[typed]);
END
$$;

-- What typed words ask of a document: all of them in French, or all of them in English. No notice of stop words.
CREATE FUNCTION directory_asked(words text[]) RETURNS tsquery LANGUAGE sql STABLE STRICT
SET client_min_messages = warning AS $$
    SELECT directory_all(word.french) || directory_all(word.english)
    FROM unnest(words) AS typed
    CROSS JOIN LATERAL (
        SELECT directory_any(plainto_tsquery('directory_french', meant)) AS french,
               directory_any(plainto_tsquery('directory_english', meant)) AS english
        FROM unnest(directory_meant(typed)) AS meant
    ) AS word
$$;

-- As in 0002_search_entry.sql, with the detail and the words of the name in one pass.
CREATE OR REPLACE FUNCTION directory_refresh_entries(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM directory_pointofsale WHERE id = ANY (ids) ORDER BY id FOR NO KEY UPDATE;
    WITH gone AS (
        DELETE FROM directory_search_entry AS entry
        WHERE entry.id = ANY (ids)
          AND NOT EXISTS (SELECT FROM directory_pointofsale AS pos WHERE pos.id = entry.id AND pos.status = 'published')
        RETURNING entry.id
    )
    DELETE FROM directory_search_detail WHERE id IN (SELECT id FROM gone);
    WITH shown AS MATERIALIZED (
        SELECT * FROM directory_public_points_of_sale(ids) ORDER BY public_point
    ), entries AS (
        INSERT INTO directory_search_entry AS entry
            (id, merchant_id, schedule_id, public_point, terms, name, demo, card, updated_at)
        SELECT id, merchant_id, schedule_id, public_point, terms, name, demo, card, now()
        FROM shown
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
           OR ST_AsBinary(entry.public_point) IS DISTINCT FROM ST_AsBinary(excluded.public_point)
    ), details AS (
        INSERT INTO directory_search_detail AS detail (id, document, folded_name, seasons)
        SELECT id, document, folded_name, seasons
        FROM shown
        ON CONFLICT (id) DO UPDATE SET
            document = excluded.document,
            folded_name = excluded.folded_name,
            seasons = excluded.seasons
        WHERE (detail.document, detail.folded_name, detail.seasons)
              IS DISTINCT FROM (excluded.document, excluded.folded_name, excluded.seasons)
        RETURNING folded_name
    )
    INSERT INTO directory_name_word (word)
    SELECT DISTINCT word
    FROM details CROSS JOIN unnest(string_to_array(folded_name, ' ')) AS word
    WHERE length(word) BETWEEN 4 AND 40
    ORDER BY word
    ON CONFLICT DO NOTHING;
END
$$;

CREATE OR REPLACE FUNCTION directory_forget_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM directory_search_entry WHERE id IN (SELECT id FROM changed);
    DELETE FROM directory_search_detail WHERE id IN (SELECT id FROM changed);
    RETURN NULL;
END
$$;

-- A season that changes in the vocabulary changes the entries that hold its product.
CREATE OR REPLACE FUNCTION directory_follow_terms() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moved int[];
    ids bigint[];
BEGIN
    SELECT array_agg(after.id::int) INTO moved
    FROM after JOIN before USING (id)
    WHERE (after.path, after.code, after.dimension, after.rank, after.season_first, after.season_last)
          IS DISTINCT FROM
          (before.path, before.code, before.dimension, before.rank, before.season_first, before.season_last);
    IF moved IS NOT NULL THEN
        SELECT array_agg(id) INTO ids FROM directory_search_entry WHERE terms OPERATOR(pg_catalog.&&) moved;
        IF ids IS NOT NULL THEN
            PERFORM directory_refresh_entries(ids);
        END IF;
    END IF;
    RETURN NULL;
END
$$;

ALTER TABLE directory_search_detail SET (
    fillfactor = 90,
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_analyze_scale_factor = 0.02
);

-- Points of sale that were there before, by the twenty thousand.
SELECT directory_refresh_entries(array_agg(id))
FROM (SELECT id, row_number() OVER (ORDER BY id) / 20000 AS chunk FROM directory_pointofsale) AS numbered
GROUP BY chunk;
