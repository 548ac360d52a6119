-- Reserves the next call to a provider and gives the seconds to sleep until then. No row comes back when the call
-- would be further away than max_wait, or while another transaction holds the row (it is skipped, not waited for, so
-- that a transaction left open somewhere cannot hang every worker).
WITH free AS (
    SELECT provider
    FROM geo_providerpace
    WHERE provider = %(provider)s
      AND next_call_at <= clock_timestamp() + make_interval(secs => %(max_wait)s::float8)
    FOR UPDATE SKIP LOCKED
)
UPDATE geo_providerpace AS pace
SET next_call_at = GREATEST(pace.next_call_at, clock_timestamp()) + make_interval(secs => %(interval)s::float8)
FROM free
WHERE pace.provider = free.provider
RETURNING EXTRACT(EPOCH FROM pace.next_call_at - clock_timestamp())::float8 - %(interval)s::float8
