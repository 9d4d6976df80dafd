"""``register FILE``: take in what registers tell of people: birth, death, protection, custody, guardians, powers of
attorney, treatment relations, a new number, one that is somebody else's. One JSON object per line, as
``docs/access.md`` shows; each line is an act.

Times are ISO 8601 dates or moments; a beginning is the first instant it can mean, an end the first after the last.
"""

from argparse import Namespace
from functools import partial

import msgspec

from patientoverblik.access import (
    ALL_PARTS,
    Custody,
    Guardian,
    OrganisationRef,
    Part,
    PersonFacts,
    PowerOfAttorney,
    Refusal,
    Relation,
)
from patientoverblik.access.model import Level
from patientoverblik.care import parse_moment
from patientoverblik.care.systems import CPR
from patientoverblik.edges.cli.output import FINE, NOT_DONE, file_bytes, refuse, say
from patientoverblik.edges.cli.ports import Workshop
from patientoverblik.problems import CATALOGUE
from patientoverblik.service.people import PersonEvent, person_event
from patientoverblik.sharing.identify import identify
from patientoverblik.sharing.model import PatientId


class Number(msgspec.Struct, forbid_unknown_fields=True):
    """A person's number: CPR where no other system is named."""

    value: str
    system: str = CPR


class Stretch(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """When something holds; empty is open."""

    start: str = ""
    until: str = ""


class Held(Stretch, forbid_unknown_fields=True, kw_only=True):
    """What somebody holds over the patient: custody, guardianship or a power of attorney, for some parts."""

    id: str
    holder: Number
    parts: tuple[Part, ...] = ALL_PARTS


class Treats(Stretch, forbid_unknown_fields=True, kw_only=True):
    """That an organisation treats the patient; ``level`` incomplete where the register does not have it yet."""

    organisation: OrganisationRef
    kind: str = "contact"
    level: Level = "confirmed"


class Facts(msgspec.Struct, forbid_unknown_fields=True):
    """All that the person register says of the patient; it stands in place of what was known."""

    born: str = ""
    died: str = ""
    protected: bool = False
    protected_from: str = ""
    protected_until: str = ""
    family: tuple[Number, ...] = ()
    employers: tuple[OrganisationRef, ...] = ()


class Told(msgspec.Struct, forbid_unknown_fields=True):
    """What a register tells of one patient; what is left out is not told."""

    patient: Number
    facts: Facts | None = None
    custodies: tuple[Held, ...] = ()
    guardians: tuple[Held, ...] = ()
    powers: tuple[Held, ...] = ()
    relations: tuple[Treats, ...] = ()
    number: Number | None = None
    apart: Number | None = None


class WrongLine(ValueError):  # noqa: N818 - what is wrong is a line
    """A line that says nothing that can be taken in."""


def register(arguments: Namespace, workshop: Workshop) -> int:
    """Take in every line; exit 2 if any was refused, which is told by its number and never by what stands in it."""
    data = file_bytes(arguments.file)
    if data is None:
        return refuse("cli.file-not-opened")
    lines = [(number, line) for number, line in enumerate(data.splitlines(), 1) if line.strip()]
    wrong = [number for number, line in lines if not _taken_in(line, workshop)]
    for number in wrong:
        say(f"line {number}: cli.register-line: {CATALOGUE['cli.register-line'].en}")
    say(f"{len(lines) - len(wrong)} of {len(lines)} lines taken in")
    return NOT_DONE if wrong else FINE


def _taken_in(line: bytes, workshop: Workshop) -> bool:
    try:
        told = msgspec.json.decode(line, type=Told)
        event = _event(told, workshop)
        answer = _tell(told.patient, event, workshop)
    except (msgspec.DecodeError, ValueError):
        return False
    return not isinstance(answer, Refusal)


def _event(told: Told, workshop: Workshop) -> PersonEvent:
    return PersonEvent(
        facts=_facts(told.facts, workshop) if told.facts else None,
        custodies=tuple(Custody(one.id, _key(one.holder, workshop), *_span(one)) for one in told.custodies),
        guardians=tuple(Guardian(one.id, _key(one.holder, workshop), one.parts, *_span(one)) for one in told.guardians),
        powers=tuple(
            PowerOfAttorney(one.id, _key(one.holder, workshop), one.parts, *_span(one)) for one in told.powers
        ),
        relations=tuple(_relation(one) for one in told.relations),
        number=_number(told.number) if told.number else None,
        apart=_number(told.apart) if told.apart else None,
    )


def _facts(facts: Facts, workshop: Workshop) -> PersonFacts:
    return PersonFacts(
        born=_start(facts.born),
        died=_start(facts.died),
        protected=facts.protected,
        protected_from=_start(facts.protected_from),
        protected_until=_end(facts.protected_until),
        family=tuple(_key(one, workshop) for one in facts.family),
        employers=facts.employers,
    )


def _relation(one: Treats) -> Relation:
    row = {"kind": one.kind, "organisation": one.organisation, "level": one.level}
    start, until = _span(one)
    return msgspec.convert({**row, "valid_from": start, "valid_until": until}, Relation, from_attributes=True)


def _key(number: Number, workshop: Workshop) -> int:
    """The patient key of somebody near the patient, who is given one if the service has never heard of them."""
    answer = _tell(number, PersonEvent(), workshop)
    if isinstance(answer, Refusal):
        raise WrongLine
    return answer


def _tell(number: Number, event: PersonEvent, workshop: Workshop) -> int | Refusal:
    act = partial(person_event, actor=workshop.operator(), patient=_number(number), event=event)
    return workshop.complete(act)


def _number(number: Number) -> PatientId:
    found = identify(number.system, number.value)
    if found is None:
        raise WrongLine
    return found


def _span(one: Stretch) -> tuple[int, int]:
    return _start(one.start), _end(one.until)


def _start(text: str) -> int:
    return parse_moment(text).earliest if text else 0


def _end(text: str) -> int:
    return parse_moment(text).latest if text else 0
