"""Where a patient's rows lie: one integer that begins with the patient, so that they stand together in the file.

A place is the low 43 bits of the patient key followed by 20 bits of order; the schema checks that it is so.
"""

from functools import cache

ORDER_BITS = 20
PATIENT_BITS = 43


def span(patient: int) -> tuple[int, int]:
    """The first and last place a patient's rows of one table can have."""
    first = (patient & ((1 << PATIENT_BITS) - 1)) << ORDER_BITS
    return first, first + (1 << ORDER_BITS) - 1


@cache
def adding(table: str, *columns: str) -> str:
    """The statement that adds a row after a patient's last; its values are the :func:`span`, patient and columns."""
    marks = ", ".join(f"?{number}" for number in range(3, 4 + len(columns)))
    last = f"select coalesce(max(place) + 1, ?1) from {table} where place between ?1 and ?2"  # noqa: S608
    return f"insert into {table} (place, patient, {', '.join(columns)}) values (({last}), {marks})"  # noqa: S608
