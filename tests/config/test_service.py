"""bin/service, which keeps the worker beside the server: with stand-ins for both, which need no database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
# Runs bin/service with commands and a folder of our own.
STAND_IN = """
import importlib.machinery, importlib.util, pathlib, sys
loader = importlib.machinery.SourceFileLoader("service", "bin/service")
service = importlib.util.module_from_spec(importlib.util.spec_from_loader("service", loader))
sys.modules["service"] = service
sys.dont_write_bytecode = True
loader.exec_module(service)
service.PATIENCE, service.GRACE = (0.2, 0.2), 5.0
service.WORKER_PID = pathlib.Path(sys.argv[1]) / "worker.pid"
service.SERVER, service.WORKER = ((sys.executable, "-c", code) for code in sys.argv[2:4])
sys.exit(service.main())
"""
WAITS = "import time; time.sleep(60)"
DIES = "import sys; sys.exit(3)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"


@contextmanager
def service(folder: Path, server: str = WAITS, worker: str = WAITS) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", STAND_IN, folder, server, worker]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.terminate()


def pid_of_worker(folder: Path, other_than: int = 0) -> int:
    for _ in range(100):
        text = (folder / "worker.pid").read_text() if (folder / "worker.pid").exists() else ""
        if text and int(text) != other_than:
            return int(text)
        time.sleep(0.1)
    raise AssertionError("no worker was started")


def runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_stops_both(tmp_path, number):
    with service(tmp_path) as process:
        worker = pid_of_worker(tmp_path)
        process.send_signal(number)
        process.wait(10)
    assert not runs(worker)
    assert not (tmp_path / "worker.pid").exists()


def test_a_worker_that_dies_is_told_and_started_again(tmp_path):
    with service(tmp_path) as process:
        first = pid_of_worker(tmp_path)
        os.kill(first, signal.SIGKILL)
        second = pid_of_worker(tmp_path, other_than=first)
        assert runs(second)
        process.terminate()
        said = process.communicate(timeout=10)[0]
    assert "The background worker ended (exit code -9). It starts again in 0 s." in said


def test_the_server_s_end_is_the_service_s_and_takes_the_worker_along(tmp_path):
    with service(tmp_path, server="import sys, time; time.sleep(1); sys.exit(7)") as process:
        worker = pid_of_worker(tmp_path)
        assert process.wait(10) == 7
    assert not runs(worker)


def test_a_worker_that_cannot_start_stops_no_server(tmp_path):
    with service(tmp_path, worker=DIES) as process:
        time.sleep(1.5)
        assert process.poll() is None
        process.terminate()
        assert process.communicate(timeout=10)[0].count("exit code 3") > 1


def test_a_second_signal_kills_what_does_not_stop(tmp_path):
    with service(tmp_path, worker=DEAF) as process:
        worker = pid_of_worker(tmp_path)
        time.sleep(0.5)
        process.terminate()
        time.sleep(0.5)
        assert runs(worker)
        began = time.monotonic()
        process.terminate()
        process.wait(10)
        assert time.monotonic() - began < 2
    assert not runs(worker)
