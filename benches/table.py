"""Figures and how they are printed: product, floor, ratio, and the first step the project set itself."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Figure:
    """One measurement; ``product`` and ``floor`` are in ``unit``, ``goal`` is the first step; a floor of 0 is none.
    ``postgres`` is the product on PostgreSQL, where it was measured on both."""

    name: str
    product: float
    unit: str
    floor: float = 0
    goal: str = ""
    postgres: float = 0

    @property
    def ratio(self) -> str:
        """How many times the floor's work the product does: times per floor time, or floor rate per product rate."""
        if not self.floor or not self.product:
            return ""
        worse = self.floor / self.product if self.unit.endswith("/s") else self.product / self.floor
        return f"{worse:.1f}"


def beside(figures: Sequence[Figure], others: Sequence[Figure]) -> list[Figure]:
    """Figures with those of the same measurement on PostgreSQL beside them."""
    pairs = zip(figures, others, strict=True) if others else ((figure, Figure("", 0, "")) for figure in figures)
    return [replace(figure, postgres=other.product) for figure, other in pairs]


def print_table(figures: Sequence[Figure]) -> None:
    """The figures as a table for people, with the machine they were seen on."""
    print(f"\nmachine: {os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}")
    print(f"{'figure':<52}{'product':>12}{'PostgreSQL':>12}{'floor':>12}{'ratio':>8}  {'unit':<10}first step")
    for figure in figures:
        floor = f"{figure.floor:.2f}" if figure.floor else "-"
        other = f"{figure.postgres:.2f}" if figure.postgres else "-"
        told = f"{figure.name:<52}{figure.product:>12.2f}{other:>12}{floor:>12}{figure.ratio:>8}"
        print(f"{told}  {figure.unit:<10}{figure.goal}")
