"""A private PostgreSQL server for tests, where its programs are: started once, with a new database for each test."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest

from patientoverblik.storage.postgres import migrate

ROOTS = (Path("/usr/lib/postgresql"), Path("/usr/local/pgsql"))
ABSENT = "PostgreSQL's server programs are not here: tests on it are left out"
QUICK = "-c fsync=off -c full_page_writes=off -c shared_buffers=64MB -c max_connections=200 -c autovacuum=off"
QUIET: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
# Stops the server and removes it when the process that started it has ended, however it ended: its end closes the pipe.
KEEPER = """
import shutil, subprocess, sys
*pg_ctl, folder = sys.argv[1:]
sys.stdin.read()
subprocess.run([*pg_ctl, "-D", folder + "/data", "-w", "-m", "immediate", "stop"], cwd=folder, stdout=-3, stderr=-3)
shutil.rmtree(folder)
"""
_numbers = count(1)


class Server(NamedTuple):
    """A running server: where its programs and its files are, and the socket's folder."""

    programs: Path
    folder: Path

    def address(self, database: str) -> str:
        """The address of a database."""
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def run(self, *words: str) -> None:
        """Run one of its programs, as the user the server demands."""
        subprocess.run(self.command(*words), check=True, cwd=self.folder, **QUIET)

    def command(self, *words: str) -> list[str]:
        """The words that run one of its programs."""
        command = [str(self.programs / words[0]), *words[1:]]
        return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command

    def start(self, settings: str = QUICK) -> None:
        told = f"-c listen_addresses= -c unix_socket_directories={self.folder} {settings}"
        data, log = str(self.folder / "data"), str(self.folder / "log")
        self.run("pg_ctl", "-D", data, "-w", "-l", log, "-o", told, "start")

    def stop(self, how: str = "fast") -> None:
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-w", "-m", how, "stop")

    def do(self, statement: str) -> None:
        """Do one statement on the server's own database."""
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def new_database(self, template: str = "made") -> str:
        """The address of a new database that looks like another one."""
        name = f"t{next(_numbers)}"
        self.do(f"create database {name} template {template}")
        return self.address(name)

    def drop(self, address: str) -> None:
        """Forget a database."""
        self.do(f"drop database {address.split('/')[3].partition('?')[0]} with (force)")


def programs() -> Path | None:
    """Where the newest server's programs are."""
    found = [path for root in ROOTS for path in sorted(root.glob("**/bin")) if (path / "initdb").exists()]
    return found[-1] if found else None


@contextmanager
def private_server(settings: str = QUICK, where_to: Path | None = None) -> Iterator[Server]:
    """A server of its own, in a folder of its own (in ``where_to``), stopped and removed afterwards."""
    where = programs()
    if where is None:
        pytest.skip(ABSENT)
    folder = Path(tempfile.mkdtemp(prefix="po-", dir=where_to))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    server = Server(where, folder)
    keeper = subprocess.Popen(
        [sys.executable, "-c", KEEPER, *server.command("pg_ctl"), str(folder)],
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        server.run(
            "initdb",
            "-D",
            str(folder / "data"),
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "-U",
            "postgres",
            "-N",
        )
        server.start(settings)
        yield server
    finally:
        keeper.communicate(timeout=30)


def empty(address: str) -> None:
    """Forget every row of a database, but for what its schema's version is."""
    with psycopg.connect(address, autocommit=True) as connection:
        rows = connection.execute(
            "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
        ).fetchall()
        connection.execute("; ".join(f"delete from {name}" for (name,) in rows if name != "schema_version").encode())


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """One server for all tests of this process, with a database ``made`` whose schema is the newest."""
    with private_server() as server:
        server.do("create database made")
        migrate(server.address("made"))
        yield server


@pytest.fixture
def postgres(postgres_server: Server) -> Iterator[str]:
    """The address of an empty database with the newest schema."""
    address = postgres_server.new_database()
    yield address
    postgres_server.drop(address)
