"""``make soak``: whether the XDS.b door's memory stays flat: queries and documents by turns, 100 000 of them in all.

``python -m benches.soak [REQUESTS]``; memory is told at every tenth. The exit code is 1 where the last is more than
``MOST_GROWTH`` times what it was when a fifth was done, since caches fill at first.
"""

import sys
import tempfile
from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import Path

from benches.load import once
from benches.servers import free_port, memory_mib, serving
from benches.serving import AT_ONCE
from benches.world import fill
from benches.xds import Sender, environment

REQUESTS, STEPS, PATIENTS = 100_000, 10, 50
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
    """MiB of the worker after each step of so many requests."""
    world, port = fill(path, PATIENTS), free_port()
    sender = Sender(world)
    asked = [sender.query(number) for number in world.numbers]
    asked += [sender.fetch(number, patient) for patient, number in enumerate(world.numbers)]
    seen: list[float] = []
    with serving(["-m", "patientoverblik", "serve"], port, environment(world, port)) as process:
        for step in range(1, STEPS + 1):
            once(port, list(islice(cycle(asked), each)), AT_ONCE)
            seen.append(memory_mib(process))
            print(f"{step * each:>8} requests  {seen[-1]:6.0f} MiB", flush=True)
    return seen


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
