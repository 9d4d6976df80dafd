"""``make soak``: whether the XDS.b door's memory stays flat: queries and documents by turns and every twentieth call a
care plan the database has not seen, 100 000 of them in all.

``python -m benches.soak [REQUESTS]``; memory is told at every tenth. The exit code is 1 where the last is more than
``MOST_GROWTH`` times what it was when a fifth was done, since caches fill at first.
"""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import count, cycle, islice
from pathlib import Path

from benches.load import Request, once
from benches.servers import free_port, memory_mb, serving
from benches.serving import AT_ONCE
from benches.world import World, fill, number_of
from benches.xds import SUCCEEDED, Sender, environment, large

REQUESTS, STEPS, PATIENTS, NEW_PATIENT = 100_000, 10, 50, 10_000
BETWEEN = 19
MOST_GROWTH = 1.1


def main(words: Sequence[str]) -> int:
    """Fill, ask, print."""
    requests = int(words[0]) if words else REQUESTS
    with tempfile.TemporaryDirectory() as folder:
        seen = soaked(Path(folder) / "soak.sqlite3", requests // STEPS)
    growth = seen[-1] / seen[1]
    print(f"the last is {growth:.2f} times the second (goal ≤ {MOST_GROWTH})")
    return 0 if growth <= MOST_GROWTH else 1


def soaked(path: Path, each: int) -> list[float]:
    """MB of the worker after each step of so many requests."""
    world, port, new = fill(path, PATIENTS), free_port(), new_plans()
    seen: list[float] = []
    with serving(["-m", "patientoverblik", "serve"], port, environment(world, port)) as process:
        for step in range(1, STEPS + 1):
            once(port, list(islice(mixed(world, new), each)), AT_ONCE, SUCCEEDED)
            seen.append(memory_mb(process))
            print(f"{step * each:>8} requests  {seen[-1]:6.0f} MB", flush=True)
    return seen


def mixed(world: World, new: Iterator[tuple[int, bytes]]) -> Iterator[Request]:
    """Queries and documents of the patients there are, and new care plans between them, by a sender whose token is
    fresh."""
    sender = Sender(world)
    known = [sender.query(number) for number in world.numbers]
    known += [sender.fetch(number, patient) for patient, number in enumerate(world.numbers)]
    turn = cycle(known)
    for patient, data in new:
        yield from islice(turn, BETWEEN)
        yield sender.provide(number_of(patient), data)


def new_plans() -> Iterator[tuple[int, bytes]]:
    """Care plans of ever new patients."""
    return ((patient, data) for patient in count(NEW_PATIENT) for data in large(patient))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
