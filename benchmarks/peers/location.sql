-- What the drf-gis contenders have instead of search entries, in the benchmark's databases only: the public point as a
-- geography column of the point of sale itself, under a GiST index, and offers indexed by product.
CREATE FUNCTION bench_location(pin_hidden boolean, pin geometry, commune text) RETURNS geography LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF pin_hidden OR pin IS NULL THEN
        RETURN (SELECT centre::geography FROM geo_commune WHERE code = commune);
    END IF;
    RETURN pin::geography;
END
$$;
-- A new type writes the table once, in its order; an UPDATE would leave it twice as large.
ALTER TABLE directory_pointofsale ADD COLUMN location geography(Point, 4326);
ALTER TABLE directory_pointofsale ALTER COLUMN location TYPE geography(Point, 4326)
    USING bench_location(pin_hidden, pin, commune_id);
DROP FUNCTION bench_location;
CREATE INDEX bench_location ON directory_pointofsale USING gist (location);
CREATE INDEX bench_offer_product ON directory_offer (product_id, point_of_sale_id);
CREATE INDEX bench_activity ON directory_pointofsale_activities (activity_id, pointofsale_id);
