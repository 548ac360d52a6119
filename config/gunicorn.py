"""gunicorn's configuration, read by `make run` and in production: PORT, WEB_WORKERS and ACCESS_LOG say more."""

import os
import re
import sys
from typing import Any

from gunicorn.http import message

# A person who types « place=Vendôme » after curl sends the ô as it is, in UTF-8. gunicorn's own rule lets printable
# ASCII pass and nothing else; this one refuses only what could break a request line: control characters and spaces.
message.RFC9112_TARGET_INVALID = re.compile(r"[\x00-\x20\x7f]")

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"

# Answers wait for PostgreSQL more than for Python: a process per core, and threads in each. Their product
# stays well below the database's 100 connections.
workers = int(os.environ.get("WEB_WORKERS") or min(max(os.cpu_count() or 2, 2), 12))
worker_class = "config.serving.WarmThreadWorker"
threads = 4
preload_app = True  # what workers share, such as the rate limiter's memory, is made before they part
# A heartbeat must not wait for a disk.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108

limit_request_line = 8190  # a URL carries the whole question
keepalive = 5
timeout = 30
graceful_timeout = 10
control_socket_disable = True

# No personal data in logs: neither the client's address, which gunicorn's warnings name, nor the query string, nor
# the key of a link.
loglevel = "error"
accesslog = "-" if os.environ.get("ACCESS_LOG") else None
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(B)s bytes %(M)s ms"


def when_ready(server: Any) -> None:
    from config.logs import DropPrivate

    for log in (server.log.error_log, server.log.access_log):
        log.addFilter(DropPrivate())
    sys.stdout.write(f"Serving on http://{bind}/ with {workers} workers. Ctrl-C stops it.\n")
    sys.stdout.flush()


def pre_fork(server: Any, worker: Any) -> None:
    """Close what preloading may have opened: a connection shared by two processes mixes their answers."""
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close()
