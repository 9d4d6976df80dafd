"""Blocks, looks and follow-ups in words: what could make a citizen believe something else than what holds."""

import msgspec
import pytest

from patientoverblik.access import Actor, Block, FollowUp, Look, OrganisationRef, Override, Principal
from patientoverblik.edges.portal.present.blocks import block_line, choices
from patientoverblik.edges.portal.present.followed import followed
from patientoverblik.edges.portal.present.log import as_csv, looked, runs
from patientoverblik.edges.portal.routes.days import after_day, is_day, start_of
from patientoverblik.edges.portal.vocabulary import vocabulary
from patientoverblik.service.log import entry_of
from patientoverblik.sharing.model import Code
from tests.unit.portal import house as made
from tests.unit.portal import sample

NOW, HOUR = sample.NOW, 3_600_000
DAY = 24 * HOUR
EYES = OrganisationRef("1.2.208.176.1.1", "42", "Øjenklinikken Test")
DOCTOR = Actor("professional", "laege", "Anna Læge", "læge", made.GP)
HELPER = Actor(
    "professional", "hjaelp", "Hans Hjælp", "sekretær", made.GP, principal=Principal("laege", "Anna Læge", "læge")
)
CITIZEN, RELATIVE = vocabulary("citizen"), vocabulary("relative")


def look(actor=DOCTOR, **more) -> Look:
    return Look(
        "urn:uuid:l", made.KEY, actor, "treatment", "professional-relation", NOW, "overview", "professional", **more
    )


def said(block: Block, looks=()) -> str:
    return block_line(block, choices(made.entries(), (), looks, "salt", CITIZEN), CITIZEN, NOW).text


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({}, "Alle, der behandler dig, kan ikke se dine oplysninger"),
        ({"organisation": made.GP}, f"{sample.GP} kan ikke se dine oplysninger"),
        (
            {"organisation": made.GP, "with_units": True},
            f"{sample.GP} med alle afdelinger kan ikke se dine oplysninger",
        ),
        ({"origin": EYES}, "Alle, der behandler dig, kan ikke se dine oplysninger fra Øjenklinikken Test"),
        (
            {"origin": EYES, "origin_with_units": True},
            "Alle, der behandler dig, kan ikke se dine oplysninger fra Øjenklinikken Test med alle afdelinger",
        ),
        (
            {"organisation": made.GP, "kind": "consent", "document": "1.2.3^serie"},
            f"{sample.GP} må se »Plan for KOL og type 2-diabetes · {sample.GP} · 22. november 2026 kl. 09.14«",
        ),
        ({"person": "unknown"}, "En bestemt person kan ikke se dine oplysninger"),
        (
            {"origin_from": start_of("2026-01-01"), "origin_until": after_day("2026-01-31")},
            "Alle, der behandler dig, kan ikke se dine oplysninger fra 1. januar 2026 til og med 31. januar 2026",
        ),
    ],
)
def test_a_block_is_said_whole(fields, text):
    """Nothing that narrows a block, and nothing that widens it, is left out of the sentence."""
    assert said(Block("b", **fields)) == text


def test_a_named_professional_is_said_by_name_and_place():
    assert said(Block("b", person="laege"), [look()]) == f"Anna Læge, {sample.GP} kan ikke se dine oplysninger"


def test_a_professional_who_came_by_two_doors_is_chosen_once_and_meant_at_both():
    by_login = Actor("professional", "login-1", "Anna Læge", "læge", made.GP, authorisation="ABC12")
    by_card = Actor("professional", "ABC12", "Anna Læge", "læge", made.GP, authorisation="ABC12")
    for looks in ((look(by_login), look(by_card)), (look(by_card), look(by_login))):
        people = [each.part for each in choices((), (), looks, "salt", CITIZEN).who.values() if "person" in each.part]
        assert people == [{"person": "login-1", "authorisation": "ABC12"}]
        assert said(Block("b", person="ABC12", authorisation="ABC12"), looks).startswith("Anna Læge, ")


def test_a_block_that_has_ended_is_told_as_over_and_cannot_be_ended():
    ended = block_line(
        Block("b", valid_from=NOW - 9 * DAY, valid_until=NOW), choices((), (), (), "s", CITIZEN), CITIZEN, NOW
    )
    holds = block_line(
        Block("b", valid_from=NOW - 9 * DAY, valid_until=NOW + 1), choices((), (), (), "s", CITIZEN), CITIZEN, NOW
    )
    assert (ended.ended, ended.ends, ended.when.startswith("Gjaldt ")) == (True, "", True)
    assert (holds.ended, holds.ends, holds.when.startswith("Gælder ")) == (False, "b", True)


def test_the_same_choice_has_another_value_in_another_session():
    one, other = (choices(made.entries(), (), [look()], salt, CITIZEN) for salt in ("a", "b"))
    assert set(one.who).isdisjoint(other.who)
    assert [each.text for each in one.who.values()] == [each.text for each in other.who.values()]


def test_who_helped_and_for_whom_are_both_told():
    line = looked(entry_of(look(HELPER), {}, own=False), CITIZEN, "/p/x")
    assert (line.who, line.on_behalf) == ("Hans Hjælp, sekretær", "Anna Læge, læge")


def test_an_override_is_told_with_its_ground_and_the_reason_in_their_words():
    line = looked(entry_of(look(override=Override("unreachable", "Bevidstløs")), {}, own=False), CITIZEN, "/p/x")
    assert line.override == (
        "Patienten kunne ikke kontaktes, og oplysningerne var nødvendige. Skrevet af den, der så det: »Bevidstløs«"
    )
    assert looked(entry_of(look(), {}, own=False), CITIZEN, "/p/x").override == ""


def test_what_one_does_again_and_again_stands_together_but_an_override_alone():
    by_override = look(override=Override("unreachable", "Bevidstløs"))
    in_turn = [look(), look(), by_override, by_override, look(HELPER), look(), look(), look()]
    told = [looked(entry_of(each, {}, own=False), CITIZEN, "/p/x") for each in in_turn]
    made_of = runs(told)
    assert [each for run in made_of for each in run.looks] == told
    assert [(len(run.looks), run.title[:10]) for run in made_of] == [
        (2, "Anna Læge,"),
        (2, ""),
        (1, ""),
        (3, "Anna Læge,"),
    ]
    assert made_of[0].title.endswith(f"{sample.GP}, 23. november 2026: {told[0].what}")


def test_ones_own_look_is_not_told_as_somebody_elses():
    line = looked(entry_of(look(Actor("citizen", "nancy", "Nancy")), {}, own=True), CITIZEN, "/p/x")
    assert (line.who, line.shown) == ("Dig selv", "")


def test_every_rule_that_lets_somebody_look_has_a_reason_for_the_citizen():
    """A look whose reason is only the purpose would leave the citizen guessing."""
    rules = (
        "professional-relation professional-unconfirmed professional-override professional-national-role "
        "assistant-relation citizen-self relative-power relative-custody relative-guardian officer-replays"
    )
    for words in (CITIZEN, RELATIVE):
        assert [rule for rule in rules.split() if not words.word("why", rule)] == []


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1"])
def test_no_cell_of_the_sheet_is_a_formula(cell):
    line = looked(entry_of(look(Actor("professional", "x", cell)), {}, own=False), CITIZEN, "")
    assert f"'{cell.strip()}" in as_csv([line]).decode("utf-8-sig") or f"'{cell}" in as_csv([line]).decode("utf-8-sig")


@pytest.mark.parametrize(("at", "chip"), [(NOW - 1, "Fristen er overskredet"), (NOW + 1, "Afventer svar")])
def test_a_deadline_that_has_passed_is_said_so(at, chip):
    asked = FollowUp("f", made.KEY, "l", DOCTOR, "override", NOW - DAY, at)
    assert followed(asked, vocabulary("professional"), NOW, officer=False).chip.text == chip


@pytest.mark.parametrize(
    ("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-11-23", 24), ("2024-02-29", 24)]
)
def test_a_day_is_a_danish_day(day, hours):
    assert after_day(day) - start_of(day) == hours * HOUR


@pytest.mark.parametrize(("text", "known"), [("", True), ("2026-02-28", True), ("2026-02-29", False), ("x", False)])
def test_a_day_that_is_not_in_the_calendar_is_none(text, known):
    assert is_day(text) is known


def test_ones_own_looks_never_hide_somebody_elses():
    own, other = (looked(entry_of(look(), {}, own=own), CITIZEN, "") for own in (True, False))
    told = runs([own, own, other, own, other, other])
    assert [(bool(run.title), len(run.looks)) for run in told] == [(True, 2), (False, 1), (False, 1), (True, 2)]
    assert [each for run in told for each in run.looks] == [own, own, other, own, other, other]
    folded = [run for run in told if run.title]
    assert all(len({each.own for each in run.looks}) == 1 for run in folded)
    assert all(run.looks[0].own or run.title.startswith(run.looks[0].who) for run in folded)


def test_what_can_be_shared_is_told_apart_though_it_is_called_the_same():
    """Whoever shares one of several notes must see which."""
    first = made.entries()[0]
    second = msgspec.structs.replace(first, series="1.2.3^another", created=first.created - DAY)
    texts = [each.text for each in choices((first, second), (), (), "salt", CITIZEN).documents.values()]
    assert len(set(texts)) == 2
    assert {text.rsplit(" · ", 1)[0] for text in texts} == {f"Plan for KOL og type 2-diabetes · {sample.GP}"}


def test_kinds_of_documents_are_chosen_in_danish_and_none_by_anothers_word():
    plan = Code("81215-6", "2.16.840.1.113883.6.1", "Care plan - recommended C-CDA R2.0 & R2.1 sections")
    entry = msgspec.structs.replace(made.entries()[0], type_code=plan)
    known = choices((entry,), (), (), "salt", CITIZEN)
    assert [each.text for each in known.types.values()] == ["Planer"]
    assert block_line(Block("b", types=("81215-6",)), known, CITIZEN, NOW).text.endswith(" kan ikke se planer")
    words = list(CITIZEN.tables["type"].values())
    assert len(words) == len(set(words))
