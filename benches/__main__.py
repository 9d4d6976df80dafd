"""``make bench``: every figure beside its floor, with the ratio; the same machine, the same run."""

import sys
import tempfile
import time
from pathlib import Path

from benches.embedding import measure_embedding
from benches.fhir import measure_fhir
from benches.flags import measure_flags
from benches.flushing import measure_flushing
from benches.postgres import made, measure_copying, measure_looks, server
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
    figures: list[Figure] = [*measure_reading()]
    with tempfile.TemporaryDirectory() as folder:
        lists = list(measure_worklist(f"sqlite:///{folder}/worklist.sqlite3"))
        world = _filled(Path(folder) / "bench.sqlite3")
        own = _measured(world)
        with server() as running:
            figures += beside(lists, list(measure_worklist(made(running, "worklist"))) if running else [])
            there = _filled(made(running, "bench")) if running else None
            figures += beside(own, _measured(there) if there else [])
            if running and there:
                figures += [*measure_looks(there), *measure_copying(running)]
    print_table(figures)
    return 0


def _measured(world: World) -> list[Figure]:
    """Every figure that depends on the database."""
    return [
        *measure_embedding(world),
        *measure_fhir(world),
        *measure_submitting(world),
        *measure_serving(world),
        *measure_flags(world),
        *measure_flushing(world),
        *measure_xds(world),
    ]


def _filled(path: Path | str) -> World:
    print(f"filling a database with {PATIENTS} patients of twenty documents …", flush=True)
    began = time.perf_counter()
    world = fill(path, PATIENTS)
    print(f"{world.documents} documents in {time.perf_counter() - began:.0f} s", flush=True)
    return world


if __name__ == "__main__":
    sys.exit(main())
