"""Where it is kept: memory is the reference, SQLite the embedded default, PostgreSQL the production database."""
