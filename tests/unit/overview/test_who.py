"""Who does what: the organisations with a task, their people, and the lines they act for."""

from typing import Any

from patientoverblik.care import Coding, Participation, Party, PersonName, Telecom
from tests.unit.overview.make import act, charge, goal, held, line, look, org, plan, visit


def person(name: str, role: str, owner: str = "GP", **more: Any) -> Participation:
    party = Party(kind="professional", name=PersonName(text=name), organisation=org(owner), **more)
    return Participation(role=role, party=party)  # type: ignore[arg-type]


def named(seen: Any) -> list[tuple[str, list[str]]]:
    """Each organisation that is not a former one, with its people."""
    return [
        (who.organisation.name if who.organisation else "", [each.party.name.text for each in who.people])
        for who in seen.who
        if not who.handed_over
    ]


def former(seen: Any) -> list[str]:
    return [who.organisation.name for who in seen.who if who.handed_over]


def test_one_organisation_stands_once_with_its_people_coordinator_first() -> None:
    one = held(1, "GP", plan("P", participants=(person("Bo", "responsible"), person("Ida", "coordinator"))))
    two = held(2, "GP", plan("Q", participants=(person("Bo", "performer"), person("Eva", "lead", "KOM"))))
    seen = look(one, two)
    assert named(seen) == [("GP", ["Ida", "Bo"]), ("KOM", ["Eva"])]
    assert seen.who[0].roles == ("coordinator", "responsible", "performer")
    assert seen.who[0].people[1].roles == ("responsible", "performer")
    assert len(seen.who[0].people[1].lines) == 2


def test_to_have_written_asked_or_attended_is_no_task() -> None:
    roles = ("author", "requester", "documenter", "informant", "team-member", "recipient", "other")
    parts = tuple(person(f"Bo {role}", role, role) for role in roles)
    assert named(look(held(1, "GP", plan("P", participants=parts)))) == []


def test_the_keeper_of_a_plan_is_responsible_unless_the_plan_says_who_is() -> None:
    kept = held(1, "GP", plan("P", responsible=org("GP")))
    said = held(2, "GP", plan("Q", responsible=org("GP"), responsibilities=(charge("KOM"),)))
    assert named(look(kept)) == [("GP", [])]
    assert named(look(said)) == [("KOM", [])]


def test_the_patients_own_document_makes_nobody_one_to_call() -> None:
    own = plan(
        "P", kind="patient-goals", responsible=org("EGNE"), participants=(person("Nancy", "responsible", "EGNE"),)
    )
    walk = act("I", responsible=org("EGNE"), performers=(person("Kirsten", "performer", "EGNE"),))
    assert look(held(1, "EGNE", own, goal("G", kind="patient"), walk)).who == ()


def test_whom_an_organisation_does_not_name_is_told_as_the_organisation_and_reached_there() -> None:
    ways = (Telecom(value="tel:90000011"),)
    seen = look(held(1, "KOM", plan("P", participants=(person("", "coordinator", "KOM", telecoms=ways),))))
    assert named(seen) == [("KOM", [])]
    assert seen.who[0].roles == ("coordinator",)
    assert seen.who[0].organisation.telecoms == ways


def test_a_relative_with_a_part_stays() -> None:
    relation = Coding(system="x", code="datter", display="datter")
    party = Party(kind="relative", name=PersonName(text="Kirsten"), code=relation)
    unnamed = Party(kind="relative", code=Coding(system="x", code="soen", display="søn"))
    parts = tuple(Participation(role="relative", party=each) for each in (party, unnamed))
    seen = look(held(1, "GP", plan("P", participants=parts)))
    assert sorted(each.people[0].party.code.display for each in seen.who) == ["datter", "søn"]


def test_parties_of_an_ended_plan_or_intervention_are_not_named() -> None:
    ended = held(1, "GP", plan("P", status="completed", participants=(person("Bo", "responsible"),)))
    done = held(2, "KOM", plan("Q"), act("I", activity="completed", performers=(person("Eva", "performer"),)))
    assert named(look(ended, done)) == []


def test_an_appointment_that_is_over_gives_nobody_a_task() -> None:
    over = visit("A", "2026-05-01T09:00:00Z", "2026-05-01T10:00:00Z", performers=(person("Bo", "performer"),))
    ahead = visit("B", "2026-07-01T09:00:00Z", "2026-07-01T10:00:00Z", performers=(person("Eva", "performer"),))
    assert named(look(held(1, "GP", over, ahead))) == [("GP", ["Eva"])]


def test_responsibility_is_named_while_it_holds_and_stands_apart_when_it_is_handed_over() -> None:
    stated = (
        charge("AKM", "2026-05-01", "2026-05-31"),
        charge("LUNG", "2026-06-01"),
        charge("MUN", commitment="requested"),
        charge("NEJ", commitment="declined"),
    )
    seen = look(held(1, "AKM", plan("P4", responsibilities=stated)))
    assert [(who.organisation.name, who.handed_over) for who in seen.who] == [("LUNG", False), ("AKM", True)]
    assert [who.responsibility.organisation.name for who in seen.who] == ["LUNG", "AKM"]


def test_who_handed_over_stands_apart_with_what_they_had_in_the_plan_but_not_with_what_they_still_do() -> None:
    stated = (charge("AKM", commitment="ended"), charge("LUNG"))
    lead = person("Bo", "responsible-physician", "AKM")
    given = held(1, "AKM", plan("P", responsibilities=stated, participants=(lead,)))
    assert (named(look(given)), former(look(given))) == ([("LUNG", [])], ["AKM"])
    still = held(2, "AKM", act("I", performers=(person("Ida", "performer", "AKM"),)))
    assert named(look(given, still)) == [("LUNG", []), ("AKM", ["Ida"])]
    assert former(look(given, still)) == []


def test_a_party_leads_to_the_line_it_acts_for() -> None:
    seen = look(held(1, "KOM", act("I", performers=(person("Eva", "performer", "KOM"),))))
    assert seen.who[0].lines == (line(seen, "Indsats I").id,)
    assert seen.who[0].people[0].lines == seen.who[0].lines
    assert seen.who[0].attribution.organisation == "KOM"


def test_an_author_is_told_by_profession_or_function_and_never_as_an_author() -> None:
    def role(**coded: Coding) -> str:
        author = person("Bo", "author", **coded)
        return str(line(look(held(1, "GP", act("I", documented_by=(author,)))), "Indsats I").attribution.role)

    nurse = Coding(system="x", code="APBA", display="Sygeplejerske")
    wrote = Coding(system="x", code="Author", display="Forfatter")
    assert role(profession=nurse, code=wrote) == "Sygeplejerske"
    assert role(code=nurse) == "Sygeplejerske"
    assert role(code=wrote) == role() == ""
