"""addok on loopback while a block runs: redis on a socket of its own, both ended with the block.

The environment is made by bin/addok. The index is made once, and again when what it is made from changes.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from django.conf import settings

from benchmarks.addok import indexing

VENV = settings.LOCAL_DIR / "addok" / "venv" / "bin"
REQUIREMENTS = settings.BASE_DIR / "requirements-addok.txt"
PATIENCE_S = 30
# As the national address service is set up, without what nothing here asks for and takes longest to index: completing
# words as one types (`addok ngrams`), and addresses by position.
CONFIGURATION = """
QUERY_PROCESSORS_PYPATHS = [
    "addok.helpers.text.check_query_length",
    "addok_france.extract_address",
    "addok_france.clean_query",
    "addok_france.remove_leading_zeros",
]
SEARCH_RESULT_PROCESSORS_PYPATHS = [
    "addok.helpers.results.match_housenumber",
    "addok_france.make_labels",
    "addok.helpers.results.score_by_importance",
    "addok.helpers.results.score_by_autocomplete_distance",
    "addok.helpers.results.score_by_ngram_distance",
    "addok.helpers.results.score_by_geo_distance",
    "addok.helpers.results.adjust_scores",
]
PROCESSORS_PYPATHS = [
    "addok.helpers.text.tokenize",
    "addok.helpers.text.normalize",
    "addok_france.glue_ordinal",
    "addok_france.fold_ordinal",
    "addok_france.flag_housenumber",
    "addok.helpers.text.synonymize",
    "addok_fr.phonemicize",
]
INDEXERS_PYPATHS = [
    "addok.helpers.index.HousenumbersIndexer",
    "addok.helpers.index.FieldsIndexer",
    "addok.pairs.PairsIndexer",
    "addok.helpers.index.FiltersIndexer",
]
FILTERS = ["type", "postcode", "citycode"]
DOCUMENT_STORE_PYPATH = "addok_sqlite_store.SQLiteStore"
BATCH_WORKERS = 2
"""


def why_not() -> str:
    """What is missing to run addok here; empty when nothing is."""
    if redis_command() is None:
        return "redis is not installed (Debian: redis-tools; elsewhere: redis)"
    if not (VENV / "addok").exists():
        return "addok is not installed: run bin/addok"
    return ""


def redis_command() -> tuple[str, str] | None:
    """The redis server's name and file. Debian's redis-tools has the file under another name, and starts no service."""
    for name in ("redis-server", "redis-check-rdb"):
        if found := shutil.which(name):
            return "redis-server", found
    return None


@contextmanager
def serving() -> Iterator[str]:
    """Where addok answers: "127.0.0.1:PORT", the index of `indexing` in it."""
    with ExitStack() as stack:
        # Not in .local: the path of a socket is at most 107 bytes long.
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="addok-")))
        for file in _index().iterdir():
            shutil.copy(file, folder)
        stack.enter_context(_redis(folder))
        port = _free_port()
        stack.enter_context(_web(folder, port))
        yield f"127.0.0.1:{port}"


def _index() -> Path:
    """The folder of the finished index: redis's keys and addok's documents."""
    made_from = (CONFIGURATION, REQUIREMENTS.read_text("utf-8"), indexing.SOURCE.read_text("utf-8"))
    key = hashlib.sha256("".join([*made_from, settings.COMMUNES_FILE.read_bytes().hex()]).encode()).hexdigest()[:12]
    home = settings.LOCAL_DIR / "addok"
    finished: Path = home / f"index-{key}"
    with (home / "index.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one makes it, the others wait for it
        if not finished.exists():
            for old in home.glob("index-*"):
                shutil.rmtree(old)
            with tempfile.TemporaryDirectory(prefix="addok-") as name:
                _make_index(Path(name))
                (draft := home / "index-draft").mkdir()  # cut short, it goes with the old ones
                for file in ("dump.rdb", "addok.db"):
                    shutil.copy(Path(name) / file, draft)
                draft.rename(finished)
    return finished


def _make_index(folder: Path) -> None:
    rows, environment = folder / "rows.ndjson", _environment(folder)
    indexing.Index().write(rows)
    with _redis(folder):
        done = subprocess.run(
            [VENV / "addok", "batch", rows], env=environment, cwd=folder, capture_output=True, text=True
        )
        if done.returncode:
            raise RuntimeError(f"addok could not index: {done.stderr.strip()}")
        save = "import redis, sys; redis.Redis(unix_socket_path=sys.argv[1]).save()"
        subprocess.run([VENV / "python", "-c", save, folder / "redis.sock"], check=True)


def _environment(folder: Path) -> dict[str, str]:
    configuration = folder / "addok.conf"
    configuration.write_text(CONFIGURATION, encoding="utf-8")
    return os.environ | {
        "ADDOK_CONFIG_MODULE": str(configuration),
        "ADDOK_LOG_DIR": str(folder),
        "REDIS_SOCKET": str(folder / "redis.sock"),
        "SQLITE_DB_PATH": str(folder / "addok.db"),
    }


@contextmanager
def _redis(folder: Path) -> Iterator[None]:
    name, file = redis_command() or ("", "")
    options = ("--port", "0", "--unixsocket", folder / "redis.sock", "--unixsocketperm", "700", "--dir", folder)
    command = (name, *map(str, options), "--save", "", "--appendonly", "no")
    with _running(command, executable=file):
        _wait_for(lambda: (folder / "redis.sock").exists(), "redis")
        yield


@contextmanager
def _web(folder: Path, port: int) -> Iterator[None]:
    command = (str(VENV / "gunicorn"), "--no-control-socket", "--bind", f"127.0.0.1:{port}", "addok.http.wsgi")
    with _running(command, env=_environment(folder), cwd=folder):
        _wait_for(lambda: _answers(port), "addok")
        yield


@contextmanager
def _running(command: tuple[str, ...], **options: object) -> Iterator[None]:
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, **(quiet | options))  # type: ignore[call-overload]
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(ready: object, what: str) -> None:
    until = time.monotonic() + PATIENCE_S
    while not ready():  # type: ignore[operator]
        if time.monotonic() > until:
            raise RuntimeError(f"{what} did not start within {PATIENCE_S} s")
        time.sleep(0.05)


def _answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/search/?q=rue+de+la+mairie&limit=1", timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
