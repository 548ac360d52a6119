"""One PostgreSQL server, from whatever state the last one left to a database that takes connections.

Standard library only. `bin/cluster` is its command line.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from machine import FALLBACK, LOCAL, PORT, ClusterError, Place, find_programs, make_passable, settings

NAME = "local_dabord"  # of the database and of its owner, the server's superuser
LOG = LOCAL / "postgres.log"
URL_FILE = LOCAL / "database_url"  # what the project's settings read when DATABASE_URL is not set


def address(place: Place) -> str:
    """In the form that both libpq and django-environ understand; the port, because PGPORT may be set."""
    return f"postgresql://{NAME}@:{PORT}/{NAME}?host={quote(os.fspath(place.sockets))}"


def answers(place: Place) -> bool:
    """Whether a server listens on the socket. The kernel knows; a pid file only remembers."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(5)
        try:
            client.connect(os.fspath(place.socket))
        except (FileNotFoundError, NotADirectoryError, ConnectionRefusedError):
            return False
        except PermissionError as error:
            raise ClusterError(f"{place.sockets} belongs to another user, who set up this checkout.") from error
        except OSError:  # its queue is full: it is there
            pass
    return True


def at_work(place: Place) -> bool:
    """Whether a process works in the data directory, as all of a server's do. Known on Linux only."""
    # Asked as the owner: root in a container may not look into another user's processes.
    return os.fspath(place.data) in place.call("sh", "-c", "readlink /proc/[0-9]*/cwd").stdout.splitlines()


def start(place: Place) -> None:
    programs = find_programs(place.data)
    if not answers(place):
        take_ownership(place)
        if not (place.data / "PG_VERSION").exists():
            create(place, programs)
        clear_leftovers(place)
        launch(place, programs)
    ensure_database(place, programs)
    URL_FILE.write_text(address(place) + "\n")


def stop(place: Place) -> bool:
    """Stop the server; False when there was none."""
    if not (answers(place) or at_work(place)):
        return False
    done = place.call(find_programs(place.data) / "pg_ctl", "stop", "-D", place.data, "-m", "fast", "-w", "-t", "120")
    if done.returncode and at_work(place):
        raise ClusterError(f"PostgreSQL does not stop:\n{done.stdout.strip()}")
    return True


def remove(place: Place) -> None:
    """Delete what `start` made, except its log and address."""
    for directory in (place.data, draft(place), place.sockets):
        shutil.rmtree(directory, ignore_errors=True)
    for parent in (FALLBACK, FALLBACK.parent):
        with suppress(OSError):  # not there, or another checkout's
            parent.rmdir()


def draft(place: Place) -> Path:
    return place.data.with_suffix(".draft")


def take_ownership(place: Place) -> None:
    """Make the directories private and the owner's, also after a copy or a chown by root."""
    if place.data.is_relative_to(FALLBACK):
        make_passable(FALLBACK.parent)
        make_passable(FALLBACK)
    with suppress(FileExistsError):
        place.sockets.mkdir(mode=0o700)
        os.chown(place.sockets, place.uid, place.gid)
    for directory in (place.sockets, place.data):
        if directory.is_symlink():
            raise ClusterError(f"{directory} is a symbolic link, which this does not follow: move it away.")
        if directory.exists() and directory.stat().st_uid != place.uid:
            if os.geteuid() != 0 or not directory.is_relative_to(place.data.parent):
                raise ClusterError(f"{directory} belongs to another user: work as that user, or as root `make clean`.")
            subprocess.run(["chown", "-R", f"{place.uid}:{place.gid}", directory], check=True)
    place.sockets.chmod(0o700)


def create(place: Place, programs: Path) -> None:
    """Run initdb beside the final place: one that was cut short must not look finished."""
    for leftover in (draft(place), place.data):
        shutil.rmtree(leftover, ignore_errors=True)
    draft(place).mkdir(mode=0o700)
    os.chown(draft(place), place.uid, place.gid)
    locale = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"
    choices = ("-A", "trust", "-U", NAME, "-E", "UTF8", f"--locale={locale}", "--no-instructions")
    done = place.call(programs / "initdb", "-D", draft(place), *choices)
    if done.returncode:
        raise ClusterError(f"initdb failed:\n{done.stdout.strip()}")
    with (draft(place) / "postgresql.conf").open("a") as conf:
        conf.write("\ninclude_dir = 'conf.d'\n")
    draft(place).rename(place.data)


def clear_leftovers(place: Place) -> None:
    """After a kill -9 or a crash: wait for orphans, then drop pid files that name another process.

    PostgreSQL clears the pid file of a dead process itself. It cannot once the number went to another
    process, as happens each time a container starts again.
    """
    deadline = time.monotonic() + 20
    while at_work(place):
        if time.monotonic() > deadline:
            raise ClusterError(f"An earlier PostgreSQL still works in {place.data}: `make stop` stops it.")
        time.sleep(0.2)
    if Path("/proc/self").exists():  # without /proc, `at_work` knows nothing
        for leftover in (place.data / "postmaster.pid", place.socket.with_name(place.socket.name + ".lock")):
            if names_a_live_process(leftover):
                leftover.unlink()


def names_a_live_process(pid_file: Path) -> bool:
    try:
        os.kill(int(pid_file.read_text().split()[0]), 0)
    except (FileNotFoundError, ValueError, IndexError, ProcessLookupError):
        return False
    except PermissionError:
        pass
    return True


def launch(place: Place, programs: Path) -> None:
    directory = place.data / "conf.d"
    directory.mkdir(exist_ok=True)
    path = directory / "10-local-dabord.conf"
    path.write_text(settings(place.sockets))
    for item in (directory, path):
        os.chown(item, place.uid, place.gid)
    if LOG.exists():
        LOG.replace(LOG.with_name(LOG.name + ".1"))
    # Straight to a file: the server keeps what it inherits, and a pipe would hang whoever reads it.
    with LOG.open("wb") as log:
        done = place.call(programs / "pg_ctl", "start", "-D", place.data, "-w", "-t", "300", log=log.fileno())
    if done.returncode:
        end = "\n  ".join(LOG.read_text(errors="replace").splitlines()[-8:])
        raise ClusterError(f"PostgreSQL did not start. The end of {LOG}:\n  {end}")


def ensure_database(place: Place, programs: Path) -> None:
    at = ("-h", place.sockets, "-p", str(PORT), "-U", NAME)
    query = f"SELECT count(*) FROM pg_database WHERE datname = '{NAME}'"
    deadline = time.monotonic() + 60  # a server that recovers from a crash refuses for a while
    while (found := place.call(programs / "psql", *at, "-XAtc", query, "postgres")).returncode:
        if time.monotonic() > deadline:
            raise ClusterError(f"PostgreSQL takes no connections: {found.stdout.strip()}")
        time.sleep(0.2)
    if found.stdout.strip() == "0":
        place.call(programs / "createdb", *at, NAME).check_returncode()
