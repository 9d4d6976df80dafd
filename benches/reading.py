"""Parse, check and read of a care plan against the bare parse; the median of many runs on one core."""

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
RUNS = 300


def measure_reading() -> Iterator[Figure]:
    """Figures for the shared diabetes plan where it is present, and for the largest generated document."""
    largest = max((data for _, data in for_bench(0)), key=len)
    if SAMPLE.exists():
        yield from _figures("shared diabetes plan", SAMPLE.read_bytes())
    yield from _figures("largest generated document", largest)


def _figures(name: str, data: bytes) -> Iterator[Figure]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    floor = median_ms(lambda: etree.fromstring(data, parser))
    title = f"{name}, {len(data) / 1000:.0f} kB"
    yield Figure(f"{title}: parse + check + read", median_ms(lambda: whole(data)), "ms", floor, "ratio ≤ 12")
    parsed = formats.parse(data)
    if isinstance(parsed, Parsed):
        yield Figure("  of which check", median_ms(lambda: conformance.check(parsed.root)), "ms", floor)
        yield Figure("  of which read", median_ms(lambda: formats.read(parsed)), "ms", floor)


def whole(data: bytes) -> None:
    """What happens to a document at the door, but for storage."""
    parsed = formats.parse(data)
    if isinstance(parsed, Parsed):
        conformance.check(parsed.root)
        formats.read(parsed)


def median_ms(work: Callable[[], object]) -> float:
    """The median processor time of many runs, in milliseconds, after a warm-up; others' work does not count."""
    for _ in range(20):
        work()
    spent = []
    for _ in range(RUNS):
        began = time.process_time()
        work()
        spent.append(time.process_time() - began)
    return 1000 * statistics.median(spent)
