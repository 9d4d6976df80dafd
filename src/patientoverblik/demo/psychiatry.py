"""A second demo person: depression and alcohol, with a coordinating action plan, own goals and a GP's diabetes plan.

The coordinating action plan and the own goals are written with our own example profiles, since no national profile of
them exists (DESIGN 23). Diabetes stands with two parties, their targets differ, and two appointments overlap: what a
reader meets under "også hos" and "Bør drøftes".
"""

from collections.abc import Iterator
from datetime import date

from patientoverblik.care import (
    Address,
    Condition,
    ConditionRole,
    Goal,
    Intervention,
    InterventionKind,
    Party,
    Patient,
    PersonName,
    Plan,
    Responsibility,
)
from patientoverblik.care.systems import SKS
from patientoverblik.demo.identifiers import cpr, generated_number
from patientoverblik.demo.meeting import meeting
from patientoverblik.demo.organisations import organisation
from patientoverblik.demo.story import Delivery, Event, Head, Story, Writer, first, moved
from patientoverblik.demo.writing import (
    ICPC,
    NPU,
    at,
    below,
    between,
    coding,
    concept,
    measurement,
    part,
    person,
    quantity,
    target,
    unit,
)

NUMBER = generated_number(date(1979, 5, 14), 2031)
NAME = PersonName(given=("Testine",), family=("Psykiatri",))
PATIENT = Patient(
    ids=(cpr(NUMBER),),
    name=NAME,
    gender="F",
    birth=at("1979-05-14"),
    addresses=(Address(use="H", lines=("Testvej 31",), postal_code="3400", city="Hillerød", country="Danmark"),),
    general_practice=organisation("general-practice"),
)
HERSELF = Party(kind="patient", ids=(cpr(NUMBER),), name=NAME)
STORY = Story(name="psychiatry", patient=PATIENT)
COORDINATOR = person("Testkoordinator", "Psykiatri", profession=coding(SKS, "APBA", "Sygeplejerske"), of="psychiatry")
DOCTOR = person("Testlæge", "Praksis", profession=coding(SKS, "APFA", "Læge"), of="general-practice")
SYSTOLIC = coding(NPU, "DNK05472", "Blodtryk systolisk;Arm")
NURSE = Writer(party=COORDINATOR, by="psychiatry")
BEGAN = "2026-11-04T13:00:00+01:00"
NEXT_MEETING = "2027-02-03T13:00:00+01:00"


def psychiatric_story(days: int = 0) -> tuple[Event, ...]:
    """Every document of the person in the order they were written, moved by whole days."""
    handed_in = (_coordinating_plan(), _practice_plan(), _own_goals(), *_appointments())
    told = sorted(handed_in, key=lambda event: event.at.earliest)
    return tuple(moved(event, days) for event in told)


def _coordinating_plan() -> Delivery:
    title = "Koordinerende indsatsplan"
    return first(
        STORY,
        Head(
            step="A",
            name="KIP",
            profile="koordinerende-indsatsplan",
            title=title,
            at=BEGAN,
            writer=NURSE,
            period=between(BEGAN),
            recipients=(part("recipient", unit("addiction")), part("recipient", unit("general-practice"))),
        ),
        _plan(title),
        {"conditions": _conditions(), "goals": _goals(), "interventions": tuple(_actions())},
    )


def _plan(title: str) -> Plan:
    return Plan(
        ids=STORY.ids("KIP-plan"),
        kind="coordinating-action-plan",
        title=title,
        status="active",
        period=between(BEGAN),
        review=at("2027-02-03"),
        responsible=organisation("psychiatry"),
        labels=(coding(SKS, "ALAL03", "Psykiske lidelser og adfærdsmæssige forstyrrelser"),),
        participants=(part("coordinator", COORDINATOR), part("team-member", unit("addiction"))),
        responsibilities=(
            Responsibility(organisation=organisation("psychiatry"), period=between(BEGAN), commitment="accepted"),
            Responsibility(
                organisation=organisation("addiction"),
                period=between(BEGAN),
                commitment="accepted",
                covers=STORY.ids("A2"),
            ),
        ),
    )


def _conditions() -> tuple[Condition, ...]:
    return (
        _condition("D1", "Depression", "DF322", "main"),
        _condition("D2", "Alkoholafhængighed", "DF102", "secondary"),
        _condition("D3", "Type 2-diabetes", "DE119", "secondary"),
    )


def _condition(short: str, words: str, sks: str, role: ConditionRole) -> Condition:
    return Condition(
        ids=STORY.ids(short),
        words=words,
        code=concept(coding(SKS, sks, words)),
        role=role,
        clinical_status="active",
        verification="confirmed",
        recorded=at("2026-11-04"),
    )


def _goals() -> tuple[Goal, ...]:
    return (
        Goal(
            ids=STORY.ids("G1"),
            kind="patient",
            words="Passe mit arbejde uden sygedage",
            lifecycle="active",
            expressed_by=HERSELF,
            addresses=STORY.ids("D1"),
        ),
        Goal(
            ids=STORY.ids("G2"),
            kind="professional",
            words="Færre end tre genstande om ugen",
            lifecycle="active",
            expressed_by=COORDINATOR,
            due=at("2027-02-03"),
            addresses=STORY.ids("D2"),
            supports=STORY.ids("G1"),
        ),
        _pressure_goal("G3", "Blodtryk under 140", "140", "D3", COORDINATOR),
    )


def _pressure_goal(short: str, words: str, limit: str, condition: str, by: Party) -> Goal:
    return Goal(
        ids=STORY.ids(short),
        kind="professional",
        words=words,
        lifecycle="active",
        expressed_by=by,
        targets=(target(SYSTOLIC, below(limit, "mmHg")),),
        addresses=STORY.ids(condition),
    )


def _actions() -> Iterator[Intervention]:
    agreed: InterventionKind = "agreement"
    yield _action("A1", agreed, "Samtale hver anden uge", COORDINATOR, "D1", "hver anden uge")
    yield _action("A2", agreed, "Behandling i Rusmiddelcentret", unit("addiction"), "D2", "en gang om ugen")
    yield _action("A3", agreed, "Ringer til min arbejdsplads om skånetimer", HERSELF, "D1")
    yield _action(
        "S1", "early-sign-response", "Sover jeg dårligt tre nætter, ringer jeg til min koordinator", HERSELF, "D1"
    )
    yield _action(
        "S2", "early-sign-response", "Aflyser jeg to aftaler, ringer koordinatoren til mig", COORDINATOR, "D1"
    )


def _action(
    short: str, kind: InterventionKind, words: str, by: Party, condition: str, repetition: str = ""
) -> Intervention:
    return Intervention(
        ids=STORY.ids(short),
        kind=kind,
        words=words,
        intent="plan",
        activity="in-progress",
        period=between("2026-11-04", "2027-02-03"),
        repetition=repetition,
        performers=(part("performer", by),),
        reasons=STORY.ids(condition),
    )


def _practice_plan() -> Delivery:
    title, began = "Plan for type 2-diabetes", "2026-11-02T09:00:00+01:00"
    diabetes = Condition(
        ids=STORY.ids("GP1"),
        words="Type 2-diabetes",
        code=concept(coding(ICPC, "T90", "Type 2-diabetes"), coding(SKS, "DE119", "Type 2-diabetes")),
        role="main",
        clinical_status="active",
        verification="confirmed",
        recorded=at("2026-11-02"),
    )
    return first(
        STORY,
        Head(
            step="A",
            name="GP",
            profile="cpd-2.0.0",
            title=title,
            at=began,
            writer=Writer(party=DOCTOR, by="general-practice"),
        ),
        Plan(
            ids=STORY.ids("GP-plan"),
            kind="pathway-plan",
            title=title,
            status="active",
            period=between(began),
            responsible=organisation("general-practice"),
            labels=(coding(SKS, "ALAL22", "Type 2-diabetes"),),
        ),
        {
            "conditions": (diabetes,),
            "goals": (_pressure_goal("GP2", "Blodtryk under 130", "130", "GP1", DOCTOR),),
            "measurements": (measurement(STORY.id("GP3"), SYSTOLIC, quantity("136", "mmHg"), began),),
        },
    )


def _own_goals() -> Delivery:
    title = "Det er vigtigt for mig"
    return first(
        STORY,
        Head(
            step="A",
            name="own",
            profile="egne-maal",
            title=title,
            at="2026-11-05T09:00:00+01:00",
            writer=Writer(party=HERSELF, by="citizen"),
        ),
        Plan(
            ids=STORY.ids("own-plan"),
            kind="patient-goals",
            title=title,
            status="active",
            responsible=organisation("citizen"),
        ),
        {
            "goals": (
                Goal(
                    ids=STORY.ids("O1"),
                    kind="patient",
                    words="Hente min søn fra skole tre dage om ugen",
                    lifecycle="active",
                    expressed_by=HERSELF,
                    horizon="short",
                ),
            )
        },
    )


def _appointments() -> Iterator[Delivery]:
    yield _appointment("M1", "psychiatry", "Samtale", "2027-01-27T13:00:00+01:00", "2027-01-27T13:45:00+01:00")
    yield _appointment(
        "M3", "general-practice", "Diabeteskontrol", "2027-01-27T13:30:00+01:00", "2027-01-27T13:50:00+01:00"
    )
    yield _appointment("M2", "psychiatry", "Møde om planen", NEXT_MEETING, "2027-02-03T14:00:00+01:00")


def _appointment(short: str, by: str, reason: str, start: str, end: str) -> Delivery:
    written = "2026-11-05T10:00:00+01:00"
    return meeting(STORY, NUMBER, short, by, reason, written=written, time=(start, end))
