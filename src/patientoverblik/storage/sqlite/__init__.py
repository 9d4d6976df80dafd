"""Storage in one SQLite file: WAL, synchronous=FULL, grouped commits."""

from patientoverblik.storage.sqlite.backup import backup_file, broken_chains_in, put_list, read_list
from patientoverblik.storage.sqlite.migrate import newest_version, schema_versions
from patientoverblik.storage.sqlite.rows import SqliteRows
from patientoverblik.storage.sqlite.storage import SqliteStorage

__all__ = [
    "SqliteRows",
    "SqliteStorage",
    "backup_file",
    "broken_chains_in",
    "newest_version",
    "put_list",
    "read_list",
    "schema_versions",
]
