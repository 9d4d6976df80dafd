"""Where a patient's rows lie: one integer that begins with the patient, so that they stand together in the file.

A place is the low 43 bits of the patient key followed by 20 bits of order; the schema checks that it is so. Where a
table holds several parts of what is known of a patient, the first two bits of the order are the part.
"""

from functools import cache

ORDER_BITS = 20
PATIENT_BITS = 43
PART_BITS = 2

# The parts of ``shelf``: what every look reads, side by side, and what follows a look.
EVIDENCE, ENTRY, CARE, FOLLOWED = range(4)
# The parts of ``trail``: what every look writes, side by side.
EVENT, LOOK = range(2)


def span(patient: int) -> tuple[int, int]:
    """The first and last place a patient's rows of one table can have."""
    first = (patient & ((1 << PATIENT_BITS) - 1)) << ORDER_BITS
    return first, first + (1 << ORDER_BITS) - 1


def part_span(patient: int, part: int) -> tuple[int, int]:
    """The first and last place a patient's rows of one part of a table can have."""
    first = span(patient)[0] + part_of(part)
    return first, first + part_of(1) - 1


def part_of(part: int) -> int:
    """Where a part begins among a patient's places."""
    return part << (ORDER_BITS - PART_BITS)


@cache
def adding(table: str, *columns: str) -> str:
    """The statement that adds a row after a patient's last; its values are the span, patient and columns."""
    marks = ", ".join(f"?{number}" for number in range(3, 4 + len(columns)))
    last = f"select coalesce(max(place) + 1, ?1) from {table} where place between ?1 and ?2"  # noqa: S608
    return f"insert into {table} (place, patient, {', '.join(columns)}) values (({last}), {marks})"  # noqa: S608
