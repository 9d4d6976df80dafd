"""The program with a disk that takes 4 ms longer for each flush: the delay is put in the writer, before its commit.

It is not the disk that is slowed but the point where the writer waits for it; what groups do is the same.
"""

import time

from patientoverblik.app.console import main
from patientoverblik.storage.postgres.connection import WritingConnection
from patientoverblik.storage.sqlite.connection import SqliteConnection

FLUSH_SECONDS = 0.004


def slow(kind: type[SqliteConnection] | type[WritingConnection]) -> None:
    """Let each commit of a kind of connection that changes something take so much longer."""
    commit, begin = kind.commit, kind.begin

    def later(self: object) -> None:
        if getattr(self, "changes", False):
            time.sleep(FLUSH_SECONDS)
        commit(self)  # type: ignore[arg-type]

    def begun(self: object, patiently: bool) -> None:
        self.changes = True  # type: ignore[attr-defined]
        begin(self, patiently)  # type: ignore[arg-type]

    kind.commit, kind.begin = later, begun  # type: ignore[method-assign]


if __name__ == "__main__":
    slow(SqliteConnection)
    slow(WritingConnection)
    main()
