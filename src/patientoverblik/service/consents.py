"""A FHIR Consent becomes blocks and consents of ours, or findings that say why it cannot (nsp.md §7, docs/adr/0013).

Nothing of a Consent is passed over: what cannot be carried out as it is written is an error, and then nothing of it is.
A root provision without a type is an exception to the base: a denial under opt-in; under opt-out it denies the data it
names, and permits the recipients it names.
"""

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Literal, Protocol

import msgspec

from patientoverblik.access import Actor, Block, OrganisationRef, Refusal
from patientoverblik.formats.fhir.consent import Consent, Provision, Reference, Span, read_consent
from patientoverblik.problems import Finding
from patientoverblik.service.blocks import offered
from patientoverblik.service.evidence import ask, patient_key
from patientoverblik.service.house import House
from patientoverblik.service.model import Refused
from patientoverblik.service.ports import Transaction
from patientoverblik.service.trail import done, refused
from patientoverblik.sharing.model import PatientId

Kind = Literal["block", "consent"]
PeriodMeans = Literal["unsaid", "validity", "data"]
RECIPIENTS = frozenset({"PRCP", "IRCP", "IRCPT"})
SOURCES = frozenset({"CST", "AUT"})
READING = frozenset({"access", "use", "disclose"})
CARE = frozenset({"TREAT", "CAREMGT"})
EMERGENCY = frozenset({"ETREAT", "BTG"})
EVERYTHING = frozenset({"N"})


class Resolve(Protocol):
    """What references stand for here; each answers empty where it does not know."""

    def organisation(self, reference: Reference) -> OrganisationRef | None:
        """The organisation."""

    def professional(self, reference: Reference) -> str:
        """The id or authorisation of a professional."""

    def person(self, reference: Reference) -> int:
        """The patient key of a person who may act for the patient."""

    def document(self, reference: Reference) -> str:
        """The uniqueId of a document."""


class Translated(msgspec.Struct, frozen=True):
    """The rows a Consent comes to, without ids, and everything there is to say of it; rows only if no finding is an
    error."""

    rows: tuple[Block, ...]
    findings: tuple[Finding, ...]


class Said(msgspec.Struct, frozen=True):
    """One provision as far as it can be carried out: its rows without a kind, and what cannot be."""

    rows: tuple[Block, ...] = ()
    findings: tuple[Finding, ...] = ()


async def register_consent(
    house: House, actor: Actor, patient: PatientId | int, data: bytes, resolve: Resolve
) -> tuple[Block, ...] | Refused:
    """The citizen's Consent, carried out whole or not at all; the rows as they were kept."""

    def work(transaction: Transaction) -> tuple[Block, ...] | Refused:
        key = patient_key(transaction, patient)
        permit = ask(house, transaction, actor, key, "own-overview", house.clock())
        answer = Refused(permit.code, rule=permit.rule) if isinstance(permit, Refusal) else _rows(house, data, resolve)
        if isinstance(answer, Refused):
            transaction.add_event(refused(house, actor, key, "consent-register", Refusal(answer.rule, answer.code)))
            return answer
        for row, linked in product(answer, transaction.linked_keys(key)):
            transaction.put_block(linked, row)
        transaction.add_event(done(house, actor, key, "consent-register", permit.rule, _ids(answer)))
        return answer

    return await house.wait(house.storage.act(work))


def translate(consent: Consent, resolve: Resolve, period_means: PeriodMeans = "unsaid") -> Translated:
    """The rows of a Consent. ``period_means`` says what a period means that stands alone: when the provision holds, or
    when the data are from; unsaid, such a Consent is not carried out."""
    if consent.status != "active":
        return Translated((), (Finding("consent.not-active"),))
    told = list(_outside(consent))
    rows: list[Block] = []
    for kind, said in _sayings(consent, resolve, period_means):
        told += said.findings
        rows += [_of_kind(row, kind) for row in said.rows]
    faulty = any(finding.severity == "error" for finding in told)
    return Translated(() if faulty else tuple(dict.fromkeys(rows)), tuple(dict.fromkeys(told)))


def _rows(house: House, data: bytes, resolve: Resolve) -> tuple[Block, ...] | Refused:
    consent = read_consent(data)
    if isinstance(consent, Finding):
        return Refused(consent.code, (consent,), "consent-not-read")
    made = translate(consent, resolve)
    errors = [finding for finding in made.findings if finding.severity == "error"]
    if errors:
        return Refused(errors[0].code, made.findings, "consent-not-carried-out")
    at = house.clock()
    rows = tuple(
        msgspec.structs.replace(row, id=house.ids.uuid(), valid_from=max(at, row.valid_from)) for row in made.rows
    )
    refusal = next((why for row in rows if (why := offered(house, row)) is not None), None)
    return rows if refusal is None else Refused(refusal.code, made.findings, refusal.rule)


def _ids(rows: tuple[Block, ...]) -> tuple[str, ...]:
    return tuple(row.id for row in rows)


def _outside(consent: Consent) -> Iterator[Finding]:
    yield from consent.findings
    if consent.scope != "patient-privacy":
        yield Finding("consent.scope")
    if not consent.base and (consent.provision is None or not consent.provision.type):
        yield Finding("consent.says-nothing")


def _sayings(consent: Consent, resolve: Resolve, period_means: PeriodMeans) -> Iterator[tuple[Kind, Said]]:
    root = consent.provision or Provision("")
    yield from _of_root(consent, root, resolve, period_means)
    for inner in root.exceptions:
        if inner.exceptions:
            yield "block", _fault("consent.too-deep")
        if not inner.type:
            yield "block", _fault("consent.nested-untyped")
            continue
        yield _kind(inner.type), _said(_inheriting(inner, root), resolve, inner.type)


def _of_root(
    consent: Consent, root: Provision, resolve: Resolve, period_means: PeriodMeans
) -> Iterator[tuple[Kind, Said]]:
    if consent.base == "deny":
        yield "block", _said(_of_data(root), resolve, "deny")
        if root.type != "deny" and _chooses(root):
            yield "consent", _said(root, resolve, "permit")
    elif root.type == "deny" or (not root.type and _narrows(root)):
        yield "block", _said(root, resolve, "deny")
    elif not root.type and root.period != Span() and not root.exceptions:
        yield "block", _of_period(root, resolve, period_means)
    elif root.type == "permit" and not root.exceptions:
        yield "consent", _said(root, resolve, "permit")


def _of_period(root: Provision, resolve: Resolve, period_means: PeriodMeans) -> Said:
    """A period that stands alone under opt-in."""
    if period_means == "unsaid":
        return _fault("consent.period-unclear")
    if period_means == "validity":
        return Said()
    return _said(msgspec.structs.replace(root, period=Span(), data_period=root.period), resolve, "deny")


def _chooses(root: Provision) -> bool:
    """Whether a provision says to whom or for what, so that it is an exception to an opt-out."""
    return bool(root.purposes) or any(actor.role in RECIPIENTS for actor in root.actors)


def _narrows(root: Provision) -> bool:
    """Whether a provision says anything but when it holds."""
    described = (root.actors, root.labels, root.purposes, root.classes, root.codes, root.data)
    return any(described) or root.data_period != Span()


def _of_data(root: Provision) -> Provision:
    """The data a provision names, without to whom and for what."""
    sources = tuple(actor for actor in root.actors if actor.role in SOURCES)
    narrowed = root if root.type == "deny" else msgspec.structs.replace(root, actors=sources, purposes=())
    return msgspec.structs.replace(narrowed, exceptions=())


def _inheriting(inner: Provision, root: Provision) -> Provision:
    """An exception with the recipients and sources of the rule it is an exception to, where it names none."""
    own = {role in RECIPIENTS for role in (actor.role for actor in inner.actors)}
    inherited = tuple(actor for actor in root.actors if (actor.role in RECIPIENTS) not in own)
    period = root.period if inner.period == Span() else inner.period
    return msgspec.structs.replace(inner, actors=(*inner.actors, *inherited), period=period)


def _said(provision: Provision, resolve: Resolve, type_: Literal["permit", "deny"]) -> Said:
    faults = tuple(_cannot(provision, type_))
    if any(fault.severity == "error" for fault in faults) or _is_moot(provision, type_):
        return Said((), faults)
    who, whose, what = _who(provision, resolve), _origins(provision, resolve), _documents(provision, resolve)
    if None in who or None in whose or None in what:
        return Said((), (*faults, Finding("consent.not-found")))
    combined = product(_rows_of(who), _rows_of(whose), _rows_of(what))
    return Said(tuple(_row(provision, parts) for parts in combined), faults)


def _cannot(provision: Provision, type_: Literal["permit", "deny"]) -> Iterator[Finding]:
    """What of a provision cannot be carried out, or needs no carrying out."""
    if set(provision.labels) - EVERYTHING:
        yield Finding("consent.label")
    if provision.classes:
        yield Finding("consent.class")
    if any(actor.role not in RECIPIENTS | SOURCES for actor in provision.actors):
        yield Finding("consent.role")
    if set(provision.actions) - READING:
        yield Finding("consent.action")
    yield from _purposes(provision, type_)


def _purposes(provision: Provision, type_: Literal["permit", "deny"]) -> Iterator[Finding]:
    others = set(provision.purposes) - CARE
    if others and (others - EMERGENCY or type_ == "deny"):
        yield Finding("consent.purpose")
    elif others:
        yield Finding("consent.emergency")


def _is_moot(provision: Provision, type_: Literal["permit", "deny"]) -> bool:
    """Whether nothing is to be done for reading: it is about other acts, or permits what an override permits."""
    elsewhere = bool(provision.actions) and READING.isdisjoint(provision.actions)
    return elsewhere or (type_ == "permit" and bool(set(provision.purposes) & EMERGENCY))


def _who(provision: Provision, resolve: Resolve) -> list[Block | None]:
    return [_recipient(one.reference, resolve) for one in provision.actors if one.role in RECIPIENTS]


def _recipient(reference: Reference, resolve: Resolve) -> Block | None:
    if reference.kind == "Organization":
        found = resolve.organisation(reference)
        return None if found is None else Block("", organisation=found)
    if reference.kind in ("Practitioner", "PractitionerRole"):
        name = resolve.professional(reference)
        return Block("", person=name) if name else None
    key = resolve.person(reference)
    return Block("", relative=key) if key else None


def _origins(provision: Provision, resolve: Resolve) -> list[Block | None]:
    named = [one.reference for one in provision.actors if one.role in SOURCES]
    named += [reference for meaning, reference in provision.data if meaning == "authoredby"]
    found = [resolve.organisation(reference) for reference in named]
    return [None if place is None else Block("", origin=place) for place in found]


def _documents(provision: Provision, resolve: Resolve) -> list[Block | None]:
    named = [resolve.document(reference) for meaning, reference in provision.data if meaning != "authoredby"]
    return [Block("", document=document) if document else None for document in named]


def _rows_of(found: Iterable[Block | None]) -> list[Block]:
    return [one for one in found if one is not None] or [Block("")]


def _row(provision: Provision, parts: tuple[Block, Block, Block]) -> Block:
    who, whose, what = parts
    return msgspec.structs.replace(
        who,
        origin=whose.origin,
        document=what.document,
        types=provision.codes,
        origin_from=provision.data_period.start,
        origin_until=provision.data_period.end,
        valid_from=provision.period.start,
        valid_until=provision.period.end,
    )


def _kind(type_: Literal["", "permit", "deny"]) -> Kind:
    return "consent" if type_ == "permit" else "block"


def _of_kind(row: Block, kind: Kind) -> Block:
    """The row as a block or consent; a denial reaches what lies under the organisations it names: the doubt hides."""
    reaches = kind == "block"
    return msgspec.structs.replace(
        row,
        kind=kind,
        with_units=reaches and row.organisation is not None,
        origin_with_units=reaches and row.origin is not None,
    )


def _fault(code: str) -> Said:
    return Said((), (Finding(code),))
