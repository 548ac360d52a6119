"""Opening hours: a text is worked out into windows of time, kept fresh, and asked in SQL.

- `evaluation`: text -> when it is open, and when that is known, for the coming weeks. Pure.
- `state`: SQL that says, for a schedule, whether it is open at a time asked, and when that changes.
- `refreshing`: keeps the windows of all schedules in step with the calendar.
"""
