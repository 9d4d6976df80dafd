"""When a decision must be made again: the next known change of anything it rests on (DESIGN 1).

Danish days: a person is a year older from midnight in Copenhagen. Who was born on 29 February is so from 1 March
in a year without that day, the later of the two readings of the law.
"""

from collections.abc import Iterable
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
NEARLY = 4 / 365  # of a year: more than leap days and midnights move a birthday from a whole number of mean years


def valid_until(evidence: Evidence, policy: Policy, at: int) -> int:
    """The first instant after ``at`` when some input may differ, at most a quarter of an hour on (milliseconds UTC)."""
    return _next(_changes(evidence, policy, at), at)


def asked_again_at(question: Question, evidence: Evidence, policy: Policy, until: int) -> int:
    """When an open page asks anew (milliseconds UTC): at the next change that its reader may know of, among those that
    :func:`valid_until` gave ``until`` for.

    What others have made (a block, somebody else's relation, power or override) has no part in it: the time of asking
    stands in the page and must not tell of them (DESIGN 13). Such a change is met at the next look, a quarter of an
    hour on at the latest.
    """
    if until == question.at + LONGEST:
        return until
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
    return _next((*_changes(own, policy, question.at), *theirs), question.at)


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


def _next(changes: Iterable[int], at: int) -> int:
    """The first of some changes after ``at``, at most a quarter of an hour on."""
    latest = at + LONGEST
    return min([change for change in changes if at < change < latest], default=latest)


def _changes(evidence: Evidence, policy: Policy, at: int) -> list[int]:
    """When anything a decision rests on changes; of birthdays only those that may be near ``at``."""
    own: tuple[_Timed, ...] = (*evidence.relations, *evidence.powers, *evidence.blocks, *policy.types)
    others: tuple[_Timed, ...] = (*evidence.custodies, *evidence.guardians, *evidence.protections)
    changes = [end for row in own + others for end in (row.valid_from, row.valid_until)]
    changes += [end for opening in evidence.openings for end in (opening.at, opening.until)]
    return [*changes, *_of_person(evidence.person, policy, at)]


def _of_person(person: PersonFacts, policy: Policy, at: int) -> list[int]:
    died, changes = person.died, [person.born, person.protected_from, person.protected_until]
    near = (at - person.born) / YEAR
    changes += [turns(age, person.born) for age in (OF_AGE, MAJORITY) if abs(age - near) < NEARLY]
    return [*changes, died, died + policy.after_death] if died else changes


def _anniversary(birth: date, year: int) -> date:
    try:
        return birth.replace(year=year)
    except ValueError:
        return date(year, 3, 1)
