"""A FHIR R4 Consent as data-neutral values: what it permits and denies, to whom, of which data (Consent, IHE PCF).

Only what is written is read: what it comes to here is decided where it is translated. A field that could change the
meaning and is not understood is a finding, never passed over.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import msgspec

from patientoverblik.care import Moment, parse_moment
from patientoverblik.problems import Finding

ProvisionType = Literal["", "permit", "deny"]
BASES: Mapping[str, ProvisionType] = {"OPTIN": "permit", "OPTOUT": "deny"}
_QUIET = (
    "resourceType id meta text language implicitRules identifier dateTime performer organization category policy"
    " sourceAttachment sourceReference verification status scope patient policyRule provision"
)
_IN_PROVISION = "id type period actor action securityLabel purpose class code dataPeriod data provision"
QUIET = frozenset(_QUIET.split())
IN_PROVISION = frozenset(_IN_PROVISION.split())


class Reference(msgspec.Struct, frozen=True):
    """A reference as written: literal, and identifier (system, value) where it has one."""

    literal: str = ""
    system: str = ""
    value: str = ""

    @property
    def kind(self) -> str:
        """The resource type a literal reference names, empty if it names none."""
        return self.literal.rpartition("/")[0].rpartition("/")[2]


class ConsentActor(msgspec.Struct, frozen=True):
    """Somebody in a role: recipient (PRCP, IRCP), custodian (CST), author (AUT)."""

    role: str
    reference: Reference


class Span(msgspec.Struct, frozen=True):
    """A period, start ≤ t < end in milliseconds UTC; 0 is open."""

    start: int = 0
    end: int = 0


class Provision(msgspec.Struct, frozen=True):
    """One rule with its conditions, and the rules that are exceptions to it. Codes as written."""

    type: ProvisionType
    period: Span = Span()
    actors: tuple[ConsentActor, ...] = ()
    actions: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    data: tuple[tuple[str, Reference], ...] = ()
    data_period: Span = Span()
    exceptions: tuple["Provision", ...] = ()


class Consent(msgspec.Struct, frozen=True):
    """One Consent; ``base`` is what holds where no provision speaks, empty if it is not said in a way we know."""

    status: str
    scope: str
    patient: Reference
    base: ProvisionType
    provision: Provision | None
    findings: tuple[Finding, ...] = ()


def read_consent(data: bytes) -> Consent | Finding:
    """Read a Consent in JSON; a finding where it is none."""
    try:
        written = msgspec.json.decode(data, type=dict[str, Any])
        if written.get("resourceType") != "Consent":
            return Finding("consent.not-one")
        return _consent(written)
    except (msgspec.DecodeError, AttributeError, KeyError, TypeError, ValueError):
        return Finding("consent.not-one")


def _consent(written: Mapping[str, Any]) -> Consent:
    provision = written.get("provision")
    base = _codes(written.get("policyRule"))
    return Consent(
        status=written.get("status", ""),
        scope=next(iter(_codes(written.get("scope"))), ""),
        patient=_reference(written.get("patient", {})),
        base=next((BASES[code] for code in base if code in BASES), ""),
        provision=None if provision is None else _provision(provision),
        findings=tuple(_unknown(written)),
    )


def _provision(written: Mapping[str, Any]) -> Provision:
    return Provision(
        type=_type(written.get("type", "")),
        period=_span(written.get("period")),
        actors=tuple(map(_actor, written.get("actor", ()))),
        actions=tuple(code for one in written.get("action", ()) for code in _codes(one)),
        labels=tuple(one.get("code", "") for one in written.get("securityLabel", ())),
        purposes=tuple(one.get("code", "") for one in written.get("purpose", ())),
        classes=tuple(one.get("code", "") for one in written.get("class", ())),
        codes=tuple(code for one in written.get("code", ()) for code in _codes(one)),
        data=tuple((one.get("meaning", ""), _reference(one.get("reference", {}))) for one in written.get("data", ())),
        data_period=_span(written.get("dataPeriod")),
        exceptions=tuple(map(_provision, written.get("provision", ()))),
    )


def _unknown(written: Mapping[str, Any]) -> Iterator[Finding]:
    yield from (Finding("consent.field-unknown", place=name) for name in sorted(written.keys() - QUIET))
    yield from _unknown_in(written.get("provision", {}), "provision")


def _unknown_in(provision: Mapping[str, Any], place: str) -> Iterator[Finding]:
    for name in sorted(provision.keys() - IN_PROVISION):
        yield Finding("consent.field-unknown", place=f"{place}.{name}")
    for number, inner in enumerate(provision.get("provision", ())):
        yield from _unknown_in(inner, f"{place}.provision[{number}]")


def _type(word: str) -> ProvisionType:
    return {"": "", "permit": "permit", "deny": "deny"}[word]  # type: ignore[return-value]


def _actor(written: Mapping[str, Any]) -> ConsentActor:
    return ConsentActor(next(iter(_codes(written.get("role"))), ""), _reference(written.get("reference", {})))


def _reference(written: Mapping[str, Any]) -> Reference:
    identifier = written.get("identifier", {})
    return Reference(written.get("reference", ""), identifier.get("system", ""), identifier.get("value", ""))


def _codes(concept: Mapping[str, Any] | None) -> tuple[str, ...]:
    return tuple(coding.get("code", "") for coding in (concept or {}).get("coding", ()))


def _span(written: Mapping[str, Any] | None) -> Span:
    """A period ends with the day or second that is written as its end."""
    start, end = _moment(written, "start"), _moment(written, "end")
    return Span(start.earliest if start else 0, end.latest if end else 0)


def _moment(written: Mapping[str, Any] | None, name: str) -> Moment | None:
    text = (written or {}).get(name)
    return parse_moment(text) if text else None
