"""Run the tests of the business database on PostgreSQL: ``python -m tests.on_postgresql [options]``.

A throw-away cluster is made in a temporary folder, with a socket of its own and no network, and is gone
afterwards. PostgreSQL refuses to run as root, so root makes it as the user ``postgres``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

USER = "postgres"
MARK = "django_db"
PORT = "54329"
SOCKETS_ONLY = "-c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off"


def program(name: str) -> str:
    """Return the newest program of PostgreSQL with a name."""
    found = sorted(map(str, Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))) or [shutil.which(name) or ""]
    if not found[-1]:
        sys.exit(f"PostgreSQL is not installed: no {name}")
    return found[-1]


def as_user(*command: str) -> None:
    """Run a command, as the user of PostgreSQL where we are root."""
    before = ["runuser", "-u", USER, "--"] if os.geteuid() == 0 else []
    subprocess.run([*before, *command], check=True, stdout=subprocess.DEVNULL, cwd="/")


@contextmanager
def cluster() -> Iterator[str]:
    """Run a cluster inside the block; give the address of its database."""
    folder = Path(tempfile.mkdtemp(prefix="huanzhi-postgresql-"))
    if os.geteuid() == 0:
        shutil.chown(folder, USER)
    data, log = folder / "data", folder / "log"
    try:
        how = ("-A", "trust", "-U", USER, "-E", "UTF8", "--locale=C.UTF-8")
        as_user(program("initdb"), *how, "-D", str(data))
        told = f"-p {PORT} -k {folder} {SOCKETS_ONLY}"
        as_user(program("pg_ctl"), "-D", str(data), "-l", str(log), "-w", "-o", told, "start")
        try:
            yield f"postgresql://{USER}@{quote(str(folder), safe='')}:{PORT}/{USER}"
        finally:
            as_user(program("pg_ctl"), "-D", str(data), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def touching_the_database() -> list[str]:
    """Return the test files that use the business database."""
    files = sorted(Path(__file__).parent.rglob("test_*.py"))
    return [str(path) for path in files if MARK in path.read_text(encoding="utf-8")]


def main(arguments: Sequence[str]) -> int:
    """Run pytest on a new cluster; return its exit code."""
    named = [one for one in arguments if Path(one.partition("::")[0]).exists()]
    options, chosen = [one for one in arguments if one not in named], named or touching_the_database()
    with cluster() as address:
        environment = {**os.environ, "HUANZHI_DATABASE": address}
        return subprocess.run([sys.executable, "-m", "pytest", *options, *chosen], env=environment).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
