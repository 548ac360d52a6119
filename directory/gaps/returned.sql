-- Cases that left the gap and are in it again. One that was closed begins anew, and its steps say so; an open one goes on.
WITH closed AS (
    UPDATE directory_gapcase AS held
    SET state = 'to_verify', need_given = false, flagged_at = now(), contacted_at = NULL, solved_at = NULL, left_at = NULL
    FROM (
        SELECT id, state FROM directory_gapcase
        WHERE in_gap AND left_at IS NOT NULL AND state IN ('connected', 'refused')
    ) AS was
    WHERE held.id = was.id
    RETURNING held.id, was.state, held.need, held.assignee_id
),
told AS (
    INSERT INTO directory_caseevent (case_id, at, by_id, before, after, need, assignee_id, next_on, note)
    SELECT id, clock_timestamp(), NULL, state, 'to_verify', need, assignee_id, NULL, '' FROM closed
)
UPDATE directory_gapcase
SET left_at = NULL
WHERE in_gap AND left_at IS NOT NULL AND state NOT IN ('connected', 'refused')
