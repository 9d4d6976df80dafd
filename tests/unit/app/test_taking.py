"""Callers of one port are shared out evenly among those who take from it, and nobody is left standing."""

import asyncio
import errno
import os
import socket

from patientoverblik.app.metrics import Board, begin
from patientoverblik.app.taking import Taking

CALLERS = 16


class Worker:
    """One who takes callers and keeps their connections open."""

    def __init__(self, board: Board, number: int) -> None:
        self._board, self._number = board, number
        begin(board.line(number))
        self.connections: list[socket.socket] = []

    def takes(self, port: socket.socket) -> Taking:
        return Taking(port, self._take, self._has_more)

    async def _take(self, caller: socket.socket) -> None:
        self.connections.append(caller)

    def _has_more(self, coming: int) -> bool:
        return self._board.opened(self._number, len(self.connections) + coming)


def listening() -> socket.socket:
    port = socket.socket()
    port.bind(("127.0.0.1", 0))
    port.listen(CALLERS)
    return port


async def called(port: socket.socket, count: int) -> list[asyncio.StreamWriter]:
    opened = (asyncio.open_connection(*port.getsockname()) for _ in range(count))
    return [writer for _, writer in await asyncio.gather(*opened)]


async def until(count: int, *workers: Worker) -> list[int]:
    """How many connections each has, once they have so many together."""
    async with asyncio.timeout(20):
        while sum(found := [len(one.connections) for one in workers]) < count:
            await asyncio.sleep(0)
    return found


def shared(had: int, here: tuple[bool, bool] = (True, True), port: socket.socket | None = None) -> list[int]:
    """The connections of two workers after sixteen called, of whom the first ``had`` some before."""

    async def run(port: socket.socket) -> list[int]:
        board = Board(2)
        workers = [Worker(board, number) for number in range(2)]
        workers[0].connections += [socket.socket() for _ in range(had)]
        ports = [port, socket.socket(fileno=os.dup(port.fileno()))]  # as in processes of their own
        both = zip(workers, ports, here, strict=True)
        takers = [one.takes(own) for one, own, is_here in both if is_here]
        callers = await called(port, CALLERS)
        found = await until(CALLERS + had, *workers)
        for taker in takers:
            taker.close()
            await taker.wait_closed()
        ports[1].close()
        for end in (*callers, *(one for worker in workers for one in worker.connections)):
            end.close()
        return found

    with port or listening() as open_port:
        return asyncio.run(run(open_port))


def test_callers_come_evenly_to_all_workers():
    assert shared(0) == [8, 8]


def test_who_has_more_leaves_the_next_to_the_others():
    assert shared(6) == [11, 11]


def test_who_is_left_to_a_worker_that_does_not_come_is_taken_all_the_same():
    assert shared(0, here=(True, False)) == [16, 0]


def test_nobody_is_left_to_a_worker_that_has_ended():
    board = Board(2)
    begin(board.line(0))
    assert not board.opened(0, 3)
    begin(board.line(1))
    assert board.opened(0, 3)
    board.ended(1)
    assert not board.opened(0, 3)


def test_callers_wait_while_no_file_can_be_opened(monkeypatch):
    monkeypatch.setattr("patientoverblik.app.taking.FULL_SECONDS", 0.0)
    port = Full(listening())
    assert shared(0, here=(True, False), port=port) == [16, 0]
    assert port.refused == 3


class Full(socket.socket):
    """A port that cannot take the first three callers, as the process has too many files open."""

    def __init__(self, port: socket.socket) -> None:
        super().__init__(fileno=port.detach())
        self.refused = 0

    def accept(self) -> tuple[socket.socket, object]:
        if self.refused < 3:
            self.refused += 1
            raise OSError(errno.EMFILE, "too many open files")
        return super().accept()
