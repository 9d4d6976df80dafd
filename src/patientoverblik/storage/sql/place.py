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
EVENT, LOOK, VISIT = range(3)
# A patient's rows of one part. The part is implied by the places, but a database that packs a part's rows looks for it.
WITHIN = "place between ? and ? and patient = ? and part = ?"


OF_PART = f"select about, data from shelf where {WITHIN} order by place"  # noqa: S608


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


def within(patient: int, part: int) -> tuple[int, int, int, int]:
    """The values of :data:`WITHIN`."""
    return (*part_span(patient, part), patient, part)


@cache
def adding(own_places: bool, table: str, *columns: str) -> str:
    """The statement that adds a row after a patient's last; its values are the span, patient and columns. The first
    column is the part, in a table that has parts."""
    last = _last(table, _among(own_places, columns[0] == "part"))
    marks = ", ".join(f"?{number}" for number in range(3, 4 + len(columns)))
    return f"insert into {table} (place, patient, {', '.join(columns)}) values (coalesce(({last}) + 1, ?1), {marks})"  # noqa: S608


@cache
def replacing(own_places: bool, table: str) -> str:
    """The statement that puts a row in place of the one of its part and name, else after the patient's last; its values
    are the span, patient, part, name, data."""
    held = f"select place from {table} where place between ?1 and ?2 and patient = ?3 and part = ?4 and name = ?5"  # noqa: S608
    last = _last(table, _among(own_places, True))
    key = "patient, place" if own_places else "place"
    return (
        f"insert into {table} (place, patient, part, name, data)"  # noqa: S608
        f" values (coalesce(({held}), ({last}) + 1, ?1), ?3, ?4, ?5, ?6)"
        f" on conflict ({key}) do update set data = excluded.data"
    )


@cache
def following(own_places: bool, table: str, column: str) -> str:
    """The statement for the place after a patient's last row, and a column of that row; its values are the span,
    patient. ``table`` has parts."""
    last, of_last = _last(table, _among(own_places, False)), _last(table, " and patient = ?3", column)
    return f"select coalesce(({last}) + 1, ?1), ({of_last})"


@cache
def placing(own_places: bool) -> str:
    """The statement for the place of a content, its place once more where it has a reading, and the patient's next free
    place; its values are the span, patient, content."""
    last = " union all ".join(
        f"select ({_last(table, _among(own_places, False))}) as place" for table in ("content", "record")
    )
    return (
        "select content_place.place, record.place, free.place"  # noqa: S608
        f" from (select coalesce(max(place) + 1, ?1) as place from ({last}) as used) as free"
        " left join content_place on content_place.patient = ?3 and content_place.content = ?4"
        " left join record on record.patient = content_place.patient and record.place = content_place.place"
    )


def _last(table: str, among: str, column: str = "place") -> str:
    """The question for a column of the last row of a stretch. (A maximum may be looked for in every row of it.)"""
    return f"select {column} from {table} where place between ?1 and ?2{among} order by place desc limit 1"  # noqa: S608


def _among(own_places: bool, has_parts: bool) -> str:
    """Whose places the next free one is looked for among: all that share the stretch, or the patient's own."""
    return (" and patient = ?3" + (" and part = ?4" if has_parts else "")) if own_places else ""
