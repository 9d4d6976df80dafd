"""The patient's own goals PM1–PM3: one document of her own that grows through the story; only she changes its words."""

from collections.abc import Iterator

from patientoverblik.care import Goal, Horizon, Plan
from patientoverblik.demo.organisations import organisation
from patientoverblik.demo.story import Delivery, Head, Writer, first, next_version
from patientoverblik.demo.storyboard.nancy import HERSELF, STORY
from patientoverblik.demo.writing import between

SELF = Writer(party=HERSELF, by="citizen")
BEGAN = "2026-01-12T10:40:00+01:00"
TITLE = "Det er vigtigt for mig"


def own_goals() -> Iterator[Delivery]:
    """Every version of the patient's own goals in order."""
    walk = first(
        STORY,
        Head(
            step="A",
            name="PM",
            profile="egne-maal",
            title=TITLE,
            at=BEGAN,
            writer=SELF,
            period=between(BEGAN),
        ),
        plan=Plan(
            ids=STORY.ids("PM-plan"),
            kind="patient-goals",
            title=TITLE,
            status="active",
            period=between(BEGAN),
            responsible=organisation("citizen"),
        ),
        items={"goals": (_own("PM1", "Gå tur med min mand uden at holde pause", "long"),)},
    )
    sight = next_version(
        walk,
        step="B",
        at="2026-02-10T19:30:00+01:00",
        items={"goals": (_own("PM2", "Beholde synet, så jeg kan læse", "long"),)},
    )
    home = next_version(
        sight,
        step="F",
        at="2026-10-30T16:30:00+01:00",
        items={"goals": (_own("PM3", "Blive hjemme og undgå en ny indlæggelse", "short"),)},
    )
    shorter = {"words": "Gå til købmanden (300 m) med rollator", "horizon": "short"}
    nearer = next_version(home, step="H", at="2027-01-18T09:45:00+01:00", changes={STORY.id("PM1"): shorter})
    yield from (walk, sight, home, nearer)


def _own(short: str, words: str, horizon: Horizon) -> Goal:
    return Goal(
        ids=STORY.ids(short),
        kind="patient",
        words=words,
        lifecycle="active",
        expressed_by=HERSELF,
        horizon=horizon,
        importance="meget vigtigt",
    )
