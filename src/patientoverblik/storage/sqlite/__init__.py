"""Storage in one SQLite file: WAL, synchronous=FULL, grouped commits."""

from patientoverblik.storage.sqlite.migrate import schema_versions
from patientoverblik.storage.sqlite.storage import SqliteStorage

__all__ = ["SqliteStorage", "schema_versions"]
