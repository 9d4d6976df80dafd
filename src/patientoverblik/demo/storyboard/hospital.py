"""P4 and P5: the hospital's treatment plan for the admission (steps E and F) and the follow-up plan after it.

The responsibility for P4 passes from the emergency department to the lung department without a gap; for P5 it stays
with the hospital for 72 hours and passes to the general practice once that has said yes (S4). Both documents are the
hospital's: its departments carry the responsibility in turn, and only their owner replaces them.
"""

from collections.abc import Iterator

from patientoverblik.care import (
    Commitment,
    Concept,
    Condition,
    ConditionRole,
    Goal,
    Intervention,
    InterventionKind,
    Plan,
    Responsibility,
)
from patientoverblik.care.systems import SKS
from patientoverblik.demo.organisations import organisation
from patientoverblik.demo.story import Delivery, Head, Writer, first, next_version
from patientoverblik.demo.storyboard.nancy import STORY
from patientoverblik.demo.writing import (
    FSIII,
    NPU,
    at,
    between,
    coding,
    concept,
    part,
    person,
    target,
    unit,
    within,
)

REHABILITATION = concept(
    coding(FSIII, "7deb81de-12c0-4a49-bd5b-72ea6fe89d83", "Kommunal genoptræning efter sygehusophold-indsatser")
)
DOCTOR = coding(SKS, "APFA", "Læge")
EMERGENCY = Writer(party=person("Testlæge", "Akut", profession=DOCTOR, of="hospital"), by="hospital")
LUNG = Writer(party=person("Testlæge", "Lunge", profession=DOCTOR, of="hospital"), by="hospital")
SATURATION = coding(NPU, "NPU03011", "O2 sat.;Hb(aB)")
ADMITTED, MOVED, DISCHARGED = "2026-10-25T02:30:00+01:00", "2026-10-25T14:00:00+01:00", "2026-10-30T14:00:00+01:00"
HANDED_OVER = "2026-11-02T14:00:00+01:00"
SEEN_LAST, CLOSED = "2026-12-08T11:00:00+01:00", "2027-01-18T10:30:00+01:00"


def plan_p4() -> Iterator[Delivery]:
    """P4 at admission, when the lung department takes over, at discharge, and when the illness is over."""
    admitted = first(
        STORY,
        Head(
            step="E",
            name="P4",
            profile="cpd-2.0.0",
            title="Behandlingsplan for indlæggelsen",
            at=ADMITTED,
            writer=EMERGENCY,
            period=between(ADMITTED),
        ),
        plan=_treatment_plan(),
        items={"conditions": _illness(), "goals": (_saturation_goal(),), "interventions": _treatment()},
    )
    taken_over = next_version(
        admitted,
        step="E",
        at=MOVED,
        writer=LUNG,
        plan={
            "responsibilities": (
                _carries("emergency", ADMITTED, MOVED, "ended"),
                _carries("lung", MOVED, "", "accepted"),
            ),
        },
    )
    discharged = _discharged(taken_over)
    over = {"clinical_status": "resolved", "onset": between("2026-10-24", "2026-12-08")}
    yield from (admitted, taken_over, discharged)
    yield next_version(discharged, step="G", at=SEEN_LAST, changes={STORY.id("H5"): over, STORY.id("H6"): over})


def _treatment_plan() -> Plan:
    return Plan(
        ids=STORY.ids("P4-plan"),
        kind="treatment-plan",
        title="Behandlingsplan for indlæggelsen",
        status="active",
        period=between(ADMITTED),
        responsible=organisation("hospital"),
        labels=(coding(SKS, "ALAL21", "Kronisk obstruktiv lungesygdom (KOL)"),),
        responsibilities=(
            _carries("emergency", ADMITTED, MOVED, "accepted"),
            _carries("lung", MOVED, "", "requested"),
        ),
    )


def _carries(whom: str, start: str, end: str, commitment: Commitment, *covers: str) -> Responsibility:
    return Responsibility(
        organisation=organisation(whom), period=between(start, end), commitment=commitment, covers=STORY.ids(*covers)
    )


def _illness() -> tuple[Condition, ...]:
    return (
        _condition("H6", "KOL-eksacerbation med pneumoni", "DJ440", "main"),
        _condition("H5", "Influenza", "DJ101", "secondary"),
    )


def _condition(short: str, words: str, sks: str, role: ConditionRole) -> Condition:
    return Condition(
        ids=STORY.ids(short),
        words=words,
        code=concept(coding(SKS, sks, words)),
        role=role,
        clinical_status="active",
        verification="confirmed",
        onset=between("2026-10-24"),
        recorded=at("2026-10-25"),
    )


def _saturation_goal() -> Goal:
    return Goal(
        ids=STORY.ids("FM7"),
        kind="professional",
        words="Iltmætning mellem 88 og 92 %",
        lifecycle="active",
        expressed_by=EMERGENCY.party,
        targets=(target(SATURATION, within("88", "92", "%")),),
        addresses=STORY.ids("H6"),
    )


def _treatment() -> tuple[Intervention, ...]:
    return (
        _treats("I14", "treatment", "Kontrolleret ilt", goals=("FM7",)),
        _treats("I15", "medicine", "Prednisolon i 5 dage"),
        _treats("I16", "medicine", "Antibiotika"),
        _treats("I17", "medicine", "Antiviral behandling", reason="H5"),
        _treats("I18", "investigation", "Måling af blodsukker", repetition="4 gange dagligt"),
    )


def _treats(
    short: str,
    kind: InterventionKind,
    words: str,
    *,
    goals: tuple[str, ...] = (),
    reason: str = "H6",
    repetition: str = "",
) -> Intervention:
    return Intervention(
        ids=STORY.ids(short),
        kind=kind,
        words=words,
        intent="order",
        activity="in-progress",
        period=between(ADMITTED),
        repetition=repetition,
        performers=(part("performer", unit("lung")),),
        responsible=organisation("lung"),
        reasons=STORY.ids(reason),
        goals=STORY.ids(*goals),
    )


def _discharged(before: Delivery) -> Delivery:
    done = {"activity": "completed", "period": between(ADMITTED, DISCHARGED)}
    return next_version(
        before,
        step="F",
        at=DISCHARGED,
        plan={
            "status": "completed",
            "period": between(ADMITTED, DISCHARGED),
            "responsibilities": (
                _carries("emergency", ADMITTED, MOVED, "ended"),
                _carries("lung", MOVED, DISCHARGED, "ended"),
            ),
        },
        changes={
            STORY.id("FM7"): {"lifecycle": "completed", "achievement": "achieved"},
            STORY.id("H6"): {"clinical_status": "improving"},
            **{STORY.id(short): done for short in ("I14", "I15", "I16", "I17", "I18")},
        },
    )


def plan_p5() -> Iterator[Delivery]:
    """P5 at discharge, when it is taken over, after each follow-up, and at its end."""
    made = first(
        STORY,
        Head(
            step="F",
            name="P5",
            profile="cpd-2.0.0",
            title="Opfølgningsplan og genoptræningsplan",
            at="2026-10-30T14:05:00+01:00",
            writer=LUNG,
            recipients=(part("recipient", unit("general-practice")), part("recipient", unit("home-nursing"))),
            period=between(DISCHARGED),
        ),
        plan=_follow_up_plan(),
        items={"interventions": _follow_up()},
    )
    accepted = _accepted(made)
    started = {"activity": "in-progress", "period": between("2026-11-05"), "status_reason": "Startet i kommunen"}
    followed = next_version(
        accepted,
        step="G",
        at="2026-11-09T12:30:00+01:00",
        changes={STORY.id("I19"): {"activity": "completed"}, STORY.id("I21"): started},
    )
    seen = next_version(followed, step="G", at=SEEN_LAST, changes={STORY.id("I22"): {"activity": "completed"}})
    ended = next_version(
        seen,
        step="H",
        at=CLOSED,
        plan={"status": "completed", "period": between(DISCHARGED, CLOSED)},
        changes={STORY.id("I21"): {"activity": "completed"}},
    )
    yield from (made, accepted, followed, seen, ended)


def _follow_up_plan() -> Plan:
    return Plan(
        ids=STORY.ids("P5-plan"),
        kind="follow-up-plan",
        title="Opfølgningsplan og genoptræningsplan",
        status="active",
        period=between(DISCHARGED),
        responsible=organisation("hospital"),
        labels=(coding(SKS, "ALAL21", "Kronisk obstruktiv lungesygdom (KOL)"),),
        responsibilities=_follow_up_responsibilities("requested"),
    )


def _follow_up_responsibilities(commitment: Commitment) -> tuple[Responsibility, ...]:
    """The hospital's 72 hours, and what the receivers have been asked for or have accepted."""
    return (
        _carries("lung", DISCHARGED, HANDED_OVER, "accepted"),
        _carries("general-practice", HANDED_OVER, "", commitment),
        _carries("general-practice", DISCHARGED, "", commitment, "I19"),
        _carries("home-nursing", DISCHARGED, "", commitment, "I20"),
        _carries("rehabilitation", DISCHARGED, "", commitment, "I21"),
    )


def _accepted(before: Delivery) -> Delivery:
    responsibilities = _follow_up_responsibilities("accepted")
    return next_version(before, step="G", at="2026-11-02T13:00:00+01:00", plan={"responsibilities": responsibilities})


def _follow_up() -> tuple[Intervention, ...]:
    return (
        _follows("I19", "follow-up", "Opfølgning hos egen læge inden 14 dage", "general-practice", "2026-11-13"),
        _follows("I20", "referral", "Hjemmesygepleje 2 gange dagligt i 14 dage", "home-nursing", "2026-11-13"),
        _follows("I21", "training", "Genoptræning", "rehabilitation", start_by="2026-11-06", code=REHABILITATION),
        _follows("I22", "follow-up", "Kontrol i lungeambulatoriet", "lung"),
    )


def _follows(
    short: str,
    kind: InterventionKind,
    words: str,
    by: str,
    until: str = "",
    *,
    start_by: str = "",
    code: Concept | None = None,
) -> Intervention:
    return Intervention(
        ids=STORY.ids(short),
        code=code,
        kind=kind,
        words=words,
        intent="order",
        authorisation="granted",
        activity="not-started",
        period=between("2026-10-30", until) if until else None,
        start_by=at(start_by) if start_by else None,
        requested_of=organisation(by) if by != "lung" else None,
        responsible=organisation("lung") if by == "lung" else None,
        reasons=STORY.ids("H6"),
        goals=STORY.ids("PM3"),
    )
