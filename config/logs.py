"""Log filter: what people asked stays out of the logs."""

import logging
import re

QUERY_STRING = re.compile(r"\?[^\s\"']*")


class DropQueryString(logging.Filter):
    """Remove the query string of every URL in a log record; it may hold a position or a person's words."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = QUERY_STRING.sub("", record.getMessage())
        record.args = ()
        return True
