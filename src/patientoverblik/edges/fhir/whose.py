"""Whose data a call is about: the one patient that its parameters or its id name (docs/adr/0020).

A personal number never stands in an address: there the patient goes by the opaque id, which a search with the number in
its body gives.
"""

import re
from collections.abc import Iterator

import msgspec

from patientoverblik.care.systems import CPR
from patientoverblik.edges.fhir.call import Asked, Call
from patientoverblik.edges.fhir.values import split_token
from patientoverblik.formats.fhir import system_of
from patientoverblik.problems import Finding
from patientoverblik.service.evidence import NOBODY, patient_key
from patientoverblik.sharing.identify import identify
from patientoverblik.sharing.model import PatientId

PATIENT = frozenset({"patient", "subject", "patient:Patient", "subject:Patient"})
NUMBER = frozenset({"patient.identifier", "subject.identifier", "patient:identifier", "subject:identifier"})
NUMBER |= {f"{name}:Patient.identifier" for name in ("patient", "subject")}

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class Whose(msgspec.Struct, frozen=True):
    """A patient by number or key (0 for one never seen); ``by_id``: known by the id of a thing of theirs alone.

    ``rest`` are the parameters that do not name the patient.
    """

    patient: PatientId | int
    by_id: bool = False
    rest: Asked = ()


def whose_search(call: Call) -> Whose | Finding:
    """Whom a search names: by the patient's id or number, by the ids it asks for, or whom the token is bound to."""
    named = list(dict.fromkeys(_named(call)))
    rest = tuple(pair for pair in call.asked if pair[0] not in PATIENT | NUMBER)
    if len(named) > 1:
        return Finding("rest.one-patient")
    if named:
        return Whose(named[0], rest=rest)
    owners = set(_owners(call))
    if len(owners) > 1:
        return Finding("rest.one-patient")
    if owners:
        return Whose(owners.pop(), by_id=True, rest=rest)
    return Finding("rest.patient-needed") if call.sender.bound is None else Whose(call.sender.bound, rest=rest)


def whose_thing(call: Call, name: str) -> Whose:
    """Whose the thing of an id is; nobody's where there is none."""
    return Whose(owner_of(call, name), by_id=True)


def owner_of(call: Call, name: str) -> int:
    """The patient key that a thing's id lies under: our own ids carry it, the registry's are looked up; 0 for none."""
    own = call.opaque.owner_of(name)
    if own is not None:
        return own
    reader = call.house.storage.reader()
    uuid = f"urn:uuid:{name}"
    return reader.locate_entry(uuid) or reader.locate_object(uuid) or NOBODY


def patient_named(call: Call, reference: str) -> int:
    """The key of the patient that a reference or id of ours names; 0 for any other."""
    return call.opaque.patient_of(reference.rpartition("/")[2]) or NOBODY


def number_of(token: str) -> PatientId | None:
    """The patient identifier of ``system|value``; None where it is none."""
    system, bar, value = split_token(token)
    return identify(system_of(system), value) if bar else identify(CPR, system)


def is_others(call: Call, whose: Whose) -> bool:
    """Whether the sender's token is bound to another patient."""
    bound, reader = call.sender.bound, call.house.storage.reader()
    return bound is not None and patient_key(reader, whose.patient) not in reader.linked_keys(bound)


def least_key(call: Call, whose: Whose) -> int:
    """The key that a patient goes by at this door: the least of theirs; 0 for one never seen."""
    reader = call.house.storage.reader()
    key = patient_key(reader, whose.patient)
    return min(reader.linked_keys(key)) if key else NOBODY


def _named(call: Call) -> Iterator[PatientId | int]:
    for name, value in call.asked:
        if name in PATIENT:
            for each in value.split(","):
                yield patient_named(call, each)
        elif name in NUMBER:
            found = number_of(value)
            yield NOBODY if found is None else patient_key(call.house.storage.reader(), found)


def _owners(call: Call) -> Iterator[int]:
    for name, value in call.asked:
        if name == "_id":
            yield from (owner_of(call, each) for each in value.split(","))
        elif name == "identifier":
            yield from (_by_identifier(call, each) for each in value.split(","))


def _by_identifier(call: Call, token: str) -> int:
    """Whose document has an identifier: an entryUUID or a uniqueId, as a DocumentReference writes them."""
    system, bar, value = split_token(token)
    reader = call.house.storage.reader()
    named = value if bar else system
    own = (reader.locate_entry(named) or reader.locate_object(named)) if named.startswith("urn:uuid:") else None
    if own:
        return own
    bare = named.removeprefix("urn:oid:")
    root = system_of(system) if bar else ""
    names = (bare, f"{root}^{bare}") if root else (bare,)
    return next((key for each in names for key, _ in reader.locate_unique(each)), _of_set(call, bare))


def _of_set(call: Call, unique_id: str) -> int:
    held = call.house.storage.reader().locate_set(unique_id)
    return held[0] if held else NOBODY


def holds_control(text: str) -> bool:
    """Whether a text has a control character in it: no id, code or word that is asked for has."""
    return _CONTROL.search(text) is not None


def holds_number(text: str) -> bool:
    """Whether a text could be a personal number, or names one by its system."""
    return any(number_of(part) is not None for part in text.replace("/", ",").split(","))
