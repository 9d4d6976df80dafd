"""When a decision must be made again: the next known change of anything it rests on (DESIGN 1).

Danish days: a person is a year older from midnight in Copenhagen. Who was born on 29 February is so from 1 March
in a year without that day, the later of the two readings of the law.
"""

from collections.abc import Iterator
from datetime import date, datetime
from functools import lru_cache
from typing import Protocol

from patientoverblik.access.model import Custody, Evidence, Guardian, PersonFacts, PowerOfAttorney, Question
from patientoverblik.access.policy import Policy
from patientoverblik.care import COPENHAGEN, to_millis

OF_AGE = 15
MAJORITY = 18
LONGEST = 15 * 60 * 1000
YEAR = 365.2425 * 24 * 60 * 60 * 1000
NEARLY = 4 * 24 * 60 * 60 * 1000  # more than leap days and midnights move a birthday from a whole number of mean years


def valid_until(evidence: Evidence, policy: Policy, at: int) -> int:
    """The first instant after ``at`` when some input may differ, at most a quarter of an hour on (milliseconds UTC)."""
    latest = at + LONGEST
    return min([change for change in _changes(evidence, policy, at) if at < change < latest], default=latest)


def asked_again_at(question: Question, evidence: Evidence, policy: Policy) -> int:
    """When an open page asks anew (milliseconds UTC): at the next change that its reader may know of.

    What others have made (a block, somebody else's relation, power or override) has no part in it: the time of asking
    stands in the page and must not tell of them (DESIGN 13). Such a change is met at the next look, a quarter of an
    hour on at the latest.
    """
    actor, place = question.actor, question.actor.organisation
    held: tuple[PowerOfAttorney | Custody | Guardian, ...] = (
        *evidence.powers,
        *evidence.custodies,
        *evidence.guardians,
    )
    own = Evidence(
        relations=tuple(one for one in evidence.relations if place is not None and one.organisation.same(place)),
        openings=tuple(one for one in evidence.openings if (one.actor, one.session) == (actor.id, actor.session)),
        person=evidence.person,
    )
    theirs = [at for one in held if one.holder == actor.person != 0 for at in (one.valid_from, one.valid_until)]
    latest = question.at + LONGEST
    changes = (*_changes(own, policy, question.at), *theirs)
    return min([change for change in changes if question.at < change < latest], default=latest)


def is_of_age(evidence: Evidence, at: int) -> bool:
    """Whether the patient is known to be 15 or older at ``at``; an unknown birth is not."""
    born = evidence.person.born
    return born != 0 and turns(OF_AGE, born) <= at


def is_child(evidence: Evidence, at: int) -> bool:
    """Whether the patient is known to be born and under 15 at ``at``; an unknown birth is not."""
    born = evidence.person.born
    return born != 0 and born <= at < turns(OF_AGE, born)


def is_dead(evidence: Evidence, at: int) -> bool:
    """Whether the person register says the patient is dead at ``at``."""
    return 0 < evidence.person.died <= at


@lru_cache(maxsize=4096)
def turns(age: int, born: int) -> int:
    """The midnight in Copenhagen when someone born at ``born`` turns ``age`` (milliseconds UTC)."""
    birth = datetime.fromtimestamp(born / 1000, COPENHAGEN).date()
    day = _anniversary(birth, birth.year + age)
    return to_millis(datetime(day.year, day.month, day.day, tzinfo=COPENHAGEN))


class _Timed(Protocol):
    @property
    def valid_from(self) -> int: ...

    @property
    def valid_until(self) -> int: ...


def _changes(evidence: Evidence, policy: Policy, at: int) -> Iterator[int]:
    """When anything a decision rests on changes; of birthdays only those that may be near ``at``."""
    own: tuple[_Timed, ...] = (*evidence.relations, *evidence.powers, *evidence.blocks, *policy.types)
    others: tuple[_Timed, ...] = (*evidence.custodies, *evidence.guardians, *evidence.protections)
    for row in own + others:
        yield row.valid_from
        yield row.valid_until
    for opening in evidence.openings:
        yield opening.at
        yield opening.until
    yield from _of_person(evidence.person, policy, at)


def _of_person(person: PersonFacts, policy: Policy, at: int) -> Iterator[int]:
    yield from (person.born, person.protected_from, person.protected_until)
    yield from (person.died, person.died + policy.after_death)
    for age in (OF_AGE, MAJORITY):
        if abs(person.born + age * YEAR - at) < NEARLY:
            yield turns(age, person.born)


def _anniversary(birth: date, year: int) -> date:
    try:
        return birth.replace(year=year)
    except ValueError:
        return date(year, 3, 1)
