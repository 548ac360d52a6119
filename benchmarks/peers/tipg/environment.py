"""The environment that tipg runs in: made in .local/bench-tipg when it is not there, and how to start tipg in it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit, urlunsplit

from django.conf import settings

REQUIREMENTS = Path(__file__).resolve().parent / "requirements.txt"
HOME = settings.LOCAL_DIR / "bench-tipg"
PYTHON = HOME / "bin" / "python"
FUNCTIONS = ("bench_two_terms", "bench_one_term", "bench_no_filter", "bench_no_centre")


def ensure() -> None:
    """Make the environment, unless the pinned versions are installed in it."""
    if PYTHON.exists() and _installed():
        return
    print(f"Installing tipg into {HOME}", flush=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", HOME], check=True)
    install = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", str(REQUIREMENTS))
    done = subprocess.run([PYTHON, *install], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"tipg could not be installed:\n{done.stderr.strip()}")


def _installed() -> bool:
    check = settings.BASE_DIR / "bin" / "installed.py"
    return subprocess.run([PYTHON, check, REQUIREMENTS]).returncode == 0


def variables(database_url: str, connections: int) -> dict[str, str]:
    """tipg's own settings: our functions alone, a pool open from the start, no catalogue refreshed."""
    return {
        "DATABASE_URL": _with_host(database_url),
        "TIPG_DB_SCHEMAS": '["public"]',
        "TIPG_DB_TABLES": "[]",
        "TIPG_DB_FUNCTIONS": "[" + ",".join(f'"public.{name}"' for name in FUNCTIONS) + "]",
        "TIPG_DB_SPATIAL_EXTENT": "false",
        "TIPG_DB_DATETIME_EXTENT": "false",
        "TIPG_CATALOG_TTL": "0",
        "DB_MIN_CONN_SIZE": str(connections),
        "DB_MAX_CONN_SIZE": str(connections),
    }


def _with_host(url: str) -> str:
    """The address with a socket's directory where the host stands: tipg refuses one without a host."""
    parts = urlsplit(url)
    sockets = parse_qs(parts.query).get("host")
    if parts.hostname or not sockets:
        return url
    user = f"{parts.username}@" if parts.username else ""
    return urlunsplit(parts._replace(netloc=f"{user}{quote(sockets[0], safe='')}:{parts.port or 5432}", query=""))


def command(port: int, workers: int) -> list[str]:
    server = ["-m", "uvicorn", "tipg.main:app", "--host", "127.0.0.1", "--port", str(port)]
    return [str(PYTHON), *server, "--workers", str(workers), "--no-access-log", "--log-level", "warning"]
