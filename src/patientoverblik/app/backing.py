"""A backup: the whole database as one SQLite file, whatever it was in, with a list of what it holds; and back again.

Taken while workers serve: what is in it is one committed state. It is read again at once: every table summed, every
document held against its content hash, every chain of the trail walked. A restore does the same before anything is
written and after everything is, and ends every session: one that was ended since the backup must not come alive.
"""

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from patientoverblik.app.copying import copy_database, expect_newest, report
from patientoverblik.app.database import SQLITE, file_of, open_database, schema_of
from patientoverblik.edges.cli.ports import CopyReport
from patientoverblik.service.ports import Transaction
from patientoverblik.storage.copying import Compared, Copied, Sum, documents_in, sums, wrong_documents
from patientoverblik.storage.fault import StorageFault
from patientoverblik.storage.sqlite import (
    SqliteRows,
    backup_file,
    broken_chains_in,
    put_list,
    read_list,
    schema_versions,
)

MOST_SESSIONS = 10_000_000
Tell = Callable[[str, int], None]


def backup(source: str, target: Path, tell: Tell) -> CopyReport:
    """Back a database up into a new file, which is there whole or not at all."""
    if target.exists():
        raise StorageFault("storage.backup-exists")
    expect_newest(schema_of(source))
    part = target.with_name(f"{target.name}.part")
    try:
        found = _written(source, part, tell)
        if found.whole:
            _settle(part, target)
        return found
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def restore(source: Path, target: str, tell: Tell) -> CopyReport:
    """Restore a backup into an empty database; a fault before anything is written where the file is not what it was."""
    if not source.is_file() or not is_backup(source):
        raise StorageFault("storage.no-backup")
    if not _checked(source).whole:
        raise StorageFault("storage.backup-damaged")
    with _of_this_schema(source) as readable:
        found = copy_database(f"{SQLITE}{readable}", target, tell)
    if found.whole:
        _end_sessions(target)
    return found


def is_backup(path: Path) -> bool:
    """Whether a file is one that :func:`backup` finished."""
    try:
        return bool(read_list(path))
    except StorageFault:
        return False


def _written(source: str, part: Path, tell: Tell) -> CopyReport:
    path, began = file_of(source), time.monotonic()
    if path is None:
        found = copy_database(source, f"{SQLITE}{part.absolute()}", tell)
    else:
        backup_file(path, part)
        found = _checked(part, time.monotonic() - began)
    if found.whole:
        put_list(part, {each.table: Sum(each.rows, each.bytes, each.digest) for each in found.tables})
    return found


def _checked(path: Path, copying: float = 0.0) -> CopyReport:
    """A file read again, against the list in it where there is one."""
    began = time.monotonic()
    rows = SqliteRows(path, writing=False)
    try:
        found = sums(rows)
        listed = read_list(path) or found
        wrong = wrong_documents(rows)
    finally:
        rows.close()
    tables = tuple(Compared(table, listed.get(table, found[table]), found[table]) for table in found)
    copied = Copied(tables, documents_in(found), wrong)
    return report(copied, 0, broken_chains_in(path), copying, time.monotonic() - began)


def _is_newest(path: Path) -> bool:
    found, newest = schema_versions(path)
    return found == newest


@contextmanager
def _of_this_schema(path: Path) -> Iterator[Path]:
    """The file, or a copy of it brought forward to the newest schema, which is gone afterwards."""
    if _is_newest(path):
        yield path.absolute()
        return
    with TemporaryDirectory(dir=path.absolute().parent) as folder:
        copy = Path(folder) / "restored.sqlite3"
        backup_file(path, copy)
        open_database(f"{SQLITE}{copy}").close()
        yield copy


def _settle(part: Path, target: Path) -> None:
    """Give a finished file its name, all of it on the disk."""
    try:
        for path in (part, part.parent):
            handle = os.open(path, os.O_RDONLY)
            os.fsync(handle)
            os.close(handle)
        part.rename(target)
        handle = os.open(target.parent, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)
    except OSError:
        raise StorageFault("storage.disk") from None


def _end_sessions(target: str) -> None:
    storage = open_database(target)
    try:
        for session in storage.reader().open_sessions(0, MOST_SESSIONS):
            storage.act(partial(_end_session, session.id)).result()
    finally:
        storage.close()


def _end_session(session: str, transaction: Transaction) -> None:
    transaction.end_session(session)
