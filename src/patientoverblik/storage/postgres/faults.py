"""What the database said, as a code of the catalogue; its own text never leaves here: it may hold values (DESIGN 17).

The codes are SQLSTATE, PostgreSQL 15 appendix A.
"""

import psycopg

from patientoverblik.storage.fault import Raced, StorageFault

HELD = "22P02"  # what an act asked about is held by another worker (``connection.py``)
_RACED = frozenset({"40001", "40P01", "23505", "55P03", HELD})  # serialization, deadlock, unique, lock not had in time
READ_ONLY = "25006"
_BY_CODE = {
    READ_ONLY: "storage.disk",
    "57P01": "storage.away",
    "57P02": "storage.away",
    "57P03": "storage.away",
}
_BY_CLASS = {
    "08": "storage.away",
    "23": "storage.conflict",
    "53": "storage.busy",
    "57": "storage.busy",
    "58": "storage.disk",
}
DISK_FULL = "53100"


def fault_of(error: psycopg.Error) -> StorageFault:
    """The catalogue's code for what the database said; a database that said nothing is away."""
    if error.sqlstate is None:
        return StorageFault("storage.away" if isinstance(error, psycopg.OperationalError) else "storage.broken")
    return fault_of_state(error.sqlstate)


def fault_of_state(said: str) -> StorageFault:
    """The catalogue's code for a SQLSTATE."""
    if said in _RACED:
        return Raced("storage.conflict" if said.startswith("23") else "storage.busy")
    if said == DISK_FULL:
        return StorageFault("storage.disk")
    return StorageFault(_BY_CODE.get(said) or _BY_CLASS.get(said[:2], "storage.broken"))
