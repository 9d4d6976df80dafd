"""P1: the general practice's plan for COPD and type 2 diabetes, from the visit in step A to the yearly control in H."""

from collections.abc import Iterator
from typing import Any

import msgspec

from patientoverblik.care import (
    Coding,
    Concept,
    Condition,
    Evaluation,
    Goal,
    Intervention,
    Measurement,
    Plan,
    Responsibility,
    Target,
)
from patientoverblik.care.systems import SKS
from patientoverblik.demo.organisations import organisation
from patientoverblik.demo.story import Delivery, Head, Writer, first, next_version
from patientoverblik.demo.storyboard.nancy import HERSELF, STORY
from patientoverblik.demo.writing import (
    FSIII,
    ICPC,
    MCS,
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
    within,
)

DOCTOR = person("Testlæge", "Praksis", profession=coding(SKS, "APFA", "Læge"), of="general-practice")
WRITER = Writer(party=DOCTOR, by="general-practice")
HBA1C = coding(NPU, "NPU27300", "Hæmoglobin A1c (IFCC);Hb(B)")
SYSTOLIC = coding(NPU, "DNK05472", "Blodtryk systolisk;Arm")
DIASTOLIC = coding(NPU, "DNK05473", "Blodtryk diastolisk;Arm")
LDL = coding(NPU, "NPU01568", "Kolesterol LDL;P")
WEIGHT = coding(NPU, "NPU03804", "Legeme masse;Pt")
BREATHLESSNESS = coding(MCS, "MCS88021", "MRC-skala")
LUNG_FUNCTION = Concept(text="FEV1 i procent af forventet")
PREVENTION = concept(
    coding(FSIII, "102ea764-d2cf-4a24-979d-68c2e8d638cf", "Kommunale sundhedsfremme og forebyggelsesindsatser")
)
BEGAN = "2026-01-12T10:15:00+01:00"
MEDICINE_CARD = "Dosis og præparat står på Fælles Medicinkort"


def plan_p1() -> Iterator[Delivery]:
    """Every version of P1 in order."""
    made = first(
        STORY,
        Head(
            step="A",
            name="P1",
            profile="cpd-2.0.0",
            title="Plan for KOL og type 2-diabetes",
            at=BEGAN,
            writer=WRITER,
            period=between(BEGAN),
        ),
        plan=_plan(),
        items={
            "conditions": _conditions(),
            "goals": _goals(),
            "interventions": _interventions(),
            "measurements": _measured_first(),
        },
    )
    judged = _smoking_goal_closed(made)
    paused = _paused(judged)
    resumed = _resumed(paused)
    yield from (made, judged, paused, resumed, _yearly_control(resumed))


def _plan() -> Plan:
    return Plan(
        ids=STORY.ids("P1-plan"),
        kind="pathway-plan",
        title="Plan for KOL og type 2-diabetes",
        status="active",
        period=between(BEGAN),
        review=at("2027-01-18"),
        responsible=organisation("general-practice"),
        labels=(
            coding(SKS, "ALAL21", "Kronisk obstruktiv lungesygdom (KOL)"),
            coding(SKS, "ALAL22", "Type 2-diabetes"),
        ),
        responsibilities=(
            Responsibility(organisation=organisation("general-practice"), period=between(BEGAN), commitment="accepted"),
        ),
    )


def _conditions() -> tuple[Condition, ...]:
    return (
        _condition("H1", "KOL", "R95", "DJ449"),
        _condition("H2", "Type 2-diabetes", "T90", "DE119"),
        _condition("H3", "Hypertension", "K86", "DI109"),
    )


def _condition(short: str, words: str, icpc: str, sks: str) -> Condition:
    return Condition(
        ids=STORY.ids(short),
        words=words,
        code=concept(coding(ICPC, icpc, words), coding(SKS, sks, words)),
        role="main",
        clinical_status="active",
        verification="confirmed",
        onset=between("2026-01-12"),
        recorded=at("2026-01-12"),
    )


def _goals() -> tuple[Goal, ...]:
    pressure = (target(SYSTOLIC, below("130", "mmHg")), target(DIASTOLIC, below("80", "mmHg")))
    sugar = (target(HBA1C, below("58", "mmol/mol"), "2026-07-13"),)
    return (
        _goal("FM1", "HbA1c under 58 mmol/mol", ("H2",), targets=sugar, due="2026-07-13"),
        _goal("FM2", "Blodtryk under 130/80", ("H3",), targets=pressure),
        _goal("FM3", "LDL under 1,8 mmol/L", ("H2",), targets=(target(LDL, below("1.8", "mmol/L")),)),
        _goal("FM4", "Røgfri", ("H1",), due="2026-06-01"),
    )


def _goal(short: str, words: str, conditions: tuple[str, ...], targets: tuple[Target, ...] = (), due: str = "") -> Goal:
    return Goal(
        ids=STORY.ids(short),
        kind="professional",
        words=words,
        lifecycle="active",
        expressed_by=DOCTOR,
        due=at(due) if due else None,
        targets=targets,
        addresses=STORY.ids(*conditions),
    )


def _interventions() -> tuple[Intervention, ...]:
    return (
        _medicine("I1", "Inhalationsbehandling", "H1"),
        _medicine("I2", "Metformin", "H2"),
        _referral("I3", "Rygestop", "prevention", "H1", goals=STORY.ids("FM4")),
        _referral("I4", "Øjenundersøgelse", "eye-clinic", "H2", repetition="mindst hvert 2. år"),
        _referral("I5", "KOL-rehabilitering i kommunen", "prevention", "H1"),
        _referral(
            "I6",
            "Fodterapeut",
            "foot-clinic",
            "H2",
            repetition="mindst 1 gang årligt",
            next_due=at("2027-01-12"),
        ),
        Intervention(
            ids=STORY.ids("I7"),
            kind="self-care",
            words="Daglig gåtur på 20 minutter",
            intent="plan",
            activity="in-progress",
            period=between("2026-01-12"),
            repetition="dagligt",
            performers=(part("performer", HERSELF),),
            reasons=STORY.ids("H1"),
            goals=STORY.ids("PM1"),
        ),
    )


def _medicine(short: str, words: str, condition: str, start: str = "2026-01-12") -> Intervention:
    return Intervention(
        ids=STORY.ids(short),
        kind="medicine",
        words=words,
        instruction=MEDICINE_CARD,
        intent="plan",
        activity="in-progress",
        period=between(start),
        responsible=organisation("general-practice"),
        performers=(part("performer", HERSELF),),
        reasons=STORY.ids(condition),
    )


def _referral(short: str, words: str, to: str, condition: str, **more: Any) -> Intervention:
    return Intervention(
        ids=STORY.ids(short),
        kind="referral",
        words=words,
        intent="order",
        authorisation="granted",
        activity="not-started",
        requested_of=organisation(to),
        reasons=STORY.ids(condition),
        **more,
    )


def _measured_first() -> tuple[Measurement, ...]:
    return _measured(
        BEGAN,
        ("58", "3"),
        (HBA1C, "62", "mmol/mol"),
        (SYSTOLIC, "148", "mmHg"),
        (DIASTOLIC, "88", "mmHg"),
        (LDL, "2.9", "mmol/L"),
    )


def _measured(time: str, lungs: tuple[str, str], *rows: tuple[Coding, str, str]) -> tuple[Measurement, ...]:
    """Lung function (FEV1 in percent, MRC) and what else was measured at one visit."""
    capacity, breathlessness = lungs
    return (
        Measurement(
            ids=STORY.ids(f"FEV1 {time}"),
            code=LUNG_FUNCTION,
            amount=quantity(capacity, "%"),
            time=at(time),
            status="completed",
            group="Lungefunktion",
        ),
        measurement(STORY.id(f"MRC {time}"), BREATHLESSNESS, quantity(breathlessness), time, "Åndenød"),
        *(measurement(STORY.id(f"{code.code} {time}"), code, quantity(value, of), time) for code, value, of in rows),
    )


def _smoking_goal_closed(before: Delivery) -> Delivery:
    """S3: the municipality judges, the general practice closes its own goal once the course has ended."""
    time = "2026-05-18T15:10:00+02:00"
    judged = Evaluation(
        time=at("2026-05-18"), achievement="not-achieved", words="Ryger 5 cigaretter om dagen", by=unit("prevention")
    )
    missed = {"lifecycle": "completed", "achievement": "not-achieved", "evaluations": (judged,)}
    return next_version(before, step="C", at=time, changes={STORY.id("FM4"): missed})


def _paused(before: Delivery) -> Delivery:
    """S5: the hospital proposes a pause; it stands when the owner has confirmed it."""
    why = {"activity": "on-hold", "status_reason": "Sat på pause under indlæggelsen efter forslag fra sygehuset"}
    changes = {STORY.id("I2"): why, STORY.id("I7"): why}
    return next_version(before, step="E", at="2026-10-26T08:15:00+01:00", changes=changes)


def _resumed(before: Delivery) -> Delivery:
    changes = {STORY.id("I2"): {"activity": "in-progress", "status_reason": "Genoptaget ved udskrivelsen"}}
    return next_version(before, step="F", at="2026-10-30T15:00:00+01:00", changes=changes)


def _yearly_control(before: Delivery) -> Delivery:
    time = "2027-01-18T09:30:00+01:00"
    missed = Evaluation(
        time=at("2027-01-18"),
        achievement="not-achieved",
        words="Den første frist blev ikke nået: HbA1c 66 mmol/mol. Ny frist er sat",
        by=DOCTOR,
    )
    new_target = (target(HBA1C, below("58", "mmol/mol"), "2027-07-19"),)
    return next_version(
        before,
        step="H",
        at=time,
        plan={
            "review": at("2028-01-17"),
            "participants": (part("lead", DOCTOR, period=between(time)),),
            "responsibilities": (
                *_plan().responsibilities,
                _asked("prevention", "I28", time),
                _asked("prevention", "I29", time),
            ),
        },
        changes={
            STORY.id("H1"): {"clinical_status": "worsened"},
            STORY.id("FM1"): {"due": at("2027-07-19"), "targets": new_target, "evaluations": (missed,)},
            STORY.id("I1"): {"activity": "stopped", "status_reason": "Erstattet af tripel-inhalation"},
            STORY.id("I7"): {"activity": "completed", "status_reason": "Patienten har valgt et nyt mål"},
        },
        items={
            "goals": (_weight_goal(),),
            "interventions": _after_worsening(),
            "measurements": _measured(time, ("49", "4"), (HBA1C, "66", "mmol/mol"), (WEIGHT, "61", "kg")),
        },
    )


def _asked(whom: str, intervention: str, time: str) -> Responsibility:
    return Responsibility(
        organisation=organisation(whom), period=between(time), commitment="requested", covers=STORY.ids(intervention)
    )


def _weight_goal() -> Goal:
    aim = target(WEIGHT, within("61", "", "kg"), "2027-04-19")
    return _goal("FM9", "Vægten er stabil på mindst 61 kg", ("H1",), targets=(aim,), due="2027-04-19")


def _after_worsening() -> tuple[Intervention, ...]:
    triple = _medicine("I27", "Tripel-inhalation", "H1", start="2027-01-18")
    vaccines = Intervention(
        ids=STORY.ids("I30"),
        kind="treatment",
        words="Influenza- og pneumokokvaccination",
        intent="plan",
        activity="not-started",
        responsible=organisation("general-practice"),
        reasons=STORY.ids("H1"),
    )
    return (
        msgspec.structs.replace(triple, replaces=STORY.ids("I1")),
        _referral("I28", "Opfølgningsforløb efter §119", "prevention", "H1", code=PREVENTION),
        _referral("I29", "Ernæringsindsats", "prevention", "H1", goals=STORY.ids("FM9")),
        vaccines,
    )
