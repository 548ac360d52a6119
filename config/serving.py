"""gunicorn's worker, warm before its first request.

A thread's first query opens a connection and plans for about 50 ms, and a process's first question reads the
vocabulary and the communes for a quarter of a second: nobody should wait for that.
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from urllib.parse import urlencode
from wsgiref.types import WSGIApplication
from wsgiref.util import setup_testing_defaults

from django.http.response import HttpResponseBase
from gunicorn.workers.gthread import ThreadWorker

logger = logging.getLogger(__name__)
# Seconds that a worker waits for its threads; a database that is away is met by the first request, as at any time.
LONGEST_WARM_UP_S = 20.0
# A statement used five times on a connection is prepared (`prepare_threshold`); after five more, its plan may be kept.
TIMES = 6
# New objects before Python looks for garbage among them. A page's rows and features are gone without that, and at its
# own 700 the search took 6 % of a request.
YOUNG = 10_000
QUESTION = "fermes à moins de 10 km de Vendôme qui vendent du fromage"


class WarmThreadWorker(ThreadWorker):
    """A threaded worker whose threads are all made at once, each with its own connection to the database."""

    def run(self) -> None:
        visit(self.wsgi, "/")
        warm(self.tpool, self.cfg.threads)
        settle()
        super().run()


def settle() -> None:
    """Look for garbage more rarely, and no more among what is there to stay: all of it took 77 ms, in a request."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG)


def visit(application: WSGIApplication, path: str) -> str:
    """Ask the application for a page as a browser would, so that what it reads once is read; the answer's status."""
    from django.conf import settings
    from django.db import connections

    answered: list[str] = []
    environ: dict[str, Any] = {
        "PATH_INFO": path,
        "QUERY_STRING": urlencode({"q": QUESTION}),
        "HTTP_HOST": next(iter(settings.ALLOWED_HOSTS), "").lstrip(".*") or "localhost",
        "HTTP_X_FORWARDED_PROTO": "https",
        "wsgi.url_scheme": "https",
    }
    setup_testing_defaults(environ)

    def start(status: str, headers: Any, problem: Any = None, /) -> Callable[[bytes], object]:
        answered.append(status)
        return lambda written: None

    response = application(environ, start)
    list(response)
    if isinstance(response, HttpResponseBase):
        response.close()
    connections.close_all()  # the worker's own thread asks no more
    return answered[0]


def warm(pool: ThreadPoolExecutor, threads: int) -> bool:
    """Have every thread of the pool ask a question. They wait for each other, so that none does it twice."""
    together = Barrier(threads)
    asked = [pool.submit(_ask, together) for _ in range(threads)]
    try:
        for one in asked:
            one.result(LONGEST_WARM_UP_S)
    except Exception as error:
        logger.warning("not warm: %s", type(error).__name__)
        return False
    return True


def _ask(together: Barrier) -> None:
    from django.utils import timezone

    from directory import search
    from directory.api.answers import feature_collection
    from directory.clusters import clusters
    from directory.questions import Question
    from directory.questions.asking import question_of
    from directory.questions.interpretation import interpret
    from directory.suggesting import suggest
    from directory.summary import summary

    together.wait(LONGEST_WARM_UP_S)
    suggest(QUESTION[:8], "fr")
    question = question_of(interpret(QUESTION, timezone.now()))
    for _ in range(TIMES):
        answer = search.answer(question)
    feature_collection(answer, summary(answer, "fr"), [], {})
    for _ in range(2 * TIMES):
        clusters(Question(), 8)
        clusters(Question(products=question.products), 8)
