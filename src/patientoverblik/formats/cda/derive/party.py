"""Who: the parties of a record with the part they play. A part or kind that the norm does not state is not guessed."""

from typing import cast

from patientoverblik.care import (
    Coding,
    Organisation,
    Participation,
    Party,
    PartyKind,
    Period,
    PersonName,
    Relative,
    Role,
)
from patientoverblik.formats.cda import record
from patientoverblik.formats.cda.datatypes import CD
from patientoverblik.formats.cda.derive.meaning import PARTY_KIND, ROLE
from patientoverblik.formats.cda.derive.values import (
    Notes,
    addresses_of,
    coding_of,
    concept_of,
    identifiers_of,
    moment_of,
    name_of,
    period_of,
    plain_name_of,
    telecoms_of,
    value_of,
)

SELF = "SELF"


def organisation_of(wire: record.Organisation | None) -> Organisation | None:
    """An organisation; none where nothing is said of it."""
    if wire is None or not (wire.ids or wire.name or wire.telecoms or wire.addresses):
        return None
    return Organisation(
        ids=identifiers_of(wire.ids),
        name=wire.name,
        addresses=addresses_of(wire.addresses),
        telecoms=telecoms_of(wire.telecoms),
    )


def organisation_at(wire: record.Place | None) -> Organisation | None:
    """An organisation that takes part in an entry by its role."""
    if wire is None:
        return None
    return Organisation(
        ids=identifiers_of(wire.ids),
        name=plain_name_of(wire.name),
        addresses=addresses_of(wire.addresses),
        telecoms=telecoms_of(wire.telecoms),
    )


def party_of(wire: record.Party) -> Party:
    """A party: a person, the organisation spoken for, both, or a machine."""
    device = wire.device
    return Party(
        kind=kind_of(wire),
        ids=identifiers_of(wire.ids),
        name=name_of(wire.name) or _machine_name(device),
        code=_own_code(wire.code) or (coding_of(device.code) if device is not None else None),
        profession=coding_of(wire.profession),
        organisation=organisation_of(wire.organisation),
        addresses=addresses_of(wire.addresses),
        telecoms=telecoms_of(wire.telecoms),
    )


def kind_of(wire: record.Party) -> PartyKind:
    """Patient, relative or professional by code; else a machine, a person (professional) or an organisation."""
    found = _stated_kind(wire.function) or _stated_kind(wire.code)
    return cast(PartyKind, found) if found else implied_kind(wire)


def implied_kind(wire: record.Party) -> PartyKind:
    """The kind that follows from what is told of the party alone."""
    if wire.device is not None:
        return "system"
    return "professional" if wire.name is not None and wire.name.parts else "organisation"


def role_of(wire: record.Party, otherwise: Role) -> Role:
    """The part played: by function, by the role's code, else what the place in the document says."""
    for code in (wire.function, wire.code):
        found = value_of(code, "role") or (ROLE.get(code.code) if code is not None else None)
        if found:
            return cast(Role, found)
    return otherwise


def participation_of(wire: record.Party, role: Role, notes: Notes, place: str) -> Participation:
    """A party with its part; a point is when it wrote or acted, an interval how long the part lasts."""
    period = None
    if wire.time is not None and not wire.time.value:
        period = period_of(wire.time, notes, place)
    time = moment_of(wire.time, notes, place) if wire.time is not None and wire.time.value else None
    return Participation(role=role_of(wire, role), party=party_of(wire), period=period, time=time)


def participations_of(
    wires: tuple[record.Party, ...], role: Role, notes: Notes, place: str
) -> tuple[Participation, ...]:
    """The parties of one place of the record, in its order."""
    if not wires:
        return ()
    return tuple(participation_of(wire, role, notes, f"{place}[{at}]") for at, wire in enumerate(wires))


def relative_of(wire: record.Relative | record.Guardian, place: str) -> Relative:
    """A relative as the header names them."""
    return Relative(
        place=place,
        name=name_of(wire.name),
        relation=concept_of(wire.code),
        telecoms=telecoms_of(wire.telecoms),
        addresses=addresses_of(wire.addresses),
    )


def stated_relative_of(wire: record.RelativeStatement, notes: Notes, place: str) -> Relative:
    """A relative with a note or with who wrote it (construct)."""
    return Relative(
        place=place,
        name=name_of(wire.name),
        relation=concept_of(wire.code),
        telecoms=telecoms_of(wire.telecoms),
        addresses=addresses_of(wire.addresses),
        note=wire.words,
        entered=participation_of(wire.authors[0], "author", notes, f"{place}.authors[0]") if wire.authors else None,
    )


def relative_party(wire: record.Relative) -> Party:
    """A relative as the one who said something."""
    return Party(
        kind="relative",
        name=name_of(wire.name),
        code=coding_of(wire.code),
        addresses=addresses_of(wire.addresses),
        telecoms=telecoms_of(wire.telecoms),
    )


def recipient_of(wire: record.Recipient) -> Participation:
    """Whom the document is sent to."""
    name = name_of(wire.name)
    party = Party(
        kind="professional" if name is not None else "organisation",
        ids=identifiers_of(wire.ids),
        name=name,
        organisation=organisation_of(wire.organisation),
        addresses=addresses_of(wire.addresses),
        telecoms=telecoms_of(wire.telecoms),
    )
    return Participation(role="recipient", party=party)


def contact_point_of(wire: record.Participant, notes: Notes, place: str) -> Participation:
    """Another participant of the header: a place to turn to."""
    name = name_of(wire.name)
    party = Party(
        kind="professional" if name is not None else "organisation",
        ids=identifiers_of(wire.ids),
        name=name,
        code=coding_of(wire.code),
        organisation=organisation_of(wire.organisation),
        addresses=addresses_of(wire.addresses),
        telecoms=telecoms_of(wire.telecoms),
    )
    period: Period | None = period_of(wire.time, notes, place)
    return Participation(role="contact-point" if wire.kind == "ORG" else "other", party=party, period=period)


def _stated_kind(code: CD | None) -> str | None:
    if code is None:
        return None
    marks = (code, *code.translations)
    return next((found for found in map(_kind_of_code, marks) if found), None)


def _kind_of_code(code: CD) -> str | None:
    return value_of(code, "party-kind") or PARTY_KIND.get(code.code)


def _own_code(code: CD | None) -> Coding | None:
    """The role's code, but for one that says no more than the kind of party or the part it plays."""
    if code is None or code.code == SELF or value_of(code, "party-kind") or ROLE.get(code.code) == "requester":
        return None
    return coding_of(code)


def _machine_name(device: record.Device | None) -> PersonName | None:
    if device is None or not (device.model or device.software):
        return None
    return PersonName(text=device.model or device.software)
