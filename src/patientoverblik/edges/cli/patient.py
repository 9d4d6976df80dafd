"""Whom a command is about: the patient's number, never from the command line, and who asks."""

import getpass
import sys
from argparse import Namespace
from pathlib import Path

import msgspec

from patientoverblik.access import Actor
from patientoverblik.care.systems import CPR, D_ECPR, X_ECPR
from patientoverblik.edges.cli.output import refuse, talk
from patientoverblik.edges.cli.ports import Acting, Workshop
from patientoverblik.service.house import House
from patientoverblik.sharing.identify import identify
from patientoverblik.sharing.model import PatientId

LONGEST = 1000


class Asking(msgspec.Struct, frozen=True):
    """Who asks about which patient."""

    acting: Acting
    patient: PatientId

    def actor(self, house: House) -> Actor:
        """The actor as the service knows them: a citizen's own patient key is found by their number."""
        if self.acting.own is None:
            return self.acting.actor
        key = house.storage.reader().patient_key(self.acting.own) or 0
        return msgspec.structs.replace(self.acting.actor, person=key)


def asking(arguments: Namespace, workshop: Workshop, *, own: bool = False) -> Asking | int:
    """Who asks about whom, or the exit code of why it cannot be told; with ``own`` the patient asks if nobody is
    named and the patient is one of the demo's people."""
    who = acting(workshop, arguments.persona)
    if isinstance(who, int):
        return who
    if not workshop.has_database():
        return refuse("cli.no-database")
    patient = given(arguments)
    if isinstance(patient, int):
        return patient
    themselves = (each for each in workshop.personas() if own and not arguments.persona and each.own == patient)
    return Asking(next(themselves, who), patient)


def given(arguments: Namespace) -> PatientId | int:
    """The patient whose number is given, or the exit code of why there is none."""
    number = _number(arguments.patient_file)
    if not number:
        return refuse("cli.no-patient-given")
    patient = next((found for system in (CPR, X_ECPR, D_ECPR) if (found := identify(system, number))), None)
    return refuse("cli.bad-patient-number") if patient is None else patient


def acting(workshop: Workshop, name: str) -> Acting | int:
    """Somebody of the demo by name, else the first; or the exit code of why there is nobody."""
    personas = workshop.personas()
    if not personas:
        return refuse("cli.nobody-to-act-as")
    found = next((persona for persona in personas if name in ("", persona.id)), None)
    if found is None:
        talk(f"The demo's personas: {', '.join(persona.id for persona in personas)}")
    return found or refuse("cli.no-such-persona")


def _number(file: str) -> str:
    """The number from a file, a pipe, or a prompt that does not show it."""
    if file:
        path = Path(file)
        return path.read_text(encoding="utf-8", errors="replace").strip() if path.is_file() else ""
    if not sys.stdin.isatty():
        return sys.stdin.buffer.readline(LONGEST).decode(errors="replace").strip()
    try:
        return getpass.getpass("CPR: ").strip()
    except EOFError:
        return ""
