"""What stands in front of Django: gunicorn, as `make run` starts it."""

from __future__ import annotations

import gc
import os
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import OperationalError

from config import serving

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = free.getsockname()[1]
    gunicorn = [Path(sys.executable).parent / "gunicorn", "-c", "config/gunicorn.py", "config.wsgi:application"]
    environment = os.environ | {"PORT": str(number), "WEB_WORKERS": "1"}
    with subprocess.Popen(
        gunicorn, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as server:
        try:
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline:
                try:
                    socket.create_connection(("127.0.0.1", number), timeout=1).close()
                    break
                except OSError:
                    assert server.poll() is None, server.stdout.read().decode()
                    time.sleep(0.1)
            yield number
        finally:
            server.terminate()


def ask(port: int, target: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(b"GET " + target + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    return answer


def test_accents_typed_as_they_are_reach_the_parser(port):
    """An unknown parameter is named in the refusal, which needs no database."""
    answer = ask(port, "/api/v1/reverse/?lat=47&lon=1&Vendôme=1".encode()).decode()
    assert answer.startswith("HTTP/1.1 400 ")
    assert '"Vendôme":{"code":"unknown_parameter"' in answer


def test_a_request_line_of_8190_bytes_passes_and_a_longer_one_is_refused(port):
    line = len(b"GET  HTTP/1.1\r\n")
    assert b" 200 " in ask(port, b"/health/?" + b"a" * (8190 - line - len(b"/health/?"))).split(b"\r\n")[0]
    assert b" 200 " not in ask(port, b"/health/?" + b"a" * 8300).split(b"\r\n")[0]


def test_a_request_line_that_hides_another_is_refused(port):
    assert b" 400 " in ask(port, b"/health/\x0b").split(b"\r\n")[0]
    assert b" 400 " in ask(port, b"/health/ x").split(b"\r\n")[0]


def test_every_thread_is_warmed_once(monkeypatch):
    met = []

    def ask(together):
        together.wait(5)
        met.append(threading.get_ident())

    monkeypatch.setattr(serving, "_ask", ask)
    with ThreadPoolExecutor(4) as pool:
        assert serving.warm(pool, 4)
    assert len(met) == len(set(met)) == 4


def test_a_database_that_is_away_does_not_stop_a_worker(monkeypatch, caplog):
    def ask(together):
        raise OperationalError("away")

    monkeypatch.setattr(serving, "_ask", ask)
    with ThreadPoolExecutor(2) as pool:
        assert not serving.warm(pool, 2)
    assert "not warm: OperationalError" in caplog.text


def test_what_is_there_to_stay_is_not_looked_through_again():
    before = gc.get_threshold()
    try:
        serving.settle()
        assert gc.get_freeze_count() > 100_000, "all that Django and the service are made of"
        assert len(gc.get_objects()) < 1000
        assert gc.get_threshold()[0] == serving.YOUNG
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)


@pytest.mark.parametrize("hosts", [["127.0.0.1"], [".example.org"], []])
def test_the_first_visit_is_the_worker_s_own(settings, hosts):
    """What it asks is a page of this service, wherever it runs; a refusal would warm nothing."""
    settings.ALLOWED_HOSTS = hosts
    seen = []

    def application(environ, start):
        seen.append(environ)
        start("200 OK", [])
        return [b"page"]

    assert serving.visit(application, "/") == "200 OK"
    (environ,) = seen
    assert (environ["PATH_INFO"], environ["REQUEST_METHOD"]) == ("/", "GET")
    assert environ["HTTP_HOST"] == (hosts[0].lstrip(".") if hosts else "localhost")


def test_the_service_s_queries_have_a_limit_and_go_along_indexes():
    """As PostgreSQL itself says on a connection of the application that gunicorn serves, and on a command's."""
    show = "SELECT name, setting FROM pg_settings WHERE name IN ('statement_timeout', 'enable_seqscan') ORDER BY name"
    asked = f"from django.db import connection as c; cursor = c.cursor(); print(cursor.execute({show!r}).fetchall())"
    environment = {n: value for n, value in os.environ.items() if n not in ("STATEMENT_TIMEOUT_MS", "SEQUENTIAL_SCANS")}
    environment["DJANGO_SETTINGS_MODULE"] = "config.settings"
    said = [
        subprocess.run(
            [sys.executable, "-c", begin + asked], cwd=PROJECT, env=environment, capture_output=True, text=True
        )
        for begin in ("import config.wsgi; ", "import django; django.setup(); ")
    ]
    assert [one.stdout.strip() or one.stderr for one in said] == [
        "[('enable_seqscan', 'off'), ('statement_timeout', '2000')]",
        "[('enable_seqscan', 'on'), ('statement_timeout', '0')]",
    ]
