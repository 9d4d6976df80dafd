"""Storage in PostgreSQL: the production database; many workers may share one."""

from patientoverblik.storage.postgres.rows import PostgresRows
from patientoverblik.storage.postgres.schema import migrate, pending, schema_versions
from patientoverblik.storage.postgres.storage import PostgresStorage

__all__ = ["PostgresRows", "PostgresStorage", "migrate", "pending", "schema_versions"]
