"""Synthetic patients without end: COPD, type 2 diabetes, heart disease and depression, documents from all four sectors.

The same seed and number always give the same documents, byte for byte. A full patient has twenty documents; every other
patient has some of the conditions and the documents that belong to them.
"""

from collections.abc import Iterator

from patientoverblik.demo.generated import told
from patientoverblik.demo.handing_in import written
from patientoverblik.demo.story import Delivery
from patientoverblik.demo.synthetic import patient


def documents(number: int, seed: str = "demo", *, full: bool = False) -> Iterator[Delivery]:
    """The documents of patient ``number`` (from 0), oldest first."""
    yield from sorted(told(patient(number, seed, full=full)), key=lambda delivery: delivery.at.earliest)


def for_bench(number: int, seed: str = "bench") -> tuple[tuple[str, bytes], ...]:
    """A full patient's twenty documents as bytes, oldest first, each with the key of who hands it in."""
    return tuple((delivery.by, written(delivery)) for delivery in documents(number, seed, full=True))
