"""Non-interference (DESIGN 13): blocked documents leave no trace in any answer but the one generic notice.

Two stores: one with every document, one in which those the reader may not see never were. All answers of look, list and
retrieve are equal, byte for byte.
"""

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patientoverblik.access import Block, Evidence, Message, Policy, PowerOfAttorney, Relation
from patientoverblik.care import Bound, Coding, Concept, Goal, Identifier, Intervention, Range, Target
from patientoverblik.service import Listed, Shown, list_documents, look, retrieve
from patientoverblik.sharing import Query
from patientoverblik.sharing.model import Code
from tests.generative.access import oracle
from tests.unit.service.conftest import read_with
from tests.unit.service.make import (
    ADULT,
    CITIZEN,
    CLINIC,
    CPR,
    DAY,
    DOCTOR,
    EYES,
    HOSPITAL,
    KEY,
    NOW,
    PSYCHIATRY,
    RELATIVE,
    a_house,
    an_entry,
    contribution,
    learn,
    run,
    shelve,
)

PLACES = (CLINIC, HOSPITAL, EYES, PSYCHIATRY)
places = st.sampled_from(PLACES)
days = st.sampled_from([0, 1, 5, 40])
blocks = st.builds(
    lambda place, person, start, name, more: Block(
        name, None, person, place, NOW - start * DAY if start else 0, **more
    ),
    place=st.none() | places,
    person=st.sampled_from(["", "", DOCTOR.id, RELATIVE.id]),
    start=days,
    name=st.uuids().map(str),
    more=st.sampled_from(
        [
            {},
            {},
            {"origin_with_units": True},
            {"types": ("81215-6",)},
            {"kind": "consent"},
            {"kind": "consent", "document": "1.2.208.184^d1"},
            {"relative": RELATIVE.person},
        ]
    ),
)
UNITS = {(EYES.system, EYES.value): (HOSPITAL.system, HOSPITAL.value)}
CARE_PLAN = Code("81215-6", "2.16.840.1.113883.6.1")
READERS = {
    DOCTOR: ("treatment", "professional"),
    RELATIVE: ("on-behalf", "relative"),
    CITIZEN: ("own-overview", "citizen"),
}


@pytest.fixture(autouse=True)
def _a_stamp(monkeypatch):
    read_with(monkeypatch, "s1")


@st.composite
def documents(draw):
    """Up to six documents: shared identifiers and codes so that lines merge and differ, versions, unreadable ones."""
    made = []
    for number in range(draw(st.integers(1, 6))):
        name = f"d{number}"
        place = draw(places)
        older = draw(st.sampled_from([None, None, *made])) if made else None
        entry = an_entry(
            name,
            place,
            created=NOW - draw(days) * DAY - 1,
            registered=NOW - 20 * DAY + number,
            parts=draw(st.sampled_from([("plans",), ("plans",), ("plans", "psychiatry"), ("appointments",)])),
            series=draw(st.sampled_from(["", "", "1.2^s"])),
            series_version=draw(st.integers(0, 2)),
            status=draw(st.sampled_from(["approved"] * 4 + ["deprecated"])),
            replaces=() if older is None else (older[0].uuid,),
            withheld=draw(
                st.sampled_from([(), (), ("gp-appointment-reason",), ("protected-address",), ("custody-holder",)])
            ),
            type_code=draw(st.sampled_from([None, CARE_PLAN])),
            shown_from=draw(st.sampled_from([0, 0, 0, NOW, NOW + DAY])),
            message=draw(st.sampled_from([None, None, None, Message((place,), "d0", ("plans",))])),
        )
        care = None if draw(st.integers(0, 7)) == 0 else a_plan(draw, name, place)
        made.append((entry, care))
        if draw(st.integers(0, 4)) == 0:
            made.append((registered_again(draw, entry, name), care))
        if older is not None:
            replaced = msgspec.structs.replace(older[0], status="deprecated", replaced_by=entry.uuid)
            made[made.index(older)] = (replaced, older[1])
    return made


def registered_again(draw, entry, name):
    """The same document under the same uniqueId, handed in by another organisation, perhaps withdrawn."""
    return msgspec.structs.replace(
        entry,
        uuid=f"urn:uuid:{name}-again",
        submitter=draw(places),
        registered=entry.registered + 5,
        status=draw(st.sampled_from(["approved", "approved", "deprecated"])),
        replaces=(),
    )


def a_plan(draw, name, place):
    shared = draw(st.sampled_from(["", "x", "y"]))
    bound = draw(st.sampled_from(["53", "58"]))
    coded = Concept(codings=(Coding(system="1.2.208.176.2.1", code="NPU27300"),))
    ids = (Identifier(system="1.2.3", value=shared),) if shared else ()
    target = Target(measure=coded, amount=Range(high=Bound(value=bound), unit="mmol/mol"))
    goal = Goal(
        place="g", ids=ids, kind="professional", words=f"Mål {shared or name}", lifecycle="active", targets=(target,)
    )
    act = Intervention(place="i", ids=ids and (Identifier(system="1.2.4", value=shared),), words=f"Indsats {name}")
    return contribution(name, place, goals=(goal,), interventions=(act,))


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(documents(), st.lists(blocks, min_size=1, max_size=2), st.sampled_from(list(READERS)))
def test_hidden_documents_might_as_well_never_have_been(shelf, made, actor):
    evidence = Evidence(
        (Relation("own-gp", CLINIC),), (PowerOfAttorney("p", RELATIVE.person, ("plans",)),), tuple(made), ADULT
    )
    full = furnished(evidence, shelf)
    known = {entry.uuid for entry in run(list_documents(full, actor, CPR, READERS[actor][0])).entries}
    allowed = {
        entry.uuid for entry, _ in shelf if oracle.sees(actor, KEY, READERS[actor][0], NOW, evidence, entry, UNITS)
    }
    assert known <= allowed
    never = furnished(evidence, [(without(entry, known), care) for entry, care in shelf if entry.uuid in known])
    for question in questions(actor, shelf):
        assert plain(run(question(full))) == plain(run(question(never)))


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(documents(), st.lists(blocks, max_size=1), blocks, st.sampled_from(list(READERS)), st.booleans())
def test_a_block_or_a_lost_power_adds_no_contribution_to_any_answer(shelf, made, block, actor, power):
    powers = (
        PowerOfAttorney("p", RELATIVE.person, ("plans", "psychiatry")),
        PowerOfAttorney("q", RELATIVE.person, ("plans",)),
    )
    more = Evidence((Relation("own-gp", CLINIC),), powers, tuple(made), ADULT)
    less = Evidence(
        (Relation("own-gp", CLINIC),), powers[power:], (*made, msgspec.structs.replace(block, kind="block")), ADULT
    )
    assert contributed(furnished(less, shelf), actor) <= contributed(furnished(more, shelf), actor)


def contributed(house, actor):
    """Every contribution of a document in the overview and the list: what was said where in which content."""
    purpose, view = READERS[actor]
    shown = run(look(house, actor, CPR, purpose, view)).overview
    wordings = [wording.attribution for line in shown.lines.values() for wording in line.wordings]
    entries = run(list_documents(house, actor, CPR, purpose)).entries
    contents = {entry.uuid: entry.content for entry in entries}
    unread = {("unread", contents[one.entry]) for one in shown.unread}
    return {(one.content, one.place) for one in wordings} | unread | set(contents.values())


def without(entry, known):
    """The entry as it would be had those it replaced, and the one that replaced it, never been."""
    entry = msgspec.structs.replace(entry, replaces=tuple(uuid for uuid in entry.replaces if uuid in known))
    if not entry.replaced_by or entry.replaced_by in known:
        return entry
    return msgspec.structs.replace(entry, status="approved", replaced_by="")


def furnished(evidence, shelf):
    house = a_house(policy=Policy(units=UNITS))
    learn(house, evidence)
    for entry, care in shelf:
        shelve(house, entry, care)
    return house


def questions(actor, shelf):
    """Everything the reader could ask, about every document there is."""
    purpose, view = READERS[actor]
    yield lambda house: look(house, actor, CPR, purpose, view)
    yield lambda house: list_documents(house, actor, CPR, purpose)
    yield lambda house: list_documents(house, actor, CPR, purpose, Query(limit=1))
    for entry, _ in shelf:
        for document in (entry.uuid, entry.unique_id):
            for patient in (None, CPR):
                yield lambda house, document=document, patient=patient: retrieve(
                    house, actor, purpose, document, patient
                )


def plain(answer):
    """The answer in bytes, without the generic notice and the number of the look."""
    if isinstance(answer, Shown):
        seen = msgspec.structs.replace(answer.overview, filtered=False)
        return msgspec.json.encode((seen, answer.etag, answer.reason))
    if isinstance(answer, Listed):
        return msgspec.json.encode((answer.entries, answer.total, answer.next))
    return repr(answer) if not hasattr(answer, "look") else repr((answer.entry, answer.data))


def test_the_two_worlds_differ_where_nothing_is_blocked():
    """The comparison can fail: a document that is not hidden is seen in its answers."""
    shelf = [(an_entry("d0"), contribution("d0"))]
    evidence = Evidence((Relation("own-gp", CLINIC),), person=ADULT)
    question = next(questions(DOCTOR, shelf))
    assert plain(run(question(furnished(evidence, shelf)))) != plain(run(question(furnished(evidence, []))))
