"""The storyboard A–H: one patient's year as a sequence of documents from their owners.

Left out, by name: the influenza vaccine and prednisolone checks, which need knowledge that no document states, and the
writing checks N4–N6, N9 and N11.
"""

from collections.abc import Iterator

from patientoverblik.demo.story import Event, moved
from patientoverblik.demo.storyboard.appointments import appointments
from patientoverblik.demo.storyboard.card import card
from patientoverblik.demo.storyboard.citizen import own_goals
from patientoverblik.demo.storyboard.contacts import contact_notes
from patientoverblik.demo.storyboard.general_practice import plan_p1
from patientoverblik.demo.storyboard.hospital import plan_p4, plan_p5
from patientoverblik.demo.storyboard.municipality import plan_p3, plan_p6
from patientoverblik.demo.storyboard.nancy import NANCY, NUMBER, STORY
from patientoverblik.demo.storyboard.specialist import plan_p2

__all__ = ["NANCY", "NUMBER", "STEPS", "STORY", "storyboard"]

STEPS = ("A", "B", "C", "D", "E", "F", "G", "H")


def storyboard(days: int = 0) -> tuple[Event, ...]:
    """Every event of the story in the order it happened, moved by whole days."""
    told = sorted(_told(), key=lambda event: event.at.earliest)
    return tuple(moved(event, days) for event in told)


def _told() -> Iterator[Event]:
    for chapter in (plan_p1, plan_p2, plan_p3, plan_p4, plan_p5, plan_p6):
        yield from chapter()
    for chapter in (own_goals, contact_notes, card):
        yield from chapter()
    yield from appointments()
