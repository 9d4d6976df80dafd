"""P3 and P6: the municipality's COPD course (step C) and its home nursing plan (step G).

I5 and I3 of the general practice become I9 and I12 here, I20 of the hospital becomes I24: the receiver's own
interventions carry out what was referred.
"""

from collections.abc import Iterator, Mapping

from patientoverblik.care import Evaluation, Goal, Intervention, InterventionKind, Plan, PlanKind, Responsibility
from patientoverblik.care.systems import SKS
from patientoverblik.demo.organisations import organisation
from patientoverblik.demo.story import Delivery, Head, Writer, first, next_version
from patientoverblik.demo.storyboard.nancy import STORY
from patientoverblik.demo.writing import FSIII, at, between, coding, concept, part, person, unit

PREVENTION = Writer(
    party=person("Testterapeut", "Forebyggelse", profession=coding(SKS, "APFB", "Fysioterapeut"), of="prevention"),
    by="prevention",
)
NURSE = Writer(
    party=person("Testsygeplejerske", "Hjemme", profession=coding(SKS, "APBA", "Sygeplejerske"), of="home-nursing"),
    by="home-nursing",
)
COURSE_BEGAN, COURSE_ENDED = "2026-02-23T10:00:00+01:00", "2026-05-18T14:30:00+02:00"
CARE_BEGAN, CARE_ENDED = "2026-10-31T08:00:00+01:00", "2026-11-20T15:00:00+01:00"


def plan_p3() -> Iterator[Delivery]:
    """The COPD course when it begins and when it ends."""
    begun = first(
        STORY,
        Head(
            step="C",
            name="P3",
            profile="cpd-2.0.0",
            title="Forebyggelsesforløb for KOL (§119)",
            at=COURSE_BEGAN,
            writer=PREVENTION,
            period=between(COURSE_BEGAN),
        ),
        plan=_plan("P3-plan", "municipal-plan", "Forebyggelsesforløb for KOL (§119)", "prevention", COURSE_BEGAN),
        items={"goals": (_walking_goal(),), "interventions": _course()},
    )
    yield begun
    reached = Evaluation(
        time=at("2026-05-18"), achievement="achieved", words="Gangtesten er 42 meter længere", by=unit("prevention")
    )
    yield next_version(
        begun,
        step="C",
        at=COURSE_ENDED,
        plan=_ended("prevention", COURSE_BEGAN, COURSE_ENDED),
        changes={
            STORY.id("FM6"): {"lifecycle": "completed", "achievement": "achieved", "evaluations": (reached,)},
            STORY.id("I9"): {"activity": "completed", "status_reason": "21 af 24 fremmøder"},
            STORY.id("I10"): {"activity": "completed"},
            STORY.id("I11"): {"activity": "completed"},
            STORY.id("I12"): {"activity": "completed", "status_reason": "Ryger fortsat 5 cigaretter om dagen"},
        },
    )


def plan_p6() -> Iterator[Delivery]:
    """The home nursing plan when it begins and when it ends (FSIII E3, ended)."""
    begun = first(
        STORY,
        Head(
            step="G",
            name="P6",
            profile="cpd-2.0.0",
            title="Sygeplejeplan (§138)",
            at=CARE_BEGAN,
            writer=NURSE,
            period=between(CARE_BEGAN),
        ),
        plan=_plan("P6-plan", "nursing-plan", "Sygeplejeplan (§138)", "home-nursing", CARE_BEGAN),
        items={"goals": (_independence_goal(),), "interventions": _nursing()},
    )
    yield begun
    reached = Evaluation(
        time=at("2026-11-20"),
        achievement="achieved",
        words="Klarer selv medicin og inhalation",
        by=unit("home-nursing"),
    )
    done = {"activity": "completed", "status_reason": "Afsluttet (FSIII E3)"}
    yield next_version(
        begun,
        step="G",
        at=CARE_ENDED,
        plan=_ended("home-nursing", CARE_BEGAN, CARE_ENDED),
        changes={
            STORY.id("FM8"): {"lifecycle": "completed", "achievement": "achieved", "evaluations": (reached,)},
            **{STORY.id(short): done for short in ("I23", "I24", "I25", "I26")},
        },
    )


def _plan(short: str, kind: PlanKind, title: str, by: str, began: str) -> Plan:
    return Plan(
        ids=STORY.ids(short),
        kind=kind,
        title=title,
        status="active",
        period=between(began),
        responsible=organisation(by),
        responsibilities=(Responsibility(organisation=organisation(by), period=between(began), commitment="accepted"),),
    )


def _ended(by: str, began: str, ended: str) -> Mapping[str, object]:
    carried = Responsibility(organisation=organisation(by), period=between(began, ended), commitment="ended")
    return {"status": "completed", "period": between(began, ended), "responsibilities": (carried,)}


def _walking_goal() -> Goal:
    return Goal(
        ids=STORY.ids("FM6"),
        kind="professional",
        words="6 minutters gangtest: 30 meter længere",
        lifecycle="active",
        expressed_by=PREVENTION.party,
        due=at("2026-05-18"),
        addresses=STORY.ids("H1"),
        supports=STORY.ids("PM1"),
    )


def _course() -> tuple[Intervention, ...]:
    return (
        _of_course("I9", "training", "Holdtræning i 12 uger", repetition="2 gange om ugen", realises=("I5",)),
        _of_course("I10", "advice", "Patientuddannelse om KOL"),
        _of_course("I11", "advice", "Kostvejledning"),
        _of_course("I12", "advice", "Rygestopkursus", realises=("I3",)),
    )


def _of_course(
    short: str, kind: InterventionKind, words: str, repetition: str = "", realises: tuple[str, ...] = ()
) -> Intervention:
    return Intervention(
        ids=STORY.ids(short),
        kind=kind,
        words=words,
        intent="plan",
        authorisation="granted",
        activity="in-progress",
        period=between(COURSE_BEGAN),
        repetition=repetition,
        responsible=organisation("prevention"),
        performers=(part("performer", PREVENTION.party),),
        reasons=STORY.ids("H1"),
        goals=STORY.ids("FM6") if kind == "training" else (),
        realises=STORY.ids(*realises),
    )


def _independence_goal() -> Goal:
    return Goal(
        ids=STORY.ids("FM8"),
        kind="professional",
        words="Klarer selv medicin og inhalation",
        lifecycle="active",
        expressed_by=NURSE.party,
        due=at("2026-11-20"),
        addresses=STORY.ids("H1"),
        supports=STORY.ids("PM3"),
    )


def _nursing() -> tuple[Intervention, ...]:
    return (
        _of_nursing("I23", "investigation", "Sygeplejefaglig udredning", "G2.1"),
        _of_nursing("I24", "care", "Medicinadministration og inhalationsteknik", realises=("I20",)),
        _of_nursing("I25", "investigation", "Måling af iltmætning, puls og temperatur", repetition="dagligt"),
        _of_nursing("I26", "coordination", "Koordinering", "G2.3"),
    )


def _of_nursing(
    short: str,
    kind: InterventionKind,
    words: str,
    code: str = "",
    *,
    repetition: str = "",
    realises: tuple[str, ...] = (),
) -> Intervention:
    return Intervention(
        ids=STORY.ids(short),
        kind=kind,
        words=words,
        code=concept(coding(FSIII, code, words)) if code else None,
        intent="plan",
        authorisation="granted",
        activity="in-progress",
        period=between(CARE_BEGAN),
        repetition=repetition,
        responsible=organisation("home-nursing"),
        performers=(part("performer", NURSE.party),),
        reasons=STORY.ids("H1"),
        goals=STORY.ids("FM8"),
        realises=STORY.ids(*realises),
    )
