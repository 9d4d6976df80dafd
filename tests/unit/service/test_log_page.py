"""The citizen's log in words: who, for whom, why, which documents; searched, paged, and hidden where it must be."""

import csv
from importlib.resources import files
from typing import get_args

import msgspec
import pytest

from patientoverblik.access import (
    Actor,
    Custody,
    Evidence,
    LookAct,
    Override,
    PersonFacts,
    PowerOfAttorney,
    Principal,
    Refusal,
)
from patientoverblik.edges.portal.routes import log as portal_log
from patientoverblik.service import list_documents, log, look, retrieve
from patientoverblik.service.log import LogDocument, Search, log_page
from patientoverblik.service.words import DANISH
from tests.unit.service.make import (
    CITIZEN,
    CLINIC,
    CPR,
    DAY,
    DOCTOR,
    EYES,
    HOLDER,
    HOUR,
    KEY,
    NOW,
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
ASSISTANT = msgspec.structs.replace(
    DOCTOR, id="secretary", name="Sekretær", role="Sekretær", principal=Principal("doctor", "Læge", "Læge", "CJKMN")
)
EVERYTHING = Search()


@pytest.fixture
def house(storage):
    house = a_house(storage=storage)
    learn(house, TREATS)
    put(house, "A")
    put(house, "C", EYES)
    return house


def shown(house, actor, purpose="treatment", view="professional"):
    house.clock.now += HOUR
    answer = run(look(house, actor, CPR, purpose, view))
    assert not isinstance(answer, Refusal), answer
    return answer


def entries(house, search=EVERYTHING, actor=CITIZEN):
    answer = run(log_page(house, actor, CPR, search))
    assert not isinstance(answer, Refusal), answer
    return answer.entries


def rewrite(house, look_id, **changes):
    """Write a copy of a look with something else about it."""
    kept = house.storage.reader().look(KEY, look_id)
    house.storage.act(lambda tx: tx.add_look(msgspec.structs.replace(kept, **changes))).result()


def test_an_entry_says_who_for_whom_why_and_which_documents(house):
    shown(house, ASSISTANT)
    (entry,) = entries(house)
    assert (entry.who, entry.role, entry.organisation, entry.on_behalf_of.name) == (
        "Sekretær",
        "Sekretær",
        CLINIC,
        "Læge",
    )
    assert (entry.act_text, entry.purpose_text) == ("Så det samlede overblik", "Behandling")
    assert entry.kind_text == "Medhjælp for en sundhedsprofessionel"
    assert set(entry.documents) == {LogDocument("urn:uuid:A", "Plan A"), LogDocument("urn:uuid:C", "Plan C")}
    assert (entry.override, entry.ground_text, entry.own) == (None, "", False)


def test_each_kind_of_look_is_told_newest_first(house):
    shown(house, DOCTOR)
    house.clock.now += HOUR
    run(list_documents(house, DOCTOR, CPR, "treatment"))
    house.clock.now += HOUR
    run(retrieve(house, DOCTOR, "treatment", "urn:uuid:A", CPR))
    shown(house, CITIZEN, "own-overview", "citizen")
    found = entries(house)
    assert [entry.act for entry in found] == ["overview", "document", "list", "overview"]
    assert [entry.own for entry in found] == [True, False, False, False]
    assert found[0].kind_text == "Dig selv"
    assert found[1].documents == (LogDocument("urn:uuid:A", "Plan A"),)


def test_an_override_is_told_with_its_ground(house):
    seen = shown(house, DOCTOR)
    rewrite(house, seen.look, id="over", override=Override("unreachable", "Bevidstløs"))
    (entry,) = entries(house, Search(overridden=True))
    assert entry.id == "over"
    assert entry.ground_text == "Patienten kunne ikke kontaktes, og oplysningerne var nødvendige"
    assert entry.override.reason == "Bevidstløs"


def test_a_search_finds_by_period_organisation_person_and_act(house):
    seen = shown(house, DOCTOR)
    rewrite(house, seen.look, id="old", at=NOW - 100 * DAY)
    rewrite(house, seen.look, id="else", actor=Actor("professional", "x", "Åse Ærlig", organisation=EYES), act="list")
    assert [one.id for one in entries(house, Search(until=NOW - 50 * DAY))] == ["old"]
    assert [one.id for one in entries(house, Search(since=NOW, organisation="øjen"))] == ["else"]
    assert [one.id for one in entries(house, Search(person="åse  ærlig"))] == ["else"]
    assert [one.id for one in entries(house, Search(act="list"))] == ["else"]
    assert {one.id for one in entries(house, Search(organisation="100"))} == {"old", seen.look}
    assert entries(house, Search(person="nobody")) == ()


def test_pages_hold_everything_once_and_tell_the_total(house):
    seen = shown(house, DOCTOR)
    for number in range(11):
        rewrite(house, seen.look, id=f"look-{number:02}", at=NOW - number)
    found, after = [], ""
    for _ in range(9):
        page = run(log_page(house, CITIZEN, CPR, Search(size=5, after=after)))
        assert page.total == 12
        found += [one.id for one in page.entries]
        after = page.next
        if not after:
            break
    assert len(found) == len(set(found)) == 12
    assert found == sorted(found, key=lambda one: found.index(one))


def test_only_the_citizen_and_who_acts_for_them_read_it_and_that_is_written_down(house):
    shown(house, DOCTOR)
    for actor in (DOCTOR, STRANGER, RELATIVE, SYSTEM):
        assert isinstance(run(log_page(house, actor, CPR, EVERYTHING)), Refusal)
    entries(house)
    acts = [(event.act, event.outcome) for event in house.storage.reader().events(KEY)]
    assert acts[-5:] == [("log", "refused")] * 4 + [("log", "done")]


def test_who_has_power_for_a_part_sees_no_entry_about_other_documents(house):
    learn(house, Evidence(powers=(PowerOfAttorney("p", HOLDER, ("plans",)),)))
    put(house, "P", parts=("psychiatry",))
    seen = shown(house, DOCTOR)
    rewrite(
        house,
        seen.look,
        id="plans",
        documents=tuple(
            one for one in house.storage.reader().look(KEY, seen.look).documents if one.entry != "urn:uuid:P"
        ),
    )
    assert [one.id for one in entries(house, actor=RELATIVE)] == ["plans"]
    assert len(entries(house)) == 2


def test_a_look_hidden_from_holders_of_custody_is_told_to_nobody_but_the_child(house):
    child = PersonFacts(born=NOW - 10 * 365 * DAY)
    learn(house, Evidence(person=child))
    house.storage.act(lambda tx: tx.put_custody(KEY, Custody("c", HOLDER))).result()
    seen = shown(house, DOCTOR)
    rewrite(house, seen.look, id="hidden", hidden_from=("custody-holder",))
    assert [one.id for one in entries(house, actor=RELATIVE)] == [seen.look]
    learn(house, Evidence(person=PersonFacts(born=NOW - 16 * 365 * DAY)))
    assert {one.id for one in entries(house)} == {seen.look, "hidden"}


def test_a_look_hidden_from_the_citizen_is_not_told(house):
    seen = shown(house, DOCTOR)
    rewrite(house, seen.look, id="hidden", hidden_from=("citizen",))
    assert [one.id for one in entries(house)] == [seen.look]


def test_refused_attempts_are_told_where_the_house_shows_them_and_to_nobody_else(house):
    run(look(house, STRANGER, CPR, "treatment", "professional"))
    assert entries(house) == ()
    open_house = msgspec.structs.replace(house, show_refused=True)
    run(look(open_house, STRANGER, CPR, "treatment", "professional"))
    run(retrieve(open_house, STRANGER, "treatment", "urn:uuid:A", CPR))
    run(log_page(open_house, RELATIVE, CPR, EVERYTHING))
    found = entries(open_house)
    assert [(one.act, one.documents, one.organisation) for one in found] == [("refused", (), STRANGER.organisation)] * 2
    assert found[0].act_text == "Forsøgte at se oplysninger, men fik afslag"


def test_looks_at_linked_keys_are_one_log(house):
    learn(house, TREATS, 8)
    house.storage.act(lambda tx: tx.link(KEY, 8)).result()
    assert not isinstance(run(look(house, DOCTOR, 8, "treatment", "professional")), Refusal)
    assert len(entries(house)) == 1


def test_every_code_has_words_in_both_languages():
    text = files("patientoverblik.service").joinpath("tables", "log.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert len({row["code"] for row in rows}) == len(rows) == len(DANISH)
    assert all(row["da"] and row["en"] for row in rows)


def test_every_act_that_a_look_can_be_has_words_and_can_be_searched_for():
    acts = set(get_args(LookAct))
    assert {code.removeprefix("act.") for code in DANISH if code.startswith("act.")} == acts
    assert {act for act, _ in portal_log.ACTS} == acts


def test_the_reason_for_an_override_is_told_to_the_citizen_alone(house):
    """A professional may write there what a parent or a spouse must not read."""
    learn(house, Evidence(powers=(PowerOfAttorney("p", HOLDER, ("plans",)),)))
    seen = shown(house, DOCTOR)
    rewrite(house, seen.look, id="over", override=Override("consent", "Mistanke om vold i hjemmet"))
    own, acting = (entries(house, Search(overridden=True), actor)[0] for actor in (CITIZEN, RELATIVE))
    assert own.override == Override("consent", "Mistanke om vold i hjemmet")
    assert (acting.override, acting.ground_text) == (Override("consent", ""), own.ground_text)
    looks = run(log(house, RELATIVE, CPR))
    assert [one.override for one in looks if one.override] == [Override("consent", "")]


def test_who_may_see_a_part_is_not_told_of_looks_that_showed_no_document(house):
    """That a psychiatric ward looked tells of psychiatry, whatever there was to see."""
    learn(house, Evidence(powers=(PowerOfAttorney("p", HOLDER, ("appointments",)),)))
    open_house = msgspec.structs.replace(house, show_refused=True)
    run(look(open_house, STRANGER, CPR, "treatment", "professional"))
    mine = shown(open_house, RELATIVE, "on-behalf", "relative")
    assert [one.id for one in entries(open_house, actor=RELATIVE)] == [mine.look]
    assert len(entries(open_house)) == 2
