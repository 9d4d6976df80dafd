"""A document withdrawn as misfiled or wrong: exactly those who saw it are listed and told."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patientoverblik.access import Actor, Block, Evidence, PowerOfAttorney, Refusal, Relation
from patientoverblik.service import explain, list_documents, look, notices, replay, retrieve, withdraw
from patientoverblik.service.picture import Asked
from patientoverblik.service.told import readers_of, telling_seen, tellings, worklist
from tests.unit.service.conftest import read_with
from tests.unit.service.make import (
    ADULT,
    CITIZEN,
    CLINIC,
    CPR,
    DOCTOR,
    EYES,
    HOLDER,
    HOSPITAL,
    HOUR,
    KEY,
    RELATIVE,
    STRANGER,
    SYSTEM,
    TREATS,
    a_house,
    learn,
    put,
    run,
)

pytestmark = pytest.mark.usefixtures("synthetic")
OFFICER = Actor("officer", "o", role="replay-officer")
NURSE = Actor("professional", "nurse", "Sygeplejerske", organisation=HOSPITAL)
SECRETARY = Actor("professional", "secretary", "Sekretær", organisation=CLINIC)
EVERYBODY = Evidence(
    relations=(Relation("own-gp", CLINIC), Relation("contact", HOSPITAL)),
    powers=(PowerOfAttorney("p", HOLDER, ("plans", "appointments")),),
)
URN = "urn:uuid:{}".format


def furnished(**more):
    house = a_house(**more)
    learn(house, EVERYBODY)
    put(house, "A")
    put(house, "C", EYES)
    return house


def sees(house, actor, purpose="treatment", view="professional", patient=CPR):
    answer = run(look(house, actor, patient, purpose, view))
    assert not isinstance(answer, Refusal), answer
    return answer


def names(found):
    return [one.reader.id for one in found]


@pytest.fixture
def house(storage):
    return furnished(storage=storage)


def test_everybody_who_was_shown_the_content_is_listed_once_and_nobody_else(house):
    sees(house, DOCTOR)
    sees(house, DOCTOR)
    run(list_documents(house, NURSE, CPR, "treatment"))
    run(retrieve(house, SECRETARY, "treatment", URN("A"), CPR))
    run(retrieve(house, NURSE, "treatment", URN("C"), CPR))
    sees(house, CITIZEN, "own-overview", "citizen")
    run(look(house, STRANGER, CPR, "treatment", "professional"))
    found = run(readers_of(house, OFFICER, CPR, URN("A")))
    assert names(found) == ["doctor", "secretary", "nancy"]
    assert len(found[0].looks) == 2


def test_each_reader_is_told_when_it_is_withdrawn_with_a_reason(house):
    sees(house, DOCTOR)
    house.clock.now += HOUR
    sees(house, CITIZEN, "own-overview", "citizen")
    sees(house, RELATIVE, "on-behalf", "relative")
    assert run(withdraw(house, SYSTEM, CPR, URN("A"), "misfiled")).status == "deprecated"
    (mine,) = run(tellings(house, DOCTOR))
    assert (mine.document, mine.reason, mine.seen, mine.patient) == (URN("A"), "misfiled", 0, KEY)
    assert [one.reader.id for one in run(tellings(house, RELATIVE))] == ["relative"]
    assert run(tellings(house, NURSE)) == ()
    (notice,) = house.storage.reader().notices(KEY)
    assert (notice.kind, notice.about) == ("withdrawn", URN("A"))


def test_without_a_reason_nobody_is_told(house):
    sees(house, DOCTOR)
    run(withdraw(house, SYSTEM, CPR, URN("A")))
    assert run(tellings(house, DOCTOR)) == ()


def test_a_refused_withdrawal_tells_nobody(house):
    sees(house, DOCTOR)
    assert isinstance(run(withdraw(house, SYSTEM, CPR, URN("C"), "wrong")), Refusal)
    assert run(tellings(house, DOCTOR)) == ()


def test_the_organisation_sees_what_its_readers_are_told_until_they_have_seen_it(house):
    sees(house, DOCTOR)
    sees(house, NURSE)
    run(withdraw(house, SYSTEM, CPR, URN("A"), "wrong"))
    assert names(run(worklist(house, SECRETARY))) == ["doctor"]
    (mine,) = run(tellings(house, DOCTOR))
    house.clock.now += HOUR
    assert run(telling_seen(house, DOCTOR, mine.id)).seen == house.clock.now
    house.clock.now += HOUR
    assert run(telling_seen(house, DOCTOR, mine.id)).seen == house.clock.now - HOUR
    assert [one.seen for one in run(worklist(house, SECRETARY))] == [house.clock.now - HOUR]
    assert isinstance(run(telling_seen(house, NURSE, mine.id)), Refusal)


def test_only_an_officer_and_the_documents_own_organisation_may_list_its_readers(house):
    sees(house, DOCTOR)
    assert names(run(readers_of(house, SYSTEM, CPR, URN("A")))) == ["doctor"]
    for actor in (NURSE, CITIZEN, RELATIVE, STRANGER):
        assert isinstance(run(readers_of(house, actor, CPR, URN("A"))), Refusal)
    assert isinstance(run(readers_of(house, SYSTEM, CPR, URN("C"))), Refusal)
    assert isinstance(run(readers_of(house, OFFICER, CPR, URN("nothing"))), Refusal)
    acts = [(event.act, event.outcome) for event in house.storage.reader().events(KEY)]
    assert acts.count(("readers", "done")) == 1
    assert acts.count(("readers", "refused")) == 6


def test_who_explained_a_line_or_saw_a_look_again_has_seen_it_too(house):
    shown = sees(house, DOCTOR)
    run(replay(house, CITIZEN, CPR, shown.look))
    line = next(
        id_ for id_, line in shown.overview.lines.items() if line.kind == "goal" and line.value.words == "Mål C"
    )
    asked = Asked(NURSE, CPR, "treatment", "professional", 0)
    assert not isinstance(run(explain(house, asked, line)), Refusal)
    assert names(run(readers_of(house, OFFICER, CPR, URN("C")))) == ["doctor", "nancy", "nurse"]
    assert names(run(readers_of(house, OFFICER, CPR, URN("A")))) == ["doctor", "nancy"]


def test_who_saw_it_through_a_link_that_is_gone_is_told(house):
    learn(house, TREATS, 8)
    house.storage.act(lambda tx: tx.link(KEY, 8)).result()
    sees(house, DOCTOR, patient=8)
    house.storage.act(lambda tx: tx.unlink(KEY, 8)).result()
    assert names(run(readers_of(house, OFFICER, CPR, URN("A")))) == ["doctor"]


ACTORS = {
    "doctor": (DOCTOR, "treatment", "professional"),
    "nurse": (NURSE, "treatment", "professional"),
    "nancy": (CITIZEN, "own-overview", "citizen"),
    "relative": (RELATIVE, "on-behalf", "relative"),
    "stranger": (STRANGER, "treatment", "professional"),
}
STEP = st.tuples(
    st.sampled_from(["look", "look", "retrieve", "list", "block", "unblock", "link", "unlink"]),
    st.sampled_from(sorted(ACTORS)),
    st.sampled_from(["A", "C"]),
    st.sampled_from([KEY, 8]),
)


@settings(max_examples=60, deadline=None)
@given(steps=st.lists(STEP, max_size=14))
def test_the_readers_are_those_whose_answers_held_the_documents_words(steps):
    with pytest.MonkeyPatch.context() as monkeypatch:
        read_with(monkeypatch, "s1")
        house = furnished()
        learn(house, EVERYBODY, 8)
        saw = {"A": set(), "C": set()}
        for step in steps:
            _do(house, step, saw)
        for name in "AC":
            assert set(names(run(readers_of(house, OFFICER, CPR, URN(name))))) == saw[name]


def _do(house, step, saw):
    """One step, and who was seen to get which document's words, from the answers alone."""
    act, who, name, key = step
    actor, purpose, view = ACTORS[who]
    house.clock.now += 1
    if act == "look":
        answer = run(look(house, actor, key, purpose, view))
        if not isinstance(answer, Refusal):
            words = {line.value.words for line in answer.overview.lines.values() if line.kind == "goal"}
            for each in saw:
                if f"Mål {each}" in words:
                    saw[each].add(who)
    elif act == "retrieve":
        if not isinstance(run(retrieve(house, actor, purpose, URN(name), key)), Refusal):
            saw[name].add(who)
    elif act == "list":
        run(list_documents(house, actor, key, purpose))
    elif act in ("block", "unblock"):
        origin = CLINIC if name == "A" else EYES
        ends = 0 if act == "block" else house.clock.now
        block = Block(f"b{name}", origin=origin, valid_from=1, valid_until=ends)
        house.storage.act(lambda tx: tx.put_block(KEY, block)).result()
    else:
        house.storage.act(lambda tx: getattr(tx, act)(KEY, 8)).result()


def test_a_look_without_its_reading_showed_no_content():
    from patientoverblik.access import Look, ShownDocument
    from patientoverblik.service.told import shows
    from tests.unit.service.make import an_entry

    entry = an_entry("A")
    document = ShownDocument(entry.uuid, 1, "approved", entry.content, "")
    unread = Look("l", KEY, DOCTOR, "treatment", "r", 1, "overview", "v", (document,))
    assert not shows(unread, entry)
    assert shows(msgspec.structs.replace(unread, act="document"), entry)
    read = msgspec.structs.replace(unread, documents=(msgspec.structs.replace(document, stamp="s"),))
    assert shows(read, entry)
    assert not shows(msgspec.structs.replace(read, act="list"), entry)
    assert shows(msgspec.structs.replace(read, act="handover-list"), entry)


def test_a_citizen_who_saw_anothers_document_is_told_on_their_own_pages(house):
    other = Actor("citizen", "other", person=8)
    house.storage.act(lambda tx: (tx.put_person(8, ADULT), tx.link(KEY, 8))).result()
    sees(house, other, "own-overview", "citizen", patient=8)
    house.storage.act(lambda tx: tx.unlink(KEY, 8)).result()
    run(withdraw(house, SYSTEM, CPR, URN("A"), "misfiled"))
    assert [one.about for one in run(notices(house, other, 8))] == [URN("A")]
    assert run(notices(house, CITIZEN, CPR)) == ()
