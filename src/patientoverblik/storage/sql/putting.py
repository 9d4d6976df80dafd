"""Statements that keep a row whether or not there is one with its key, as both databases understand them."""

from functools import cache


@cache
def put(table: str, keys: str, *others: str) -> str:
    """Keep a row: a new one, or in place of the one with the same ``keys`` (names with commas between them). Its values
    are those of the keys, then of the other columns."""
    columns = (*keys.split(", "), *others)
    changed = ", ".join(f"{name} = excluded.{name}" for name in others)
    return f"{_into(table, columns)} on conflict ({keys}) do update set {changed}"


@cache
def once(table: str, *columns: str) -> str:
    """Add a row unless there is one with its key."""
    return f"{_into(table, columns)} on conflict do nothing"


def _into(table: str, columns: tuple[str, ...]) -> str:
    marks = ", ".join("?" * len(columns))
    return f"insert into {table} ({', '.join(columns)}) values ({marks})"  # noqa: S608 - names of our own
