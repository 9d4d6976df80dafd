"""Parse, check and read of a care plan against the bare parse; medians of many runs on one core."""

import os
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from lxml import etree

from benches.table import Figure
from patientoverblik import conformance, formats
from patientoverblik.demo.generator import for_bench
from patientoverblik.formats import Parsed

SHARED = Path(os.environ.get("PATIENTOVERBLIK_SHARED", Path(__file__).resolve().parents[2] / "shared"))
SAMPLE = SHARED / "data/cda/cpd/CPD-DK_Care_Plan_Diabetes_Example_1_2018-11-02.xml"
TURNS, WARMING, RUNS = 40, 3, 10


def measure_reading() -> Iterator[Figure]:
    """Figures for the shared diabetes plan where it is present, and for the largest generated document."""
    largest = max((data for _, data in for_bench(0)), key=len)
    if SAMPLE.exists():
        yield from _figures("shared diabetes plan", SAMPLE.read_bytes())
    yield from _figures("largest generated document", largest)


def _figures(name: str, data: bytes) -> Iterator[Figure]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    parsed = formats.parse(data)
    if not isinstance(parsed, Parsed):
        return
    floor, all_of_it, check, read = medians_ms(
        lambda: etree.fromstring(data, parser),
        lambda: whole(data),
        lambda: conformance.check(parsed.root),
        lambda: formats.read(parsed),
    )
    title = f"{name}, {len(data) / 1000:.0f} kB"
    yield Figure(f"{title}: parse + check + read", all_of_it, "ms", floor, "ratio ≤ 12")
    yield Figure("  of which check", check, "ms", floor)
    yield Figure("  of which read", read, "ms", floor)


def whole(data: bytes) -> None:
    """What happens to a document at the door, but for storage."""
    parsed = formats.parse(data)
    if isinstance(parsed, Parsed):
        conformance.check(parsed.root)
        formats.read(parsed)


def median_ms(work: Callable[[], object]) -> float:
    """The median processor time of a work that has no floor, in milliseconds."""
    return medians_ms(work)[0]


def medians_ms(*works: Callable[[], object]) -> list[float]:
    """The median processor time of each of some works, in milliseconds; others' work does not count.

    They take turns of ``RUNS`` each, ``TURNS`` times over, as a virtual machine changes its speed within seconds and a
    ratio means something only between times of the same moment. The first runs of a turn warm up and do not count.
    """
    spent: list[list[float]] = [[] for _ in works]
    for _ in range(TURNS):
        for work, times in zip(works, spent, strict=True):
            times += [_cpu_seconds(work) for _ in range(WARMING + RUNS)][WARMING:]
    return [1000 * statistics.median(times) for times in spent]


def _cpu_seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began
