"""``make bench``: every figure beside its floor, with the ratio; the same machine, the same run."""

import sys
import tempfile
import time
from pathlib import Path

from benches.reading import measure_reading
from benches.serving import measure_serving
from benches.submitting import measure_submitting
from benches.table import Figure, print_table
from benches.world import World, fill
from benches.xds import measure_xds

PATIENTS = 150


def main() -> int:
    """Fill a database, measure, print; the exit code is 0 whatever the figures."""
    figures: list[Figure] = [*measure_reading()]
    with tempfile.TemporaryDirectory() as folder:
        world = _filled(Path(folder) / "bench.sqlite3")
        figures += measure_submitting(world)
        figures += measure_serving(world)
        figures += measure_xds(world)
    print_table(figures)
    return 0


def _filled(path: Path) -> World:
    print(f"filling a database with {PATIENTS} patients of twenty documents …", flush=True)
    began = time.perf_counter()
    world = fill(path, PATIENTS)
    print(f"{world.documents} documents in {time.perf_counter() - began:.0f} s", flush=True)
    return world


if __name__ == "__main__":
    sys.exit(main())
