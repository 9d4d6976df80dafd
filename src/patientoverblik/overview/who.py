"""Who does what: the organisations with a task in the plans in force, their people, and the lines they act for.

Having written or asked for something is no task; which roles are is said by ``tables/roles.csv``, in their order. Who
has handed the responsibility for a plan over stands apart, and the patient's own document makes nobody responsible.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from importlib.resources import files

from msgspec import structs

from patientoverblik.care import Appointment, Contribution, Intervention, Organisation, Participation, Party, Plan
from patientoverblik.overview.attribution import person_text
from patientoverblik.overview.facts import Alias, Charge, Facts, Origin, Share, in_force, organisation_key
from patientoverblik.overview.flags import PAST
from patientoverblik.overview.items import Placed
from patientoverblik.overview.model import Line, Person, Who
from patientoverblik.overview.phases import OPEN

_NOBODY: dict[str, Charge] = {}
Named = tuple[str, Organisation | None, Party | None, tuple[str, ...]]


def shares_of(care: Contribution, placed: Placed, origin: Origin) -> tuple[Share, ...]:
    """The tasks one document gives to parties; the same task of the same party once."""
    plan = care.plan
    if plan is not None and plan.kind in ("patient-goals", "message"):
        return ()
    found: defaultdict[tuple[str, str, str, bool], list[Named]] = defaultdict(list)
    for named in _in_plan(plan, tuple([line for line, _ in placed[Plan]])):
        found[*_keys(named), True].append(named)
    for named in _in_lines(placed):
        found[*_keys(named), False].append(named)
    return tuple(
        [
            Share(organisation, person, role, _lines(each), whole, each[-1][1], each[-1][2], origin.attribution)
            for (organisation, person, role, whole), each in found.items()
            if organisation or person
        ]
    )


def who_does_what(documents: Sequence[Facts], lines: dict[str, Line], alias: Alias, at: int) -> tuple[Who, ...]:
    """The parties with a task at ``at``, coordinators first, then those that have handed over."""
    tasks: defaultdict[str, list[Share]] = defaultdict(list)
    former: defaultdict[str, list[Share]] = defaultdict(list)
    held: dict[str, Charge] = {}
    ended: dict[str, Charge] = {}
    for document in documents:
        if document.plan and lines[alias.get(document.plan, document.plan)].phase not in OPEN:
            continue
        carried, left = _carriers(document, at) if document.charges else ((), _NOBODY)
        held |= {charge.organisation: charge for charge in carried}
        ended |= left
        charged = [_charged(each, of) for each in (*carried, *left.values()) if (of := _lines_of(documents, each))]
        for share in (*document.shares, *charged):
            kept = _open_lines(share.lines, lines, alias)
            if kept or not share.lines:
                gone = share.whole and share.organisation_key in left
                (former if gone else tasks)[share.key].append(_with_lines(share, kept))
    now = [_who(shares, held.get(key)) for key, shares in tasks.items()]
    before = [_who(shares, ended.get(key), handed_over=True) for key, shares in former.items() if key not in tasks]
    return (*sorted(now, key=_order), *sorted(before, key=_order))


def is_task(role: str) -> bool:
    """Whether to play this part is a task that one may be called about."""
    return role in _roles() and _roles()[role][1]


def _in_plan(plan: Plan | None, lines: tuple[str, ...]) -> Iterator[Named]:
    """Who plays a part in the plan as a whole; the one who keeps it is responsible unless it says who is."""
    if plan is None or not lines:
        return
    for each in plan.participants:
        if _counts(each):
            yield each.role, each.party.organisation, each.party, lines
    stated = any(not each.covers for each in plan.responsibilities)
    if not stated and isinstance(plan.responsible, Organisation):
        yield "responsible", plan.responsible, None, lines


def _in_lines(placed: Placed) -> Iterator[Named]:
    for kind in (Intervention, Appointment):
        for line, value in placed[kind]:
            for each in value.performers:
                if _counts(each):
                    yield each.role, each.party.organisation, each.party, (line,)
            if value.responsible is not None:
                yield "responsible", value.responsible, None, (line,)


def _counts(participation: Participation) -> bool:
    return is_task(participation.role) and participation.party.kind != "patient"


def _keys(named: Named) -> tuple[str, str, str]:
    """Organisation, person and role. Whom an organisation does not name is told as the organisation itself."""
    role, organisation, party, _ = named
    return organisation_key(organisation), _person_beneath(organisation, party), role


def _person_beneath(organisation: Organisation | None, party: Party | None) -> str:
    if party is None or (organisation is not None and not person_text(party.name)):
        return ""
    return _person_key(party)


def _person_key(party: Party) -> str:
    """What tells a person from others: a number, a name, or of an unnamed relative the relation."""
    numbered = next((f"{each.system}^{each.value}" for each in party.ids if each.value), "")
    relation = party.code.display if party.kind == "relative" and party.code else ""
    return numbered or (person_text(party.name) or relation).casefold()


def _lines(named: Sequence[Named]) -> tuple[str, ...]:
    return named[0][3] if len(named) == 1 else tuple(dict.fromkeys([line for each in named for line in each[3]]))


def _carriers(document: Facts, at: int) -> tuple[Sequence[Charge], dict[str, Charge]]:
    """The responsibilities that hold now, and of each organisation that held the whole plan and no longer does, the
    last."""
    carried = [
        charge
        for charge in document.charges
        if in_force(charge, at) and charge.value.commitment not in ("declined", "ended", "requested")
    ]
    hold = {charge.organisation for charge in carried}
    ended = [
        charge
        for charge in document.charges
        if not charge.keys and charge.organisation not in hold and _is_over(charge, at)
    ]
    return carried, {charge.organisation: charge for charge in ended}


def _is_over(charge: Charge, at: int) -> bool:
    over = charge.value.commitment == "ended" or 0 < charge.end <= at
    return over and charge.value.commitment not in ("declined", "requested")


def _lines_of(documents: Sequence[Facts], charge: Charge) -> tuple[str, ...]:
    """The lines a responsibility is for: its plan, else those of other documents that it names."""
    if charge.plan:
        return (charge.plan,)
    return tuple([line for document in documents for key in charge.keys if (line := document.keys.get(key))])


def _charged(charge: Charge, lines: tuple[str, ...]) -> Share:
    stated = charge.value
    return Share(
        charge.organisation,
        _person_beneath(stated.organisation, stated.party),
        "responsible",
        lines,
        not charge.keys,
        stated.organisation,
        stated.party,
        charge.attribution,
    )


def _open_lines(named: tuple[str, ...], lines: dict[str, Line], alias: Alias) -> tuple[str, ...]:
    if alias:
        named = tuple(dict.fromkeys([alias.get(each, each) for each in named]))
    return tuple([line for line in named if _is_ahead(lines[line])])


def _is_ahead(line: Line) -> bool:
    return line.phase in OPEN and not (line.flags and any(flag.code == PAST for flag in line.flags))


def _with_lines(share: Share, kept: tuple[str, ...]) -> Share:
    return share if kept == share.lines else structs.replace(share, lines=kept)


def _who(shares: list[Share], charge: Charge | None, *, handed_over: bool = False) -> Who:
    """One organisation with its people: named as the newest document names it, with every role and line."""
    newest = sorted(shares, key=_age, reverse=True) if len(shares) > 1 else shares
    people: defaultdict[str, list[Share]] = defaultdict(list)
    for share in newest:
        if share.person_key:
            people[share.person_key].append(share)
    return Who(
        organisation=_organisation(newest),
        roles=_ranked(shares),
        lines=tuple(dict.fromkeys([line for share in shares for line in share.lines])),
        people=tuple(sorted(map(_person, people.values()), key=_person_order)),
        responsibility=charge.value if charge else None,
        attribution=newest[0].attribution,
        handed_over=handed_over,
    )


def _organisation(newest: list[Share]) -> Organisation | None:
    """The organisation as the newest document names it, reached where its unnamed people are if it says no way."""
    named = next((share.organisation for share in newest if share.organisation), None)
    if named is None or named.telecoms:
        return named
    ways = next(
        (each.party.telecoms for each in newest if each.party and not each.person_key and each.party.telecoms), ()
    )
    return structs.replace(named, telecoms=ways) if ways else named


def _person(newest: list[Share]) -> Person:
    party = next(share.party for share in newest if share.party)
    return Person(
        party=structs.replace(party, organisation=None),
        roles=_ranked(newest),
        lines=tuple(dict.fromkeys([line for share in newest for line in share.lines])),
        attribution=newest[0].attribution,
    )


def _ranked(shares: Iterable[Share]) -> tuple[str, ...]:
    roles = {share.role for share in shares}
    return tuple(sorted(roles, key=_rank) if len(roles) > 1 else roles)


def _age(share: Share) -> tuple[int, str]:
    return (share.attribution.at, share.attribution.entry)


def _rank(role: str) -> int:
    return _roles()[role][0]


@lru_cache(maxsize=1)
def _roles() -> dict[str, tuple[int, bool]]:
    """Place in order and whether it is a task, of each role."""
    table = files(__package__).joinpath("tables", "roles.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(table.splitlines())
    return {row["role"]: (int(row["order"]), row["task"] == "yes") for row in rows}


def _person_order(person: Person) -> tuple[int, str]:
    return (_rank(person.roles[0]), person_text(person.party.name))


def _order(who: Who) -> tuple[int, str, str]:
    name = person_text(who.people[0].party.name) if who.people else ""
    return (_rank(who.roles[0]), who.organisation.name if who.organisation else "", name)
