"""Who: parties, organisations and relatives as they are written. What their place does not say, ``function`` says."""

import msgspec

from patientoverblik.care import Organisation, Participation, Party, Relative, Role
from patientoverblik.formats.cda import record
from patientoverblik.formats.cda.compose.values import (
    NO_INFORMATION,
    wire_addresses,
    wire_coding,
    wire_concept,
    wire_ids,
    wire_interval,
    wire_moment,
    wire_name,
    wire_plain_name,
    wire_telecoms,
)
from patientoverblik.formats.cda.constructs import coded
from patientoverblik.formats.cda.datatypes import CD, II, Time
from patientoverblik.formats.cda.derive.meaning import writing
from patientoverblik.formats.cda.derive.party import kind_of, role_of

_TEAM_MEMBER = writing("role")["team-member"]
_REQUESTER = writing("role")["requester"]
_PATIENT = writing("party_kind")["patient"]
_UNTOLD = Time(null=NO_INFORMATION)


def wire_organisation(of: Organisation | None) -> record.Organisation | None:
    """An organisation."""
    if of is None:
        return None
    return record.Organisation(
        ids=wire_ids(of.ids),
        name=of.name,
        telecoms=wire_telecoms(of.telecoms),
        addresses=wire_addresses(of.addresses),
    )


def wire_custodian(of: Organisation | None) -> record.Organisation | None:
    """Who keeps the document: an identifier, even if it is not known, one address and one way of contact."""
    made = wire_organisation(of)
    if made is None:
        return None
    ids = made.ids or (II(null=NO_INFORMATION),)
    return msgspec.structs.replace(made, ids=ids, telecoms=made.telecoms[:1], addresses=made.addresses[:1])


def wire_place(of: Organisation | None) -> record.Place | None:
    """An organisation that takes part in an entry by its role."""
    if of is None:
        return None
    return record.Place(
        ids=wire_ids(of.ids),
        name=wire_plain_name(of.name),
        telecoms=wire_telecoms(of.telecoms),
        addresses=wire_addresses(of.addresses),
    )


def wire_party(of: Party) -> record.Party:
    """A party; its kind is written, as its code or else its function, where it does not follow from the rest."""
    machine = of.kind == "system" and of.name is not None
    bare = record.Party(
        ids=wire_ids(of.ids) or (II(null=NO_INFORMATION),),
        code=wire_coding(of.code),
        addresses=wire_addresses(of.addresses),
        telecoms=wire_telecoms(of.telecoms),
        name=None if machine else wire_name(of.name),
        profession=wire_coding(of.profession),
        device=record.Device(model=of.name.text) if machine and of.name is not None else None,
        organisation=wire_organisation(of.organisation),
    )
    if kind_of(bare) == of.kind:
        return bare
    mark = _PATIENT if of.kind == "patient" else coded(f"party-kind.{of.kind}")
    return msgspec.structs.replace(bare, **{"function" if bare.code is not None else "code": mark})


def wire_authors(of: tuple[Participation, ...]) -> tuple[record.Party, ...]:
    """Authors: the norm wants the time each wrote, and knows no period of writing."""
    found = wire_participations(of, "author")
    return tuple(each if each.time is not None else msgspec.structs.replace(each, time=_UNTOLD) for each in found)


def wire_participation(of: Participation, role: Role) -> record.Party:
    """A party with its part; the part is written where the place (``role``) or the party's code does not say it."""
    party = msgspec.structs.replace(wire_party(of.party), time=_time(of))
    if role_of(party, role) == of.role:
        return party
    if of.role == "requester" and party.code is None:
        return msgspec.structs.replace(party, code=_REQUESTER)
    played = _TEAM_MEMBER if of.role == "team-member" else coded(f"role.{of.role}")
    return msgspec.structs.replace(party, function=_with_kind(played, party.function))


def wire_participations(of: tuple[Participation, ...], role: Role) -> tuple[record.Party, ...]:
    """The parties of one place."""
    return tuple(wire_participation(each, role) for each in of)


def wire_recipient(of: Participation) -> record.Recipient:
    """Whom the document is sent to."""
    party = of.party
    return record.Recipient(
        ids=wire_ids(party.ids),
        addresses=wire_addresses(party.addresses),
        telecoms=wire_telecoms(party.telecoms),
        name=wire_name(party.name),
        organisation=wire_organisation(party.organisation),
    )


def wire_relative(of: Relative) -> record.Relative:
    """A relative in the header."""
    return record.Relative(
        code=wire_concept(of.relation),
        addresses=wire_addresses(of.addresses),
        telecoms=wire_telecoms(of.telecoms),
        name=wire_name(of.name),
    )


def wire_stated_relative(of: Relative) -> record.RelativeStatement:
    """A relative with a note or with who wrote it (construct)."""
    return record.RelativeStatement(
        words=of.note,
        code=wire_concept(of.relation),
        authors=() if of.entered is None else wire_authors((of.entered,)),
        addresses=wire_addresses(of.addresses),
        telecoms=wire_telecoms(of.telecoms),
        name=wire_name(of.name),
    )


def wire_relative_party(of: Party) -> record.Relative:
    """A relative as the one who said something."""
    return record.Relative(
        code=wire_coding(of.code),
        addresses=wire_addresses(of.addresses),
        telecoms=wire_telecoms(of.telecoms),
        name=wire_name(of.name),
    )


def _time(of: Participation) -> Time | None:
    if of.time is not None:
        return wire_moment(of.time)
    return None if of.period is None else wire_interval(of.period)


def _with_kind(played: CD, kind: CD | None) -> CD:
    return played if kind is None else msgspec.structs.replace(played, translations=(kind,))
