"""The citizen's own log: who looked, for whom, why, and at which documents (sundhedsloven § 193 b; nsp.md §4-5).

It is a record of its own, made of looks and not of the security trail. Read by the citizen, and by those who act for
them, who see an entry only where they may see all documents it is about.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Literal, TypeVar, cast

import msgspec

from patientoverblik.access import (
    ALL_PARTS,
    Actor,
    Look,
    LookAct,
    OrganisationRef,
    Override,
    Permit,
    Principal,
    Purpose,
    Refusal,
)
from patientoverblik.access.visible import is_delayed, within
from patientoverblik.problems import CATALOGUE
from patientoverblik.service.documents import discreet
from patientoverblik.service.evidence import ask, patient_key
from patientoverblik.service.house import House
from patientoverblik.service.ports import Reader
from patientoverblik.service.trail import done, refuse, write
from patientoverblik.service.words import DANISH
from patientoverblik.sharing.amend import latest
from patientoverblik.sharing.find import existing
from patientoverblik.sharing.lookup import entries_of_all
from patientoverblik.sharing.model import DocumentEntry, PatientId

T = TypeVar("T")
PAGE = 50
MOST = 500
NOT_OFFICER = Refusal("log-is-the-patients", "access.no-right")


class LogDocument(msgspec.Struct, frozen=True):
    """A document that was shown: its entryUUID, and its title as far as the reader of the log may have it."""

    entry: str
    title: str


class LogEntry(msgspec.Struct, frozen=True):
    """One look as the log tells of it; ``at`` is milliseconds UTC. What it says in plain words are its texts.

    ``kind`` says assistant where somebody acted for ``on_behalf_of``; ``own`` that it was the reader's own look;
    ``rule`` is the rule of access that let them, or refused them.
    """

    id: str
    at: int
    act: LookAct
    who: str
    kind: str
    role: str
    organisation: OrganisationRef | None
    client: str
    on_behalf_of: Principal | None
    purpose: Purpose
    rule: str
    documents: tuple[LogDocument, ...]
    override: Override | None
    filtered: bool
    own: bool
    of: str = ""

    @property
    def act_text(self) -> str:
        """What was done, in Danish."""
        return DANISH[f"act.{self.act}"]

    @property
    def kind_text(self) -> str:
        """What kind of person it was, in Danish."""
        return DANISH["kind.citizen" if self.own else "kind.another" if self.kind == "citizen" else f"kind.{self.kind}"]

    @property
    def purpose_text(self) -> str:
        """What it was for, in Danish."""
        return DANISH[f"purpose.{self.purpose}"]

    @property
    def titles(self) -> tuple[str, ...]:
        """Each title once, with how many documents have it where it is more than one."""
        found = Counter(document.title for document in self.documents)
        return tuple(f"{title} ({number})" if number > 1 else title for title, number in found.items())

    @property
    def ground_text(self) -> str:
        """Why a block was set aside, in Danish; empty where none was."""
        return DANISH[f"ground.{self.override.ground}"] if self.override else ""


class Search(msgspec.Struct, frozen=True):
    """What to look for: a period (ms UTC, ``until`` exclusive, 0 = open), parts of names, acts. Empty means everything.

    ``after`` is the cursor a page before gave; ``size`` how many entries a page holds, at most 500.
    """

    since: int = 0
    until: int = 0
    organisation: str = ""
    person: str = ""
    act: LookAct | Literal[""] = ""
    overridden: bool = False
    after: str = ""
    size: int = PAGE


class LogPage(msgspec.Struct, frozen=True):
    """A page of the log, newest first, of ``total`` entries that fit; ``next`` is the cursor of the next page."""

    entries: tuple[LogEntry, ...]
    total: int
    next: str = ""


async def log(house: House, actor: Actor, patient: PatientId | int) -> tuple[Look, ...] | Refusal:
    """Every look at the patient that the reader may know of, newest first; reading is an event and not a look."""
    return await _read(house, actor, patient, lambda reader, permit: _known_to(reader, permit, _titles(reader, permit)))


async def log_overseen(house: House, officer: Actor, patient: PatientId | int) -> tuple[Look, ...] | Refusal:
    """Every look at the patient, newest first, to an officer who answers for the service; reading is an event."""
    with house.storage.snapshot() as reader:
        key = patient_key(reader, patient)
        permit = ask(house, reader, officer, key, "oversight", house.clock())
        looks = [look for each in reader.linked_keys(key) for look in reader.looks(each)]
    if isinstance(permit, Refusal) or officer.kind != "officer":
        return await refuse(house, officer, key, "log", permit if isinstance(permit, Refusal) else NOT_OFFICER)
    await write(house, done(house, officer, key, "log", permit.rule))
    return tuple(sorted(looks, key=lambda look: (look.at, look.id), reverse=True))


async def documents_overseen(
    house: House, officer: Actor, patient: PatientId | int
) -> tuple[DocumentEntry, ...] | Refusal:
    """Every document of the patient that is or was in the registry, oldest first, to an officer who answers for the
    service, so that it can be seen where each came from; reading is an event."""
    with house.storage.snapshot() as reader:
        key = patient_key(reader, patient)
        permit = ask(house, reader, officer, key, "oversight", house.clock())
        entries = latest(entries_of_all(reader, reader.linked_keys(key)))
    if isinstance(permit, Refusal) or officer.kind != "officer":
        return await refuse(house, officer, key, "log", permit if isinstance(permit, Refusal) else NOT_OFFICER)
    await write(house, done(house, officer, key, "log", permit.rule, tuple(one.uuid for one in entries)))
    return tuple(sorted(entries, key=lambda one: (one.registered, one.uuid)))


async def log_page(house: House, actor: Actor, patient: PatientId | int, search: Search) -> LogPage | Refusal:
    """A page of the log in words that can be read; reading is an event and not a look."""
    return await _read(house, actor, patient, lambda reader, permit: _page(reader, permit, search))


async def _read(
    house: House, actor: Actor, patient: PatientId | int, answer: Callable[[Reader, Permit], T]
) -> T | Refusal:
    with house.storage.snapshot() as reader:
        key = patient_key(reader, patient)
        purpose: Purpose = "on-behalf" if actor.kind == "relative" else "own-overview"
        permit = ask(house, reader, actor, key, purpose, house.clock())
        read = None if isinstance(permit, Refusal) else answer(reader, permit)
    if isinstance(permit, Refusal):
        return await refuse(house, actor, key, "log", permit)
    await write(house, done(house, actor, key, "log", permit.rule))
    return cast(T, read)


def _page(reader: Reader, permit: Permit, search: Search) -> LogPage:
    titles = _titles(reader, permit)
    looks = [look for look in _known_to(reader, permit, titles) if _fits(look, search)]
    first = next((place + 1 for place, look in enumerate(looks) if look.id == search.after), 0)
    size = max(1, min(search.size, MOST))
    shown = looks[first : first + size]
    more = first + size < len(looks)
    keys = reader.linked_keys(permit.patient)
    entries = tuple(entry_of(look, titles, own=_is_own(look, permit, keys)) for look in shown)
    return LogPage(entries, len(looks), shown[-1].id if more else "")


def _titles(reader: Reader, permit: Permit) -> Mapping[str, str]:
    """The title of each document that exists for the reader, by entryUUID."""
    entries, _ = existing(reader, permit)
    return {entry.uuid: discreet(permit, entry).title for entry in entries}


def _known_to(reader: Reader, permit: Permit, titles: Mapping[str, str]) -> tuple[Look, ...]:
    looks = [look for key in reader.linked_keys(permit.patient) for look in reader.looks(key)]
    later = _not_yet_shown(reader, permit)
    looks = [shown for look in looks if (shown := _without(look, later)) is not None] if later else looks
    known = [_told_to(permit, look) for look in looks if _may_know(permit, look, titles)]
    return tuple(sorted(known, key=lambda look: (look.at, look.id), reverse=True))


def _not_yet_shown(reader: Reader, permit: Permit) -> frozenset[str]:
    every = entries_of_all(reader, reader.linked_keys(permit.patient))
    return frozenset(entry.uuid for entry in every if is_delayed(permit, entry))


def _without(look: Look, later: frozenset[str]) -> Look | None:
    """The look without documents that its patient does not see yet; None where it was at nothing else."""
    shown = tuple(one for one in look.documents if one.entry not in later)
    if len(shown) == len(look.documents):
        return look
    return None if look.act == "document" and not shown else msgspec.structs.replace(look, documents=shown)


def _may_know(permit: Permit, look: Look, titles: Mapping[str, str]) -> bool:
    """Whether the reader of the log may know of a look: neither it nor a document of it may be hidden from them."""
    if permit.actor.kind == "citizen":
        return "citizen" not in look.hidden_from
    if look.hidden_from or any(document.entry not in titles for document in look.documents):
        return False
    # Who looked may tell of a part that is out of reach, where nothing that was shown says which part it was.
    return bool(look.documents) or permit.scope.issuperset(ALL_PARTS) or _is_own(look, permit, ())


def _told_to(permit: Permit, look: Look) -> Look:
    """The look without the reason for an override, which is the citizen's alone: it may be about who else reads it."""
    if look.override is None or permit.actor.kind == "citizen":
        return look
    return msgspec.structs.replace(look, override=Override(look.override.ground, ""))


def _is_own(look: Look, permit: Permit, keys: tuple[int, ...]) -> bool:
    """Whether the reader looked themselves."""
    reader, looked = permit.actor, look.actor
    same_person = looked.person != 0 and looked.person in (reader.person, *(keys if reader.person in keys else ()))
    return looked.kind == reader.kind and (same_person or looked.id == reader.id)


def entry_of(look: Look, titles: Mapping[str, str], own: bool) -> LogEntry:
    """A look in the words of the log."""
    actor = look.actor
    unnamed = CATALOGUE["service.withheld-title"].da
    return LogEntry(
        id=look.id,
        at=look.at,
        act=look.act,
        who=actor.name,
        kind="assistant" if actor.principal else actor.kind,
        role=actor.role or actor.national_role,
        organisation=actor.organisation,
        client=actor.client,
        on_behalf_of=actor.principal,
        purpose=look.purpose,
        rule=look.rule,
        documents=tuple(LogDocument(one.entry, titles.get(one.entry) or unnamed) for one in look.documents),
        override=look.override,
        filtered=look.filtered,
        own=own,
        of=look.of,
    )


def _fits(look: Look, search: Search) -> bool:
    in_time = within(look.at, search.since, search.until)
    said = (not search.act or look.act == search.act) and (not search.overridden or look.override is not None)
    return in_time and said and _in_any(search.organisation, _places(look)) and _in_any(search.person, _people(look))


def _places(look: Look) -> tuple[str, ...]:
    place = look.actor.organisation
    return (place.name, place.value) if place else ()


def _people(look: Look) -> tuple[str, ...]:
    actor, behalf = look.actor, look.actor.principal
    return (actor.name, actor.authorisation, *((behalf.name, behalf.authorisation) if behalf else ()))


def _in_any(asked: str, texts: Iterable[str]) -> bool:
    """Whether any text holds what was asked for, in whatever case; everything does where nothing was asked for."""
    wanted = " ".join(asked.split()).casefold()
    return not wanted or any(wanted in text.casefold() for text in texts)
