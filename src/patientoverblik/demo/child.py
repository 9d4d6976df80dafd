"""A third demo person: a child under 15 with asthma, so that what a holder of custody sees can be tried."""

from datetime import date

from patientoverblik.care import (
    Address,
    Condition,
    Goal,
    Intervention,
    Patient,
    PersonName,
    Plan,
)
from patientoverblik.care.systems import SKS
from patientoverblik.demo.identifiers import cpr, generated_number
from patientoverblik.demo.meeting import meeting
from patientoverblik.demo.organisations import organisation
from patientoverblik.demo.story import Delivery, Event, Head, Story, Writer, first, moved
from patientoverblik.demo.writing import ICPC, at, between, coding, concept, part, person, unit

BORN = "2018-03-06"
NUMBER = generated_number(date.fromisoformat(BORN), 4021)
NAME = PersonName(given=("Testbarn",), family=("Astma",))
PATIENT = Patient(
    ids=(cpr(NUMBER),),
    name=NAME,
    gender="M",
    birth=at(BORN),
    addresses=(Address(use="H", lines=("Testvej 33",), postal_code="3400", city="Hillerød", country="Danmark"),),
    general_practice=organisation("general-practice"),
)
STORY = Story(name="child", patient=PATIENT)
DOCTOR = person("Testlæge", "Praksis", profession=coding(SKS, "APFA", "Læge"), of="general-practice")
BEGAN = "2026-11-03T15:00:00+01:00"
VISIT = ("2027-01-28T15:00:00+01:00", "2027-01-28T15:20:00+01:00")


def child_story(days: int = 0) -> tuple[Event, ...]:
    """Both documents of the child, moved by whole days."""
    return tuple(moved(event, days) for event in (_plan(), _appointment()))


def _plan() -> Delivery:
    title = "Plan for astma"
    return first(
        STORY,
        Head(
            step="A",
            name="GP",
            profile="cpd-2.0.0",
            title=title,
            at=BEGAN,
            writer=Writer(party=DOCTOR, by="general-practice"),
        ),
        Plan(
            ids=STORY.ids("GP-plan"),
            kind="pathway-plan",
            title=title,
            status="active",
            period=between(BEGAN),
            responsible=organisation("general-practice"),
        ),
        {"conditions": (_asthma(),), "goals": (_sport(),), "interventions": (_inhalation(),)},
    )


def _asthma() -> Condition:
    return Condition(
        ids=STORY.ids("D1"),
        words="Astma",
        code=concept(coding(ICPC, "R96", "Astma"), coding(SKS, "DJ459", "Astma")),
        role="main",
        clinical_status="active",
        verification="confirmed",
        recorded=at("2026-11-03"),
    )


def _sport() -> Goal:
    return Goal(
        ids=STORY.ids("G1"),
        kind="professional",
        words="Kan være med i idræt uden anfald",
        lifecycle="active",
        expressed_by=DOCTOR,
        addresses=STORY.ids("D1"),
    )


def _inhalation() -> Intervention:
    return Intervention(
        ids=STORY.ids("I1"),
        words="Øve inhalation med spacer",
        kind="treatment",
        intent="plan",
        activity="in-progress",
        period=between("2026-11-03"),
        performers=(part("performer", unit("general-practice")),),
        reasons=STORY.ids("D1"),
    )


def _appointment() -> Delivery:
    written = "2026-11-03T15:20:00+01:00"
    return meeting(STORY, NUMBER, "M1", "general-practice", "Astmakontrol", written=written, time=VISIT)
