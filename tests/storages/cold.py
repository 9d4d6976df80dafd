"""How much of the file one look touches when nothing of it is in memory: a new process, the file's cached pages dropped.

Run as ``python -m tests.storages.cold FILE PATIENT…`` it prints one line of JSON for each patient.
"""

import json
import os
import sys
from pathlib import Path

from patientoverblik.storage.sqlite import SqliteStorage


def drop(path: Path) -> None:
    """Let the operating system forget the file's pages; what is not yet on disk is written first."""
    for each in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        if each.exists():
            handle = os.open(each, os.O_RDONLY)
            os.fsync(handle)
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(handle)


def counters() -> dict[str, int]:
    """This process's read calls and the bytes that came from disk."""
    lines = Path("/proc/self/io").read_text(encoding="ascii").splitlines()
    told = {name: int(value) for name, value in (line.split(": ") for line in lines)}
    return {"calls": told["syscr"], "bytes": told["rchar"]}


def look(storage: SqliteStorage, patient: int) -> int:
    """The reads of one overview; the bytes of its payload."""
    with storage.snapshot() as reader:
        keys = reader.linked_keys(patient)
        reader.blocks(patient), reader.relations(patient), reader.powers(patient), reader.person(patient)
        entries = [entry for key in keys for entry in reader.entries(key)]
        cares = reader.cares(patient, [entry.content for entry in entries])
    return sum(len(care) for _, care in cares.values())


def measure(path: Path, patient: int) -> dict[str, int]:
    """What one cold look cost, beside the bytes it was about."""
    storage = SqliteStorage(path)
    storage.reader().linked_keys(0)
    drop(path)
    before = counters()
    payload = look(storage, patient)
    after = counters()
    storage.close()
    return {"payload": payload, **{name: after[name] - before[name] for name in after}}


def main(path: str, *patients: str) -> None:
    """Print the cost of one cold look for each patient."""
    for patient in patients:
        sys.stdout.write(json.dumps(measure(Path(path), int(patient))) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
