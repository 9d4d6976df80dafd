"""When a decision must be made again: the next known change of anything it rests on (DESIGN 1).

Danish days: a person is a year older from midnight in Copenhagen. Who was born on 29 February is so from 1 March
in a year without that day, the later of the two readings of the law.
"""

from collections.abc import Iterator
from datetime import date, datetime

from patientoverblik.access.model import Block, Evidence, PowerOfAttorney, Relation
from patientoverblik.care import COPENHAGEN, to_millis

OF_AGE = 15
LONGEST = 15 * 60 * 1000


def valid_until(evidence: Evidence, at: int) -> int:
    """The first instant after ``at`` when some input may differ, at most a quarter of an hour on (milliseconds UTC)."""
    return min((change for change in _changes(evidence) if at < change < at + LONGEST), default=at + LONGEST)


def is_of_age(evidence: Evidence, at: int) -> bool:
    """Whether the patient is known to be 15 or older at ``at``; an unknown birth is not."""
    born = evidence.person.born
    return born != 0 and turns(OF_AGE, born) <= at


def is_dead(evidence: Evidence, at: int) -> bool:
    """Whether the person register says the patient is dead at ``at``."""
    return 0 < evidence.person.died <= at


def turns(age: int, born: int) -> int:
    """The midnight in Copenhagen when someone born at ``born`` turns ``age`` (milliseconds UTC)."""
    birth = datetime.fromtimestamp(born / 1000, COPENHAGEN).date()
    day = _anniversary(birth, birth.year + age)
    return to_millis(datetime(day.year, day.month, day.day, tzinfo=COPENHAGEN))


def _changes(evidence: Evidence) -> Iterator[int]:
    rows: tuple[Relation | PowerOfAttorney | Block, ...] = (*evidence.relations, *evidence.powers, *evidence.blocks)
    for row in rows:
        yield row.valid_from
        yield row.valid_until
    yield evidence.person.died
    yield turns(OF_AGE, evidence.person.born)


def _anniversary(birth: date, year: int) -> date:
    try:
        return birth.replace(year=year)
    except ValueError:
        return date(year, 3, 1)
