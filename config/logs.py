"""Log filter: what people asked stays out of the logs."""

import logging
import re
from typing import Any

QUERY_STRING = re.compile(r"\?[^\s\"']*")


class DropQueryString(logging.Filter):
    """Remove the query string of every URL in a log record; it may hold a position or a person's words."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = QUERY_STRING.sub("", record.getMessage())
        record.args = ()
        return True


def logging_to_console(level: str) -> dict[str, Any]:
    """Everything from `level` on, a line each, on standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"no_query_string": {"()": "config.logs.DropQueryString"}},
        "formatters": {"line": {"format": "{levelname} {name}: {message}", "style": "{"}},
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["no_query_string"]},
        },
        "root": {"handlers": ["console"], "level": level},
    }
