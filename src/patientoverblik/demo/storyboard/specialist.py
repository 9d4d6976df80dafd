"""P2: the eye specialist's plan, made at the visit in step B; it carries out the general practice's referral I4."""

from collections.abc import Iterator

from patientoverblik.care import Condition, Goal, Intervention, Plan, Responsibility
from patientoverblik.care.systems import SKS
from patientoverblik.demo.organisations import organisation
from patientoverblik.demo.story import Delivery, Head, Writer, first
from patientoverblik.demo.storyboard.nancy import STORY
from patientoverblik.demo.writing import at, between, coding, concept, part, person

SPECIALIST = person("Testlæge", "Øjen", profession=coding(SKS, "APFA", "Læge"), of="eye-clinic")
WRITER = Writer(party=SPECIALIST, by="eye-clinic")
BEGAN = "2026-02-10T09:40:00+01:00"


def plan_p2() -> Iterator[Delivery]:
    """The only version of P2."""
    yield first(
        STORY,
        Head(
            step="B",
            name="P2",
            profile="cpd-2.0.0",
            title="Øjenplan",
            at=BEGAN,
            writer=WRITER,
            period=between(BEGAN),
        ),
        plan=Plan(
            ids=STORY.ids("P2-plan"),
            kind="treatment-plan",
            title="Øjenplan",
            status="active",
            period=between(BEGAN),
            responsible=organisation("eye-clinic"),
            labels=(coding(SKS, "ALAL22", "Type 2-diabetes"),),
            responsibilities=(
                Responsibility(organisation=organisation("eye-clinic"), period=between(BEGAN), commitment="accepted"),
            ),
        ),
        items={"conditions": (_retinopathy(),), "goals": (_no_progress(),), "interventions": (_pictures(),)},
    )


def _retinopathy() -> Condition:
    return Condition(
        ids=STORY.ids("H4"),
        words="Let diabetisk retinopati",
        code=concept(coding(SKS, "DH360", "Let diabetisk retinopati")),
        role="main",
        clinical_status="active",
        verification="confirmed",
        onset=between("2026-02-10"),
        recorded=at("2026-02-10"),
    )


def _no_progress() -> Goal:
    return Goal(
        ids=STORY.ids("FM5"),
        kind="professional",
        words="Ingen forværring af retinopati ved næste kontrol",
        lifecycle="active",
        expressed_by=SPECIALIST,
        due=at("2027-02-09"),
        addresses=STORY.ids("H4", "H2"),
    )


def _pictures() -> Intervention:
    return Intervention(
        ids=STORY.ids("I8"),
        kind="investigation",
        words="Fundusfoto og OCT",
        intent="plan",
        activity="in-progress",
        repetition="hver 12. måned",
        next_due=at("2027-02-09"),
        responsible=organisation("eye-clinic"),
        performers=(part("performer", SPECIALIST),),
        reasons=STORY.ids("H4"),
        goals=STORY.ids("FM5", "PM2"),
        realises=STORY.ids("I4"),
    )
