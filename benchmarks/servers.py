"""The contenders and their servers: each on a free port of 127.0.0.1, with the same number of processes and threads."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import orjson
from django.conf import settings

from benchmarks.data import Bench
from benchmarks.load import HOST, BadAnswerError, One, request
from benchmarks.peers.tipg import environment as tipg
from benchmarks.stream import Asked

WORKERS = 2
THREADS = 4  # of config/gunicorn.py
READY_WITHIN_S = 60.0


@dataclass(frozen=True, slots=True)
class Answered:
    total: int
    ids: tuple[int, ...]


@dataclass(frozen=True)
class Contender:
    """Who answers, how it is asked, and how its answer is read. `program` is gunicorn's application, or tipg."""

    key: str
    title: str
    program: str
    path: Callable[[Asked], str]
    read: Callable[[Mapping[str, Any]], Answered]
    settings_module: str = "config.settings"
    encoding: str = "identity"
    slow: bool = False  # takes seconds for an answer from a large catalogue: is asked fewer questions
    variables: Mapping[str, str] = field(default_factory=dict)

    def request(self, asked: Asked) -> bytes:
        return request(self.path(asked), self.encoding)

    def answer(self, body: bytes) -> Answered:
        return self.read(orjson.loads(body))


def _ids(answer: Mapping[str, Any]) -> tuple[int, ...]:
    return tuple(feature["id"] for feature in answer["features"])


def _own(answer: Mapping[str, Any]) -> Answered:
    return Answered(answer["numberMatched"], _ids(answer))


def _drf(answer: Mapping[str, Any]) -> Answered:
    return Answered(answer["count"], _ids(answer))


def tipg_path(asked: Asked) -> str:
    shape, parameters = asked.shape, dict(asked.parameters)
    function = "bench_two_terms" if shape.key == "wider" else f"bench_{shape.key}"
    radius_km = parameters.pop("radius_km", None)
    if radius_km is not None:
        parameters["radius_m"] = str(float(radius_km) * 1000)
    parameters |= {"sortby": "rank" if radius_km is None else "distance,id", "f": "geojson"}
    return f"/collections/public.{function}/items?{urlencode(parameters)}"


def _at(path: str) -> Callable[[Asked], str]:
    return lambda asked: f"{path}?{asked.query}"


SERVICE, PEERS = "config.wsgi", "benchmarks.peers.settings"
FLOOR = Contender("floor", "bare WSGI around the SQL (the floor)", "benchmarks.peers.floor", _at("/"), _own)
OURS = Contender("ours", "the service, production middleware", SERVICE, _at("/api/v1/merchants/"), _own)
BROTLI = Contender("brotli", "the same, Brotli", SERVICE, _at("/api/v1/merchants/"), _own, encoding="br")
TIPG = Contender("tipg", "tipg, functions around the same query", "tipg", tipg_path, _own)
CAREFUL = Contender("careful", "drf-gis, careful, its own count", SERVICE, _at("/careful/"), _drf, PEERS, slow=True)
TEXTBOOK = Contender("textbook", "drf-gis, textbook", SERVICE, _at("/textbook/"), _drf, PEERS, slow=True)
HELLO = Contender("hello", "a server that does nothing", "benchmarks.peers.hello", _at("/"), _own)
ALL = (FLOOR, OURS, TIPG, CAREFUL, TEXTBOOK)


@contextmanager
def running(contenders: Sequence[Contender], bench: Bench) -> Iterator[dict[str, int]]:
    """The contenders' ports, by key, while their servers run. Contenders of one program share its server."""
    with ExitStack() as stack:
        ports: dict[tuple[str, str], int] = {}
        for contender in contenders:
            program = (contender.program, contender.settings_module)
            if program not in ports:
                ports[program] = stack.enter_context(_server(contender, bench))
        yield {c.key: ports[c.program, c.settings_module] for c in contenders}


@contextmanager
def _server(contender: Contender, bench: Bench) -> Iterator[int]:
    port = _free_port()
    logs = settings.LOCAL_DIR / "bench"
    logs.mkdir(exist_ok=True)
    log = logs / f"{contender.key}.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            _command(contender, port),
            env=_variables(contender, bench, port),
            cwd=settings.BASE_DIR,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_for(port, server, f"{contender.title} does not start: see {log}")
            yield port
        finally:
            server.terminate()
            try:
                server.wait(15)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _command(contender: Contender, port: int) -> list[str]:
    if contender is TIPG:
        tipg.ensure()
        return tipg.command(port, WORKERS)
    return [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", f"{contender.program}:application"]


def _variables(contender: Contender, bench: Bench, port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TIPG_")}
    if contender is TIPG:
        return kept | tipg.variables(bench.url, THREADS)
    return kept | {
        "DATABASE_URL": bench.url,
        "DJANGO_SETTINGS_MODULE": contender.settings_module,
        "PORT": str(port),
        "WEB_WORKERS": str(WORKERS),
        "RATE_LIMIT": "off",
        # Slow contenders may take their time, and read a table where PostgreSQL thinks it best.
        **({"STATEMENT_TIMEOUT_MS": "0", "SEQUENTIAL_SCANS": "on"} if contender.settings_module == PEERS else {}),
        **({"SEQUENTIAL_SCANS": "off"} if contender is FLOOR else {}),
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, server: subprocess.Popen[bytes], failure: str) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            One(port).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(failure)


def ask(port: int, contender: Contender, asked: Asked) -> Answered:
    """One answer, on a connection of its own. Raises BadAnswerError naming the contender and the question."""
    client = One(port)
    try:
        return contender.answer(client.get(contender.request(asked)))
    except BadAnswerError as error:
        raise BadAnswerError(f"{contender.title}, {asked.query}: {error}") from error
    finally:
        client.close()
