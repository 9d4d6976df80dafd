"""Contacts, and what belongs to no plan: the telephone call to the out-of-hours doctor (H5, I13) and the visits.

Each contact is a contact note of its own (example profile ``kontaktnotat``), linked to the appointment it kept.
"""

from collections.abc import Iterator

from patientoverblik.care import Condition, Contact, ContactClass, Intervention, Party
from patientoverblik.care.systems import SKS
from patientoverblik.demo.organisations import organisation
from patientoverblik.demo.story import Delivery, Head, Writer, first, next_version
from patientoverblik.demo.storyboard import general_practice, hospital, municipality, specialist
from patientoverblik.demo.storyboard.nancy import STORY
from patientoverblik.demo.writing import at, between, coding, concept, part, person

ON_CALL = Writer(
    party=person("Testlæge", "Vagt", profession=coding(SKS, "APFA", "Læge"), of="out-of-hours"), by="out-of-hours"
)
CALLED, HANDED_ON = "2026-10-24T21:40:00+02:00", "2026-10-25T08:00:00+01:00"


def contact_notes() -> Iterator[Delivery]:
    """Every contact note of the story."""
    practice = general_practice.WRITER
    yield _visit("A", "K1", practice, "Besøg hos egen læge", "2026-01-12T10:15:00+01:00", "2026-01-12T10:45:00+01:00")
    yield _visit(
        "B",
        "K2",
        specialist.WRITER,
        "Besøg hos øjenlæge",
        "2026-02-10T09:20:00+01:00",
        "2026-02-10T09:40:00+01:00",
        "AF1",
    )
    yield _visit(
        "C",
        "K3",
        municipality.PREVENTION,
        "Afklarende samtale",
        "2026-02-23T10:00:00+01:00",
        "2026-02-23T10:45:00+01:00",
        "AF4",
    )
    yield _visit("C", "K4", practice, "Kontrol", "2026-04-13T08:40:00+02:00", "2026-04-13T09:00:00+02:00", "AF2")
    yield from _call()
    yield _visit("G", "K6", practice, "Opfølgning", "2026-11-09T11:15:00+01:00", "2026-11-09T11:35:00+01:00", "AF6")
    yield _visit(
        "G",
        "K7",
        hospital.LUNG,
        "Kontrol i lungeambulatoriet",
        "2026-12-08T10:00:00+01:00",
        "2026-12-08T10:40:00+01:00",
        "AF7",
    )
    yield _visit("H", "K8", practice, "Årskontrol", "2027-01-18T09:00:00+01:00", "2027-01-18T09:30:00+01:00")


def _visit(step: str, short: str, writer: Writer, words: str, start: str, end: str, appointment: str = "") -> Delivery:
    return first(
        STORY,
        Head(
            step=step,
            name=short,
            profile="kontaktnotat",
            title="Kontaktnotat",
            at=end,
            writer=writer,
            period=between(start, end),
        ),
        items={"contacts": (_contact(short, writer, words, start, end, "ambulatory", appointment),)},
    )


def _contact(
    short: str, writer: Writer, words: str, start: str, end: str, setting: ContactClass, appointment: str = ""
) -> Contact:
    return Contact(
        ids=STORY.ids(short),
        words=words,
        status="completed",
        setting=setting,
        period=between(start, end),
        organisation=organisation(writer.by),
        performers=(part("performer", writer.party),),
        appointment=STORY.ids(appointment) if appointment else (),
    )


def _call() -> Iterator[Delivery]:
    """Step D. Once the hospital has taken over, the note keeps the contact and ends the advice; P4 follows H5."""
    called = first(
        STORY,
        Head(
            step="D",
            name="K5",
            profile="kontaktnotat",
            title="Kontaktnotat",
            at="2026-10-24T21:50:00+02:00",
            writer=ON_CALL,
            period=between(CALLED, "2026-10-24T21:50:00+02:00"),
        ),
        items={
            "contacts": (
                _contact("K5", ON_CALL, "Opkald til lægevagten", CALLED, "2026-10-24T21:50:00+02:00", "virtual"),
            ),
            "conditions": (_influenza(),),
            "interventions": (_advice(ON_CALL.party),),
        },
    )
    yield called
    ended = {"activity": "completed", "status_reason": "Patienten er indlagt"}
    yield next_version(called, step="E", at=HANDED_ON, changes={STORY.id("I13"): ended, STORY.id("H5"): None})


def _influenza() -> Condition:
    return Condition(
        ids=STORY.ids("H5"),
        words="Influenza",
        code=concept(coding(SKS, "DJ11", "Influenza")),
        role="main",
        clinical_status="active",
        verification="suspected",
        onset=between("2026-10-24"),
        recorded=at("2026-10-24"),
    )


def _advice(by: Party) -> Intervention:
    return Intervention(
        ids=STORY.ids("I13"),
        kind="advice",
        words="Drik rigeligt, tag paracetamol, og ring ved åndenød",
        intent="plan",
        activity="in-progress",
        period=between("2026-10-24"),
        performers=(part("performer", by),),
        reasons=STORY.ids("H5"),
    )
