"""Storage in one SQLite file: WAL, synchronous=FULL, grouped commits."""

from patientoverblik.storage.sqlite.storage import SqliteStorage

__all__ = ["SqliteStorage"]
