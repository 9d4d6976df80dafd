"""``make bench``: every figure beside its floor, with the ratio; the same machine, the same run."""

import sys
import tempfile
import time
from pathlib import Path

from benches.flushing import measure_flushing
from benches.postgres import made, measure_copying, server
from benches.reading import measure_reading
from benches.serving import measure_serving
from benches.submitting import measure_submitting
from benches.table import Figure, beside, print_table
from benches.worklist import measure_worklist
from benches.world import World, fill
from benches.xds import measure_xds

PATIENTS = 150


def main() -> int:
    """Fill a database, measure, print; the exit code is 0 whatever the figures."""
    figures: list[Figure] = [*measure_reading(), *measure_worklist()]
    with tempfile.TemporaryDirectory() as folder:
        world = _filled(Path(folder) / "bench.sqlite3")
        own = _measured(world)
        with server() as running:
            others = _measured(_filled(made(running, "bench"))) if running else []
            figures += beside(own, others)
            figures += [measure_copying(world, running)] if running else []
    print_table(figures)
    return 0


def _measured(world: World) -> list[Figure]:
    """Every figure that depends on the database."""
    return [*measure_submitting(world), *measure_serving(world), *measure_flushing(world), *measure_xds(world)]


def _filled(path: Path | str) -> World:
    print(f"filling a database with {PATIENTS} patients of twenty documents …", flush=True)
    began = time.perf_counter()
    world = fill(path, PATIENTS)
    print(f"{world.documents} documents in {time.perf_counter() - began:.0f} s", flush=True)
    return world


if __name__ == "__main__":
    sys.exit(main())
