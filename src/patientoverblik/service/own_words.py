"""What matters to the patient, and their own goals: written, changed and ended by them or by who acts for them.

All of it stands in one document of the patient's own (example profile ``egne-maal``); each change is its next version
with whoever wrote it as author. A goal that the writer does not see stays in it untouched.
"""

from collections.abc import Callable, Iterator
from typing import Literal

import msgspec

from patientoverblik.access import Actor, Permit, Purpose, Refusal
from patientoverblik.care import (
    Contribution,
    DocumentFacts,
    Goal,
    Horizon,
    Identifier,
    Moment,
    Organisation,
    Participation,
    Party,
    Patient,
    Plan,
    parse_moment,
)
from patientoverblik.overview.facts import organisation_key
from patientoverblik.overview.model import Overview
from patientoverblik.service.evidence import patient_key
from patientoverblik.service.house import CITIZENS, House
from patientoverblik.service.model import Received, Refused
from patientoverblik.service.picture import Asked, Picture, picture
from patientoverblik.service.ports import Reader
from patientoverblik.service.trail import refuse
from patientoverblik.service.typed import plain, unfit
from patientoverblik.service.writing import (
    Sheet,
    facts_of,
    held_documents,
    moment,
    new_id,
    patient_of,
    write_document,
    writer_of,
)
from patientoverblik.sharing.metadata import organisation_of
from patientoverblik.sharing.model import PatientId

PROFILE = "egne-maal"
TITLE = "Det er vigtigt for mig"
SECTION = "Mine mål"
ACT = "write-own-words"
NO_WORDS = Refusal("own-words-say-something", "service.no-words")
NOT_YOURS = Refusal("own-words-are-the-patients", "service.not-own-words")
NO_KEEPER = Refusal("own-words-are-kept", "service.no-keeper")
NO_PART = Refusal("writing-needs-plans", "access.no-power")
OVERTAKEN = frozenset({"sharing.target-deprecated", "sharing.target-replaced-twice"})
Outcome = Literal["achieved", "given-up"]
Change = Callable[[Goal, Participation, Overview], Goal]


class OwnGoal(msgspec.Struct, frozen=True):
    """What is written of one goal: what matters, how much, by when, and whom it is for.

    ``importance`` is in words, ``due`` a day as ISO 8601 or empty, ``helper`` the key of a party of the overview that
    it is written for especially (:func:`helpers_in`), or empty.
    """

    words: str
    importance: str = ""
    horizon: Horizon | None = None
    due: str = ""
    helper: str = ""


class _Page(msgspec.Struct, frozen=True):
    """The patient's own document as it stands before something is written in it, and the overview the writer sees."""

    permit: Permit
    patient: Patient
    keeper: Organisation
    overview: Overview
    before: Contribution | None
    which: Identifier | None = None


async def write_goal(
    house: House, actor: Actor, patient: PatientId | int, purpose: Purpose, goal: OwnGoal, line: str = ""
) -> Received | Refused | Refusal:
    """Write a goal, or change the one that ``line`` of the writer's overview shows."""
    words = plain(goal.words)
    fault = unfit(words, NO_WORDS)
    if fault is not None:
        return await refuse(house, actor, _key(house, patient), ACT, fault)
    goal = msgspec.structs.replace(goal, words=words, importance=plain(goal.importance))

    def written(known: Goal, by: Participation, overview: Overview) -> Goal:
        return _told(known, goal, by, _helper(overview, goal.helper))

    return await _change(house, Asked(actor, patient, purpose, _view(purpose), house.clock()), line, written)


async def end_goal(
    house: House, actor: Actor, patient: PatientId | int, purpose: Purpose, line: str, outcome: Outcome
) -> Received | Refused | Refusal:
    """End a goal: it was achieved, or is given up. It stays to be seen as ended."""

    def ended(known: Goal, by: Participation, _: Overview) -> Goal:
        signed = msgspec.structs.replace(known, documented_by=(by,))
        if outcome == "achieved":
            return msgspec.structs.replace(signed, lifecycle="completed", achievement="achieved")
        return msgspec.structs.replace(signed, lifecycle="cancelled")

    if not line:
        return await refuse(house, actor, _key(house, patient), ACT, NOT_YOURS)
    return await _change(house, Asked(actor, patient, purpose, _view(purpose), house.clock()), line, ended)


async def _change(house: House, asked: Asked, line: str, change: Change) -> Received | Refused | Refusal:
    """Make the next version; once more where somebody else made one in the meantime."""
    for _ in range(2):
        page = _page(house, asked, line)
        if isinstance(page, tuple):
            return await refuse(house, asked.actor, page[0], ACT, page[1])
        care = _next(house, page, change)
        answer = await write_document(house, page.permit, care, PROFILE)
        if not (isinstance(answer, Refused) and answer.code in OVERTAKEN):
            break
    return answer


def _page(house: House, asked: Asked, line: str) -> _Page | tuple[int, Refusal]:
    """The document as it stands and the goal that is pointed at, or the refusal with the patient's key."""
    with house.storage.snapshot() as reader:
        seen = picture(house, reader, asked)
        if not isinstance(seen, Picture):
            return seen
        permit, keeper = seen.permit, house.keeps_own_words
        named = patient_of(house, reader, permit)
        if permit.actor.kind not in CITIZENS or "plans" not in permit.scope:
            return permit.patient, NO_PART
        if keeper is None or named is None:
            return permit.patient, NO_KEEPER
        shown = _shown(seen.overview, line)
        if line and shown is None:
            return permit.patient, NOT_YOURS
        return _Page(permit, named, keeper, seen.overview, _before(house, reader, permit.patient, keeper), shown)


def _before(house: House, reader: Reader, patient: int, keeper: Organisation) -> Contribution | None:
    """The patient's own document that is in force, whoever may see it."""
    kept = organisation_of(keeper)
    held = held_documents(house, reader, patient, (PROFILE,))
    own = [care for entry, care in held if kept and entry.custodian and entry.custodian.same(kept)]
    return own[-1] if own else None


def _shown(overview: Overview, line: str) -> Identifier | None:
    """The identifier of the own goal that a line of the writer's overview shows."""
    found = overview.lines.get(line)
    if found is None or found.attribution.profile != PROFILE:
        return None
    return next((one for one in getattr(found.value, "ids", ())), None)


def _next(house: House, page: _Page, change: Change) -> Contribution:
    before, writer = page.before, writer_of(page.permit.actor, page.patient)
    at = moment(house.clock())
    sheet = Sheet(PROFILE, TITLE, writer, page.keeper, at, before.document if before else None)
    facts = facts_of(house, sheet)
    return Contribution(
        document=facts,
        patient=page.patient,
        plan=_plan(house, page, facts),
        goals=tuple(_changed(house, page, change, facts.authors[0])),
        passages=before.passages if before else (),
    )


def _plan(house: House, page: _Page, facts: DocumentFacts) -> Plan:
    if page.before is not None and page.before.plan is not None:
        return page.before.plan
    return Plan(
        ids=(new_id(house),),
        kind="patient-goals",
        title=TITLE,
        status="active",
        period=facts.period,
        responsible=page.keeper,
    )


def _changed(house: House, page: _Page, change: Change, by: Participation) -> Iterator[Goal]:
    """The goals with the one that is pointed at changed, else with a new one."""
    for goal in page.before.goals if page.before else ():
        yield change(goal, by, page.overview) if page.which in goal.ids else goal
    if page.which is None:
        fresh = Goal(ids=(new_id(house),), kind="patient", section=SECTION)
        yield change(fresh, by, page.overview)


def _told(known: Goal, goal: OwnGoal, by: Participation, helper: Organisation | None) -> Goal:
    party = None if helper is None else Party(kind="organisation", ids=helper.ids, organisation=helper)
    return msgspec.structs.replace(
        known,
        words=goal.words,
        importance=goal.importance,
        horizon=goal.horizon,
        due=_day(goal.due),
        helpers=() if party is None else (Participation(role="performer", party=party),),
        expressed_by=msgspec.structs.replace(by.party, organisation=None, addresses=(), telecoms=()),
        documented_by=(by,),
        lifecycle="active",
        achievement=None,
    )


def helpers_in(overview: Overview) -> dict[str, Organisation]:
    """The parties of an overview that a goal can be written for, by their keys."""
    places = (who.organisation for who in overview.who)
    return {organisation_key(place): place for place in places if place is not None and place.ids}


def _helper(overview: Overview, key: str) -> Organisation | None:
    return helpers_in(overview).get(key)


def _day(text: str) -> Moment | None:
    return parse_moment(text) if text else None


def _view(purpose: Purpose) -> str:
    return "citizen" if purpose == "own-overview" else "relative"


def _key(house: House, patient: PatientId | int) -> int:
    return patient_key(house.storage.reader(), patient)
