"""Who does what: the parties in force, the parts they play, and for which lines."""

from patientoverblik.care import Participation, Party, PersonName
from tests.unit.overview.make import act, charge, held, line, look, org, plan


def person(name: str, role: str, owner: str = "GP") -> Participation:
    party = Party(kind="professional", name=PersonName(text=name), organisation=org(owner))
    return Participation(role=role, party=party)  # type: ignore[arg-type]


def named(seen: object) -> list[str]:
    return [who.participation.party.name.text if who.participation else who.organisation.name for who in seen.who]  # type: ignore[attr-defined]


def test_coordinator_stands_first_and_one_person_once_with_every_part() -> None:
    one = held(1, "GP", plan("P", participants=(person("Bo", "responsible"), person("Ida", "coordinator"))))
    two = held(2, "GP", plan("Q", participants=(person("Bo", "performer"),)))
    seen = look(one, two)
    assert named(seen) == ["Ida", "Bo"]
    assert seen.who[1].roles == ("responsible", "performer")
    assert len(seen.who[1].lines) == 2


def test_parties_of_an_ended_plan_or_intervention_are_not_named() -> None:
    ended = held(1, "GP", plan("P", status="completed", participants=(person("Bo", "responsible"),)))
    done = held(2, "KOM", plan("Q"), act("I", activity="completed", performers=(person("Eva", "performer"),)))
    assert named(look(ended, done)) == []


def test_responsibility_is_named_while_it_holds() -> None:
    stated = (
        charge("AKM", "2026-05-01", "2026-05-31"),
        charge("LUNG", "2026-06-01"),
        charge("MUN", commitment="requested"),
    )
    seen = look(held(1, "AKM", plan("P4", responsibilities=stated)))
    assert [(who.organisation.name, who.responsibility is not None) for who in seen.who] == [("LUNG", True)]


def test_a_party_leads_to_the_line_it_acts_for() -> None:
    seen = look(held(1, "KOM", act("I", performers=(person("Eva", "performer"),))))
    assert seen.who[0].lines == (line(seen, "Indsats I").id,)
    assert seen.who[0].attribution.organisation == "KOM"
