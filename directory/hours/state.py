"""Open, closed or unknown, as SQL: joins to add to a statement whose rows have one column `schedule_id`.

Both are LATERAL with OFFSET 0, which keeps the expressions inside: PostgreSQL then looks each schedule up by its key,
works it out once, and remembers one boolean a schedule (Memoize), not its windows. On 1,000,000 rows and 20,000
schedules that took 0.3 s, a plain join 0.9 s (docs/decisions.md). A row without schedule gets NULL: unknown.
"""

# hours.is_open: whether it is open at any moment of a span of time; null is unknown.
# Parameters: from, until (excluded), as `directory.questions.opening.span` gives them.
DURING = """
LEFT JOIN LATERAL (
    SELECT CASE WHEN open_during && asked.span THEN true WHEN known_during @> asked.span THEN false END AS is_open
    FROM directory_schedule AS schedule, (SELECT tstzrange(%s, %s) AS span) AS asked
    WHERE schedule.id = schedule_id
    OFFSET 0
) AS hours ON true
"""

# state.open_now, and state.changes_at: when it will close, if it is open, else when it will open; null where that lies
# beyond what is known. 8 µs a row more than open_now alone: for the rows of a page, not for candidates.
# Parameter: the moment.
AT = """
LEFT JOIN LATERAL (
    SELECT
        CASE WHEN open_during @> moment THEN true WHEN known_during @> moment THEN false END AS open_now,
        CASE WHEN open_during @> moment
            THEN nullif(lower(asked.rest - open_during), upper(known_during))
            ELSE lower(asked.rest * open_during)
        END AS changes_at
    FROM directory_schedule AS schedule, (
        SELECT moment, tstzmultirange(tstzrange(moment, NULL)) AS rest
        FROM (SELECT %s::timestamptz AS moment) AS given
    ) AS asked
    WHERE schedule.id = schedule_id
    OFFSET 0
) AS state ON true
"""
