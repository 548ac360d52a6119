-- What the drf-gis contenders have instead of search entries, in the benchmark's databases only: the public point as a
-- geography column of the point of sale itself, under a GiST index, and offers indexed by product.
ALTER TABLE directory_pointofsale ADD COLUMN location geography(Point, 4326);
UPDATE directory_pointofsale AS pos
SET location = CASE WHEN pos.pin_hidden OR pos.pin IS NULL THEN commune.centre ELSE pos.pin END::geography
FROM geo_commune AS commune
WHERE commune.code = pos.commune_id;
CREATE INDEX bench_location ON directory_pointofsale USING gist (location);
CREATE INDEX bench_offer_product ON directory_offer (product_id, point_of_sale_id);
CREATE INDEX bench_activity ON directory_pointofsale_activities (activity_id, pointofsale_id);
