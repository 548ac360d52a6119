"""What this machine has for PostgreSQL: its programs, its memory, and where the data may stand.

Standard library only.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from glob import glob
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / ".local"
TAG = hashlib.sha256(os.fsencode(ROOT)).hexdigest()[:12]
FALLBACK = Path("/var/lib/local-dabord") / TAG  # for root, when `postgres` may not enter the checkout
EXTENSIONS = ("postgis", "pg_trgm", "unaccent", "intarray", "btree_gist", "fuzzystrmatch")
OLDEST = 14  # what Django 5.2 supports
PORT = 5432  # names the socket, nothing more
SOCKET_BYTES = 107 if sys.platform == "linux" else 103  # the longest path of a unix socket
MB = 1 << 20


class ClusterError(Exception):
    """Something the person at the keyboard can mend; the message says how."""


@dataclass(frozen=True)
class Place:
    """The data directory, its socket's directory, and the user and group that own both."""

    data: Path
    sockets: Path
    uid: int
    gid: int

    @property
    def socket(self) -> Path:
        return self.sockets / f".s.PGSQL.{PORT}"

    def call(self, *command: str | Path, log: int = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
        """Run a command as the owner; what it prints goes to `log`, errors included."""
        switch = os.geteuid() != self.uid
        return subprocess.run(
            [os.fspath(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            text=True,
            errors="surrogateescape",
            cwd="/",  # the owner may not be allowed where we stand
            env={name: value for name, value in os.environ.items() if not name.startswith("PG")},
            user=self.uid if switch else None,
            group=self.gid if switch else None,
            extra_groups=[] if switch else None,
        )


def find_place() -> Place:
    make_passable(LOCAL)
    inside, outside = LOCAL / "postgres", FALLBACK / "postgres"
    if os.geteuid() != 0:
        return Place(inside, socket_directory(inside), os.geteuid(), os.getegid())
    existing = next((data for data in (inside, outside) if (data / "PG_VERSION").exists()), None)
    if existing and existing.stat().st_uid != 0:
        owner = existing.stat()
        return Place(existing, socket_directory(existing), owner.st_uid, owner.st_gid)
    try:
        postgres = pwd.getpwnam("postgres")
    except KeyError:  # no PostgreSQL is installed, hence nothing runs
        return Place(inside, socket_directory(inside), 0, 0)
    place = Place(inside, socket_directory(inside), postgres.pw_uid, postgres.pw_gid)
    if existing == outside or place.call("test", "-x", LOCAL).returncode:
        place = Place(outside, socket_directory(outside), postgres.pw_uid, postgres.pw_gid)
    return place


def make_passable(directory: Path) -> None:
    """Make a directory; when root makes it, one that `postgres` may pass through, whatever the umask."""
    directory.mkdir(exist_ok=True)
    if os.geteuid() == 0:
        directory.chmod(directory.stat().st_mode | 0o111)


def socket_directory(data: Path) -> Path:
    """Beside the data; in /tmp where that path is too long for a socket."""
    beside = data.parent / "socket"
    fits = len(os.fsencode(beside / f".s.PGSQL.{PORT}")) <= SOCKET_BYTES
    return beside if fits else Path("/tmp") / f"local-dabord-{TAG}"


def find_programs(data: Path) -> Path:
    """The directory of the newest PostgreSQL that has the extensions, or of the one that wrote the data."""
    version = data / "PG_VERSION"
    wanted = int(version.read_text()) if version.exists() else None
    usable: dict[int, Path] = {}
    faults = []
    for programs in installed():
        major = int(re.findall(r"\d+", output(programs / "postgres", "--version"))[0])
        controls = Path(output(programs / "pg_config", "--sharedir"), "extension")
        missing = [name for name in EXTENSIONS if not (controls / f"{name}.control").exists()]
        if missing:
            faults.append(f"PostgreSQL {major} is here without {', '.join(missing)}.")
        elif major >= OLDEST:
            usable.setdefault(major, programs)
    if wanted and wanted not in usable:
        raise ClusterError(
            f"{data} was written by PostgreSQL {wanted}, which is not here with its extensions: install it"
            f" (on Debian postgresql-{wanted}-postgis-3), or delete that data with `make clean`."
        )
    if not usable:
        raise ClusterError(" ".join(faults) or f"No PostgreSQL {OLDEST} or newer is here.")
    return usable[wanted or max(usable)]


def installed() -> Iterator[Path]:
    """Directories that hold a PostgreSQL server: the one on the PATH, Debian's, the RPM packages', Homebrew's."""
    on_path = shutil.which("pg_config")
    patterns = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")
    found = [output(on_path, "--bindir")] if on_path else []
    for home in map(Path, [*found, *(path for pattern in patterns for path in glob(pattern))]):
        if (home / "postgres").exists() and (home / "pg_config").exists():
            yield home


def output(program: str | Path, option: str) -> str:
    done = subprocess.run([program, option], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return done.stdout.strip()


def settings(sockets: Path) -> str:
    """PostgreSQL's settings, sized for this machine and for one service of mostly reads."""
    memory = memory_bytes()
    quoted = os.fspath(sockets).replace('"', '""').replace("'", "''")
    return f"""\
# Written anew at each start. Your own settings: a file beside this one whose name sorts after it.
listen_addresses = ''
unix_socket_directories = '"{quoted}"'
unix_socket_permissions = 0700
port = {PORT}
max_connections = 100

# Of this machine's {memory // MB} MB.
shared_buffers = {min(max(memory // 8, 64 * MB), 2048 * MB) // MB}MB
effective_cache_size = {max(memory // 2, 128 * MB) // MB}MB
maintenance_work_mem = {min(max(memory // 32, 64 * MB), 512 * MB) // MB}MB
work_mem = 32MB
# Many merchants written at once are not interrupted to write all pages to the disk, again and again; no other server
# follows this one, so an index is not written twice. (A server of production has its own settings, and backups.)
wal_level = minimal
max_wal_senders = 0
checkpoint_timeout = 15min
max_wal_size = {min(max(memory // 8, 1024 * MB), 4096 * MB) // MB}MB
dynamic_shared_memory_type = {"posix" if shared_memory_bytes() >= 256 * MB else "mmap"}

random_page_cost = 1.1  # solid-state disks
jit = off  # compiling costs more than these short queries
log_checkpoints = off
"""


def memory_bytes() -> int:
    """The machine's memory, or what its container may use of it."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limits = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
    granted = [int(text) for path in limits if path.exists() and (text := path.read_text().strip()).isdigit()]
    return min([memory, *granted])


def shared_memory_bytes() -> int:
    """Size of /dev/shm: containers often have 64 MB, too little for parallel queries."""
    return shutil.disk_usage("/dev/shm").total if sys.platform == "linux" and Path("/dev/shm").is_dir() else 0
