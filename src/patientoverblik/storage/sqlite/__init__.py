"""Storage in one SQLite file: WAL, synchronous=FULL, grouped commits."""
