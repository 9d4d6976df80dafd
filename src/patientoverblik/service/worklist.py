"""An organisation's worklist: what is new for its patients, what it is asked, what is due, and what patients wrote.

The facts are kept by organisation; whether one exists for the reader is decided when the list is read, patient by
patient and with no override, so that every count obeys blocks (DESIGN 13). A patient without a confirmed relation to
the reader's organisation is not on it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

import msgspec

from patientoverblik.access import ALL_PARTS, Actor, OrganisationRef, Permit, Refusal, visible
from patientoverblik.access.units import above, place_of
from patientoverblik.overview.now import Now, Span
from patientoverblik.overview.recent import Recent, Same
from patientoverblik.service.evidence import NOBODY, ask, permits
from patientoverblik.service.house import House
from patientoverblik.service.ports import Reader, Transaction
from patientoverblik.service.telling import person
from patientoverblik.service.trail import done, refuse, refused, write
from patientoverblik.service.work import Work, WorkKind, key_of
from patientoverblik.sharing.find import existing

DAY = 24 * 60 * 60 * 1000
NEAR = 14 * DAY
RECENT = 30 * DAY
PAGE = 50
KEPT = 20_000  # items of about 100 bytes each
ACT, READ = "worklist", "worklist-read"
NEWS = ("plan", "goal")
OWN = "own"
ORDER: Mapping[str, int] = {"handover": 0, "remark": 1, "deadline": 2, "plan": 3, "goal": 4}
NO_WORK = Refusal("no-such-work", "service.no-work")
Due = Literal["", "near", "past"]


class Wanted(msgspec.Struct, frozen=True, omit_defaults=True):
    """What of a worklist to show: one kind or all, only what the reader has not read, only what is due near or past, of
    one unit (a key as :func:`patientoverblik.service.work.key_of` gives it), of the reader's own team (:data:`OWN`; of
    all where it is no unit of theirs) or of all; ``after`` items are passed over."""

    kind: WorkKind | Literal[""] = ""
    unread: bool = False
    due: Due = ""
    unit: str = ""
    after: int = 0
    size: int = PAGE


class Item(msgspec.Struct, frozen=True, gc=False):
    """One thing on the list as it stands now; ``name`` is the patient's, empty where it is protected. ``answer`` is the
    id of the answer that it tells to who asked, ``reason`` what that says."""

    work: Work
    state: str
    overdue: bool
    read: bool = False
    name: str = ""
    reason: str = ""
    answer: str = ""

    @property
    def newest(self) -> str:
        """The id of the newest fact that it tells: what a reader has read is unread again by the next."""
        return self.answer or self.work.id


class WorkList(msgspec.Struct, frozen=True):
    """A page of a worklist: how many fit in all, how many of each kind there are, how many looks wait to be accounted
    for, the units it is made of (key and name), and the one that is shown (empty for all)."""

    items: tuple[Item, ...]
    total: int
    counts: Mapping[str, int]
    unread: int
    follow_ups: int
    units: tuple[tuple[str, str], ...] = ()
    unit: str = ""


async def work_list(house: House, actor: Actor, wanted: Wanted) -> WorkList | Refusal:
    """The worklist of a professional's organisation and the units below it."""
    with house.storage.snapshot() as reader:
        permit = ask(house, reader, actor, NOBODY, "oversight", house.clock())
        place = actor.organisation
        found = None if isinstance(permit, Refusal) or place is None else _list(house, reader, actor, place, wanted)
    if isinstance(permit, Refusal) or found is None:
        return await refuse(house, actor, NOBODY, ACT, permit if isinstance(permit, Refusal) else NO_WORK)
    await write(house, done(house, actor, NOBODY, ACT, permit.rule))
    return found


async def work_item(house: House, actor: Actor, work: str) -> Work | Refusal:
    """One fact on the reader's worklist by its id, to go on to its patient."""
    with house.storage.snapshot() as reader:
        permit = ask(house, reader, actor, NOBODY, "oversight", house.clock())
        place = None if isinstance(permit, Refusal) else actor.organisation
        shown = () if place is None else shown_work(house, reader, actor, place)
        found = next((one for one in shown if one.id == work), None)
    if isinstance(permit, Refusal) or found is None:
        return await refuse(house, actor, NOBODY, ACT, permit if isinstance(permit, Refusal) else NO_WORK)
    await write(house, done(house, actor, found.patient, ACT, permit.rule, (found.id,)))
    return found


async def mark_read(house: House, actor: Actor, works: Iterable[str]) -> int | Refusal:
    """A reader has read some of the list; how many of them are on it for this reader."""
    wanted = frozenset(works)

    def work(transaction: Transaction) -> int | Refusal:
        permit = ask(house, transaction, actor, NOBODY, "oversight", house.clock())
        if isinstance(permit, Refusal) or actor.organisation is None:
            refusal = permit if isinstance(permit, Refusal) else NO_WORK
            transaction.add_event(refused(house, actor, NOBODY, READ, refusal))
            return refusal
        mine = [one for one in shown_work(house, transaction, actor, actor.organisation) if one.id in wanted]
        for one in mine:
            transaction.mark_read(person(actor), one.id)
        transaction.add_event(done(house, actor, NOBODY, READ, permit.rule))
        return len(mine)

    return await house.wait(house.storage.act(work))


def shown_work(
    house: House, reader: Reader | Transaction, actor: Actor, place: OrganisationRef, unit: str = ""
) -> Iterator[Work]:
    """Every fact of an organisation and the units below it, or of one of them, that may stand now and exists for the
    reader, each once."""
    return _seen(house, reader, actor, place, unit).works()


class _Seen(msgspec.Struct, frozen=True):
    """The facts that may stand now, by patient and id, and the permits of the patients whom the reader treats; ``gone``
    are the documents that remarks are about and that a hidden version took with it."""

    held: Mapping[int, Mapping[str, Work]]
    permits: Mapping[int, Permit]
    gone: frozenset[str] = frozenset()

    def works(self) -> Iterator[Work]:
        """The facts that exist for the reader."""
        for patient, permit in self.permits.items():
            for work in self.held[patient].values():
                if work.basis is None or (visible(permit, work.basis) and work.basis.uuid not in self.gone):
                    yield work


def _seen(house: House, reader: Reader | Transaction, actor: Actor, place: OrganisationRef, unit: str) -> _Seen:
    at = house.clock()
    held = _held(reader, [key for key in _units(house, place) if unit in ("", key)], at)
    # What was decided holds in every session of the reader.
    plain = msgspec.structs.replace(actor, session="")
    permitted = permits(house, reader, plain, tuple(held), at, unit)
    mine = {key: one for key, one in permitted.items() if "unconfirmed-relation" not in one.follow_ups}
    return _Seen(held, mine, frozenset(_gone(reader, held, mine)))


def _gone(
    reader: Reader | Transaction, held: Mapping[int, Mapping[str, Work]], permits: Mapping[int, Permit]
) -> Iterator[str]:
    """The documents that remarks are about and that do not exist for the reader. Every other fact goes with the version
    it follows from; a remark stays through the next ones, and is hidden by each of them."""
    remarks = [one for facts in held.values() for one in facts.values() if one.kind == "remark" and one.basis]
    for patient in dict.fromkeys(one.patient for one in remarks):
        permit = permits.get(patient)
        if permit and (permit.blocks or not permit.scope.issuperset(ALL_PARTS)):
            about = {one.basis.uuid for one in remarks if one.patient == patient and one.basis}
            yield from about.difference(entry.uuid for entry in existing(reader, permit)[0])


def _held(reader: Reader | Transaction, organisations: Iterable[str], at: int) -> dict[int, dict[str, Work]]:
    """The facts of some organisations that may stand now, by patient and id."""
    held: defaultdict[int, dict[str, Work]] = defaultdict(dict)
    for key in organisations:
        for work in reader.work_of(key):
            if _may_stand(work, at):
                held[work.patient].setdefault(work.id, work)
    return held


class _Standing(msgspec.Struct, frozen=True):
    """What stands for whoever may see it, in order, how many of each kind, and the time in which that holds."""

    items: tuple[Item, ...]
    counts: Mapping[str, int]
    span: Span


_STANDING: Recent[tuple[Same, frozenset[str]], _Standing] = Recent(KEPT, lambda one: 1 + len(one.items))


def _stood(seen: _Seen, at: int) -> _Standing:
    """What stands at ``at``: of the very same facts and permits the very same while no instant passes that it was
    compared with (docs/adr/0017)."""
    facts = [one for those in seen.held.values() for one in those.values()]
    key = Same((*facts, *seen.permits.values())), seen.gone
    kept = _STANDING.get(key)
    if kept is None or not kept.span.holds(at):
        now = Now(at)
        items = sorted(standing(seen.works(), now), key=_order)
        kept = _STANDING[key] = _Standing(tuple(items), Counter(item.work.kind for item in items), now.span())
    return kept


def standing(works: Iterable[Work], at: int) -> Iterator[Item]:
    """What of the facts that may stand now is still to be known or done: a handover by its newest answer."""
    held = list(works)
    given = sorted((one for one in held if one.kind == "answer"), key=lambda one: one.at)
    answers = {(one.patient, one.about): one for one in given}
    for one in held:
        answer = answers.get((one.patient, one.about)) if one.about and one.kind == "handover" else None
        state = answer.state if answer else one.state
        if _waits(one, state) and not (answers and _has_begun(one, answers)):
            told = answer.id if answer and not one.asked else ""
            yield Item(one, state, 0 < one.due <= at, reason=answer.words if answer else "", answer=told)


def _has_begun(one: Work, answers: Mapping[tuple[int, str], Work]) -> bool:
    """Whether what must begin by a day has begun by its receiver's own word."""
    answer = answers.get((one.patient, one.about)) if one.kind == "deadline" and one.about else None
    return answer is not None and answer.state == "started"


def _waits(one: Work, state: str) -> bool:
    """Whether somebody must still know or do something: a handover does until it has begun, or is turned down again."""
    if one.kind == "handover":
        return state in ("requested", "declined") or (state == "accepted" and one.begins)
    return one.kind != "answer"


def _may_stand(one: Work, at: int) -> bool:
    """Whether it is time for a fact to be known, by itself alone."""
    if one.kind == "deadline":
        return one.due <= at + NEAR
    return one.kind in ("answer", "handover", "remark") or (one.kind in NEWS and one.at > at - RECENT)


def _list(house: House, reader: Reader, actor: Actor, place: OrganisationRef, wanted: Wanted) -> WorkList:
    at = house.clock()
    read = reader.work_read(person(actor))
    units = _units(house, place)
    unit = wanted.unit if wanted.unit != OWN else _team(actor, units)
    seen = _seen(house, reader, actor, place, unit)
    stood = _stood(seen, at)
    fits = _fitting(stood.items, wanted, at, read)
    page = fits[wanted.after : wanted.after + wanted.size]
    follow_ups = sum(
        one.state == "pending" and one.actor.organisation is not None and one.actor.organisation.same(place)
        for one in reader.follow_ups_of(place.value)
    )
    return WorkList(
        items=tuple(_shown(reader, seen.permits[item.work.patient], item, read) for item in page),
        total=len(fits),
        counts=stood.counts,
        unread=sum(item.newest not in read for item in stood.items),
        follow_ups=follow_ups,
        units=tuple((key, _name(house, place, key)) for key in units),
        unit=unit,
    )


def _team(actor: Actor, units: tuple[str, ...]) -> str:
    """The reader's team where it is one of the units, else empty for all of them."""
    key = key_of(actor.team) if actor.team else ""
    return key if key in units else ""


def _fitting(items: tuple[Item, ...], wanted: Wanted, at: int, read: frozenset[str]) -> tuple[Item, ...]:
    if wanted.kind:
        items = tuple(item for item in items if item.work.kind == wanted.kind)
    if wanted.due:
        last = at if wanted.due == "past" else at + NEAR
        items = tuple(item for item in items if 0 < item.work.due <= last)
    return tuple(item for item in items if item.newest not in read) if wanted.unread else items


def _order(item: Item) -> tuple[int, int, int, str]:
    """What is overdue first, then by kind, then by deadline, else the newest first."""
    due = item.work.due
    return (not item.overdue, ORDER.get(item.work.kind, 9), due or -item.work.at, item.work.id)


def _shown(reader: Reader, permit: Permit, item: Item, read: frozenset[str]) -> Item:
    """The item as one reader sees it; what a patient wrote opens with a look, and facts of before hold its words."""
    work = msgspec.structs.replace(item.work, words="") if item.work.kind == "remark" else item.work
    return msgspec.structs.replace(item, work=work, read=item.newest in read, name=_patient(reader, permit, item))


def _patient(reader: Reader, permit: Permit, item: Item) -> str:
    """The patient's name as the newest document gives it; none where it is protected from the reader."""
    if permit.hides_home:
        return ""
    told = [entry.source_patient_info for entry in reader.entries(item.work.patient) if visible(permit, entry)]
    named = next((part for info in reversed(told) for part in info if part.startswith("PID-5|")), "")
    family, _, given = named.removeprefix("PID-5|").partition("^")
    return " ".join((*given.replace("^", " ").split(), *family.split()))


def _name(house: House, place: OrganisationRef, key: str) -> str:
    """What a unit is called, else its identifier."""
    system, _, value = key.partition("|")
    return place.name if key == key_of(place) and place.name else house.policy.unit_names.get((system, value), value)


def _units(house: House, place: OrganisationRef) -> tuple[str, ...]:
    """The keys of an organisation and of every unit that configuration puts below it."""
    units = house.policy.units
    below = (one for one in units if place_of(place) in above(OrganisationRef(*one), units))
    return tuple(dict.fromkeys((key_of(place), *(f"{system}|{value}" for system, value in below))))
