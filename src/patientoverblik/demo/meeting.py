"""An appointment of a demo person, written by the party that holds it with MedCom's appointment profile."""

from patientoverblik.care import Appointment, Concept, Place
from patientoverblik.demo.organisations import organisation, organisations
from patientoverblik.demo.story import Delivery, Head, Story, Writer, first
from patientoverblik.demo.writing import between, part, unit


def meeting(
    story: Story, number: str, short: str, by: str, reason: str, *, written: str, time: tuple[str, str]
) -> Delivery:
    """One booked appointment: ``number`` is the patient's, ``by`` a key of the organisations; ``written`` and ``time``
    are when it was written, and its start and end (ISO 8601)."""
    where = organisation(by)
    booked = Appointment(
        ids=story.ids(short),
        status="booked",
        sector="general-practice" if organisations()[by].sector == "general-practice" else "region",
        period=between(*time),
        reason=Concept(text=reason),
        place_of=Place(ids=where.ids, name=where.name, addresses=where.addresses, telecoms=where.telecoms),
        performers=(part("performer", unit(by)),),
        responsible=where,
    )
    head = Head(
        step="A",
        name=short,
        profile="apd-2.0.1",
        in_set=False,
        title=f"Aftale for {number}",
        at=written,
        writer=Writer(party=unit(by), by=by),
        period=between(*time),
    )
    return first(story, head, items={"appointments": (booked,)})
