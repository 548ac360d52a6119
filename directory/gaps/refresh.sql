-- The cases that there should be, written over those that there are. Rows that would stay as they are stay unwritten.
WITH verdict AS (
    SELECT *
    FROM unnest(
        %(communes)s::text[], %(findings)s::text[], %(indicators)s::text[], %(eligible)s::int[], %(premises)s::int[],
        %(low)s::bool[], %(class_points)s::int[], %(share_points)s::int[], %(copper_on)s::date[], %(copper_points)s::int[]
    ) AS v (
        commune, finding, indicator, eligible, premises, low, class_points, share_points, copper_on, copper_points
    )
),
zone_class AS (
    SELECT * FROM unnest(%(speeds)s::text[], %(zone_low)s::bool[], %(zone_points)s::int[]) AS z (speed, low, points)
),
point AS (
    SELECT
        place.id, commune.departement_id, commune.epci_id, place.commune_id, verdict.copper_on, zone.planned_on,
        zone.id AS zone_id, coalesce(zone.speed, verdict.finding, 'unknown') AS finding,
        CASE WHEN zone.id IS NULL THEN verdict.indicator ELSE 'downlink' END AS indicator,
        CASE WHEN zone.id IS NULL THEN verdict.eligible END AS eligible,
        CASE WHEN zone.id IS NULL THEN verdict.premises END AS premises,
        coalesce(zone_class.low, verdict.low, false) AS low,
        coalesce(zone_class.low, verdict.low) IS NOT NULL AS known,
        report.said, report.fibre,
        coalesce(zone_class.points, verdict.class_points, 0) AS class_points,
        CASE WHEN zone_class.low THEN %(share_weight)s ELSE coalesce(verdict.share_points, 0) END AS share_points,
        coalesce(verdict.copper_points, 0) AS copper_points,
        CASE WHEN merchant.shop_url = '' THEN %(shop_weight)s ELSE 0 END AS shop_points
    FROM directory_pointofsale AS place
    JOIN directory_merchant AS merchant ON merchant.id = place.merchant_id
    JOIN geo_commune AS commune ON commune.code = place.commune_id
    LEFT JOIN verdict ON verdict.commune = place.commune_id
    LEFT JOIN LATERAL (
        SELECT zone.id, zone.speed, zone.planned_on
        FROM geo_zone AS zone
        JOIN geo_zonefile AS file ON file.id = zone.file_id
        WHERE ST_Covers(zone.area, place.pin)
        ORDER BY file.delivered_on DESC, array_position(%(speeds)s::text[], zone.speed::text), zone.id
        LIMIT 1
    ) AS zone ON true
    LEFT JOIN zone_class ON zone_class.speed = zone.speed
    LEFT JOIN LATERAL (
        SELECT CASE WHEN report.download_mbit < %(slow_mbit)s THEN 'slow' ELSE report.fibre END AS said, report.fibre
        FROM directory_connectionreport AS report
        WHERE report.point_of_sale_id = place.id
        ORDER BY report.at DESC, report.id DESC
        LIMIT 1
    ) AS report ON true
    WHERE place.status = 'published' AND (%(places)s::bigint[] IS NULL OR place.id = ANY(%(places)s::bigint[]))
),
scored AS (
    SELECT
        point.*, coalesce(report_part.points, 0) AS report_points,
        CASE WHEN low THEN CASE WHEN zone_id IS NULL THEN 'commune' ELSE 'zone' END ELSE 'report' END AS evidence,
        CASE
            WHEN fibre = 'orderable' THEN 'order'
            WHEN (low AND fibre = 'refused') OR planned_on IS NOT NULL THEN 'works'
            ELSE 'unknown'
        END AS need
    FROM point
    LEFT JOIN unnest(%(said)s::text[], %(report_points)s::int[]) AS report_part (word, points)
        ON report_part.word = point.said
    WHERE point.low OR point.said IN ('slow', 'refused')
),
wanted AS (
    SELECT
        scored.*,
        greatest(0, class_points + share_points + copper_points + shop_points + report_points) AS priority,
        jsonb_build_object(
            'class', class_points, 'share', share_points, 'copper', copper_points, 'no_online_shop', shop_points,
            'own_report', report_points
        ) AS points
    FROM scored
),
written AS (
    INSERT INTO directory_gapcase AS held (
        point_of_sale_id, departement_id, epci_id, commune_id, in_gap, flagged_at, left_at, evidence, finding,
        indicator, eligible, premises, edition_id, zone_id, planned_on, copper_on, priority, points, need, need_given,
        state
    )
    SELECT
        id, departement_id, epci_id, commune_id, true, now(), NULL, evidence, finding, coalesce(indicator, ''), eligible,
        premises, CASE WHEN zone_id IS NULL THEN %(edition)s::bigint END, zone_id, planned_on, copper_on, priority,
        points, need, false, 'to_verify'
    FROM wanted
    ORDER BY id
    ON CONFLICT (point_of_sale_id) DO UPDATE SET
        departement_id = excluded.departement_id, epci_id = excluded.epci_id, commune_id = excluded.commune_id,
        in_gap = true, evidence = excluded.evidence, finding = excluded.finding,
        indicator = excluded.indicator, eligible = excluded.eligible, premises = excluded.premises,
        edition_id = excluded.edition_id, zone_id = excluded.zone_id, planned_on = excluded.planned_on,
        copper_on = excluded.copper_on, priority = excluded.priority, points = excluded.points,
        need = CASE WHEN held.need_given THEN held.need ELSE excluded.need END
    WHERE
        (
            held.departement_id, held.epci_id, held.commune_id, held.in_gap, held.evidence, held.finding,
            held.indicator, held.eligible, held.premises, held.edition_id, held.zone_id, held.planned_on,
            held.copper_on, held.points
        ) IS DISTINCT FROM (
            excluded.departement_id, excluded.epci_id, excluded.commune_id, true, excluded.evidence, excluded.finding,
            excluded.indicator, excluded.eligible, excluded.premises, excluded.edition_id, excluded.zone_id,
            excluded.planned_on, excluded.copper_on, excluded.points
        )
        OR (NOT held.need_given AND held.need <> excluded.need)
    RETURNING 1
),
gone AS (
    UPDATE directory_gapcase AS held
    SET in_gap = false, left_at = now()
    WHERE
        held.in_gap
        AND (%(places)s::bigint[] IS NULL OR held.point_of_sale_id = ANY(%(places)s::bigint[]))
        AND NOT EXISTS (SELECT FROM wanted WHERE wanted.id = held.point_of_sale_id)
        -- Unknown is not mended: what an edition found of a commune stands until a later one knows the commune.
        AND NOT (
            held.evidence = 'commune' AND held.edition_id IS NOT NULL
            AND EXISTS (
                SELECT FROM point
                WHERE point.id = held.point_of_sale_id AND point.commune_id = held.commune_id AND NOT point.known
            )
        )
    RETURNING 1
)
SELECT (SELECT count(*) FROM written), (SELECT count(*) FROM gone)
