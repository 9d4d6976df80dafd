"""The demo in the words of the app: its configuration in the house, its people at the login, its sources alive."""

import msgspec

from patientoverblik.care.systems import CPR
from patientoverblik.demo.organisations import organisation, sources
from patientoverblik.demo.people import OFFICERS, PATIENTS, PERSONAS, Persona
from patientoverblik.demo.wiring import delivers_for, demo_sources, organisation_facts, system_of
from patientoverblik.edges.cli.ports import Acting
from patientoverblik.edges.portal.settings import Persona as LoginPersona
from patientoverblik.edges.portal.settings import Whose
from patientoverblik.service.capacity import reading_purpose
from patientoverblik.service.heartbeat import heartbeat
from patientoverblik.service.house import House
from patientoverblik.sharing.model import PatientId


def as_demo(house: House) -> House:
    """The house with the demo's sources and organisations; its citizens' log shows refused attempts too."""
    return msgspec.structs.replace(
        house,
        sources=demo_sources(),
        organisations=organisation_facts(),
        delivers_for=delivers_for(),
        show_refused=True,
        keeps_own_words=organisation("citizen"),
    )


def acting() -> tuple[Acting, ...]:
    """Everybody of the demo the command line may look as."""
    return tuple(
        Acting(person.id, person.label, person.actor(), reading_purpose(person.kind), _own(person))
        for person in PERSONAS
    )


def login_personas() -> tuple[LoginPersona, ...]:
    """Everybody of the demo the test login can be."""
    return tuple(
        LoginPersona(
            id=person.id,
            name=person.label,
            text=_told(person),
            actor=person.actor(),
            own=_own(person),
            whose=_whose(person),
        )
        for person in (*PERSONAS, *OFFICERS)
    )


async def keep_alive(house: House) -> None:
    """Every connected source of the demo says that it is there."""
    for source in sources():
        if source.connected:
            await heartbeat(house, system_of(source.organisations[0]), source.id)


def _told(person: Persona) -> str:
    """What the login page says of a persona: where they work, who they are as a patient, or what they are."""
    place = person.actor().organisation
    if place is not None:
        return f"{person.role}, {place.name}"
    if person.kind == "officer":
        return "Ser, hvem der har slået op, men ikke selv patienternes overblik"
    own = f"{person.name}, CPR {person.number[:6]}-{person.number[6:]}"
    return own if person.kind == "citizen" else person.role


def _own(person: Persona) -> PatientId | None:
    return PatientId(CPR, person.number) if person.number else None


def _whose(person: Persona) -> tuple[Whose, ...]:
    if not person.number:
        return ()
    return tuple(
        Whose(
            label=PATIENTS[number],
            patient=PatientId(CPR, number),
            purpose="own-overview" if number == person.number else "on-behalf",
        )
        for number in person.patients
    )
