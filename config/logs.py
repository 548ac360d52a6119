"""Log filter: what people asked, and the keys that links carry, stay out of the logs."""

import logging
import re
from typing import Any

QUERY_STRING = re.compile(r"\?[^\s\"']*")
# Whoever has these addresses may answer for a shop, or choose an official's password.
KEY = re.compile(
    r"(/connexion-internet/|/mot-de-passe/|/prise-en-main/|/connexion/lien/|/inscription/|/lettre/|/juste/)[^\s\"'?]+"
)


class DropPrivate(logging.Filter):
    """Take what is private out of every URL in a log record: its query string, which may hold a position or a person's
    words, and the key of a link.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = KEY.sub(r"\1…", QUERY_STRING.sub("", record.getMessage()))
        record.args = ()
        return True


def logging_to_console(level: str) -> dict[str, Any]:
    """Everything from `level` on, a line each, on standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"no_private": {"()": "config.logs.DropPrivate"}},
        "formatters": {"line": {"format": "{levelname} {name}: {message}", "style": "{"}},
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["no_private"]},
        },
        "root": {"handlers": ["console"], "level": level},
    }
