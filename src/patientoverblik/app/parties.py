"""Who shares here, as one TOML file says it: the sources, their organisations and what these are, who delivers for
whom, and who took over from whom (docs/operation.md, Parties).

The sources are what every overview tells to be there, silent or missing; without the file it can name none.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from patientoverblik.access import OrganisationRef, Part
from patientoverblik.service import House, Source
from patientoverblik.sharing.codes import LISTS, CodeList
from patientoverblik.sharing.metadata import OrganisationFacts
from patientoverblik.sharing.model import Code

HOUR = 60 * 60 * 1000

Sector = Literal[
    "general-practice", "specialist-practice", "municipality", "hospital", "psychiatry", "region", "register", "citizen"
]
Text = Annotated[str, Meta(min_length=1)]


class Shares(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A source: what it shares, how many hours may pass between two signs of life, and since which day. One that is
    not ``connected`` is told of as missing."""

    id: Text
    name: Text
    sector: Sector
    kinds: tuple[Part, ...] = ()
    hours: Annotated[int, Meta(ge=1)] = 24
    since: date | None = None
    connected: bool = True


class Party(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An organisation by its identifier, the source it shares through, and its codes of the Danish XDS metadata
    profile's lists, which stand where a sender says none."""

    system: Text
    value: Text
    name: str = ""
    source: str = ""
    facility_type: str = ""
    practice_setting: str = ""

    @property
    def reference(self) -> OrganisationRef:
        """The organisation as access and sharing name it."""
        return OrganisationRef(self.system, self.value, self.name)


class Delivering(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"others": "for"}):
    """For whom else the system of an organisation may deliver, by the values of their identifiers in its system."""

    system: Text
    value: Text
    others: tuple[Text, ...]

    @property
    def organisations(self) -> tuple[OrganisationRef, ...]:
        """Those it may deliver for."""
        return tuple(OrganisationRef(self.system, value) for value in self.others)


class Successor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An organisation that is no more, and the one that took over: what the former wrote is the latter's."""

    system: Text
    value: Text
    by: Text

    @property
    def pair(self) -> tuple[OrganisationRef, OrganisationRef]:
        """Both, the former first."""
        return OrganisationRef(self.system, self.value), OrganisationRef(self.system, self.by)


class PartiesFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file."""

    source: tuple[Shares, ...] = ()
    organisation: tuple[Party, ...] = ()
    delivers_for: tuple[Delivering, ...] = ()
    successor: tuple[Successor, ...] = ()


def with_parties(house: House, path: str) -> House:
    """The house with the parties that the file names; the same house where there is none."""
    if not path:
        return house
    told = _read(path)
    return msgspec.structs.replace(
        house,
        sources=tuple(_source(one, told.organisation) for one in told.source),
        organisations={(one.system, one.value): _facts(one) for one in told.organisation},
        delivers_for={(one.system, one.value): one.organisations for one in told.delivers_for},
        successors=tuple(one.pair for one in told.successor),
    )


def parties_faults(given: Mapping[str, str], prefix: str) -> Iterator[str]:
    """What is wrong with the file: that it cannot be read or is not of its form, or each row that cannot hold."""
    path = given.get("parties_file")
    if not path:
        return
    try:
        told = _read(path)
    except OSError:
        yield f"{prefix}PARTIES_FILE cannot be read"
    except (msgspec.DecodeError, ValueError):
        yield f"{prefix}PARTIES_FILE is not as docs/operation.md says"
    else:
        yield from (f"{prefix}PARTIES_FILE {fault}" for fault in _faults(told))


def _faults(told: PartiesFile) -> Iterator[str]:
    names = [one.id for one in told.source]
    if len(set(names)) < len(names):
        yield "names a source twice"
    if len({(one.system, one.value) for one in told.organisation}) < len(told.organisation):
        yield "names an organisation twice"
    for number, party in enumerate(told.organisation, 1):
        if party.source and party.source not in names:
            yield f"organisation {number}: no such source"
        for name in ("facility_type", "practice_setting"):
            if getattr(party, name) and _code(name, getattr(party, name)) is None:
                yield f"organisation {number}: {name} is not in the Danish metadata profile's list"


def _source(one: Shares, parties: tuple[Party, ...]) -> Source:
    return Source(
        id=one.id,
        name=one.name,
        sector=one.sector,
        kind="push" if one.connected else "none",
        organisations=tuple(party.reference for party in parties if party.source == one.id),
        kinds=one.kinds,
        interval=one.hours * HOUR,
        since=one.since.isoformat() if one.since else "",
    )


def _facts(party: Party) -> OrganisationFacts:
    return OrganisationFacts(
        facility_type=_code("facility_type", party.facility_type),
        practice_setting=_code("practice_setting", party.practice_setting),
    )


def _code(code_list: CodeList, code: str) -> Code | None:
    """A list's code by its value alone, which names one in each of the two lists."""
    return next((row.code for (_, value), row in LISTS[code_list].items() if value == code), None)


def _read(path: str) -> PartiesFile:
    return msgspec.toml.decode(Path(path).read_bytes(), type=PartiesFile)
