"""The CapabilityStatement (R4 capabilitystatement.html): written from the very table that requests are routed by."""

import csv
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import version
from importlib.resources import files

from patientoverblik.edges.fhir.call import Answer, Call, Resource, answered
from patientoverblik.edges.fhir.interactions import Row, rows
from patientoverblik.edges.fhir.media import JSON, XML
from patientoverblik.edges.fhir.parameters import EVERY, Parameter, parameters_of
from patientoverblik.edges.fhir.subscribed import GUIDE, PROFILE, TOPIC

RELEASED = "2026-11-23"
INSTANTIATES = (
    "https://profiles.ihe.net/ITI/MHD/CapabilityStatement/IHE.MHD.DocumentResponder",
    "https://profiles.ihe.net/ITI/MHD/CapabilityStatement/IHE.MHD.DocumentRecipient.Comprehensive",
    f"{GUIDE}/CapabilityStatement/backport-subscription-server-r4",
)
SECURITY = "http://terminology.hl7.org/CodeSystem/restful-security-service"
VERSIONED = frozenset({"vread", "history-instance", "update"})
ENDS = (
    "DELETE and PATCH are not offered (405), but that a Subscription is deleted: what holds no longer says so by its "
    "own status, written with PUT, or is replaced or withdrawn as a document, so that nobody's record changes without "
    "a version to be read."
)
TOPICS = f"{GUIDE}/StructureDefinition/capabilitystatement-subscriptiontopic-canonical"
SAID: Mapping[str, Resource] = {
    "Subscription": {"extension": [{"url": TOPICS, "valueCanonical": TOPIC}], "supportedProfile": [PROFILE]}
}
"""What is said of single types beside what is done with them."""


async def capabilities(call: Call) -> Answer:
    """What can be done here."""
    return answered(statement(call.base))


@cache
def statement(base: str) -> Resource:
    """The CapabilityStatement of the service at an address."""
    types = dict.fromkeys(row.type for row in rows() if row.type)
    system = [row.code for row in rows() if not row.type]
    rest = {
        "mode": "server",
        "documentation": ENDS,
        "security": {
            "cors": False,
            "service": [{"coding": [{"system": SECURITY, "code": "SMART-on-FHIR"}]}],
            "description": f"Bearer tokens with SMART 2 scopes; see {base}/.well-known/smart-configuration",
        },
        "resource": [_resource(kind) for kind in types],
        "interaction": [{"code": code} for code in system if code == "transaction"],
        "operation": _operations(system),
    }
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": RELEASED,
        "kind": "instance",
        "instantiates": list(INSTANTIATES),
        "software": {"name": "Samlet patientoverblik", "version": version("patientoverblik")},
        "implementation": {"description": "Samlet patientoverblik", "url": base},
        "fhirVersion": "4.0.1",
        "format": [JSON, XML],
        "rest": [rest],
    }


def _resource(kind: str) -> Resource:
    own = [row for row in rows() if row.type == kind]
    codes = {row.code for row in own}
    plain = [code for code in dict.fromkeys(row.code for row in own) if not code.startswith("$")]
    operations = _operations(codes)
    made: Resource = {
        "type": kind,
        **SAID.get(kind, {}),
        "versioning": "versioned" if codes & VERSIONED else "no-version",
        "readHistory": "history-instance" in codes,
        "updateCreate": False,
        "conditionalCreate": _conditional(own),
        "conditionalRead": "not-match" if "read" in codes else "not-supported",
        "referencePolicy": ["literal", "logical"],
    }
    if plain:
        made["interaction"] = [{"code": code} for code in plain]
    if "search-type" in codes:
        made |= _searched(kind)
    if operations:
        made["operation"] = operations
    return made


def _conditional(own: Iterable[Row]) -> bool:
    return any(row.run == "create" for row in own)


def _searched(kind: str) -> Resource:
    known = list(parameters_of(kind).values())
    references = [one for one in known if one.kind == "reference" and one.type != EVERY]
    back = [
        f"{other}:{one.name}"
        for other in dict.fromkeys(row.type for row in rows() if row.code == "search-type")
        for one in parameters_of(other).values()
        if one.kind == "reference" and kind in one.targets
    ]
    found: Resource = {"searchParam": [_parameter(one) for one in known]}
    includes = [f"{kind}:{one.name}" for one in references]
    return (
        found | ({"searchInclude": ["*", *includes]} if includes else {}) | ({"searchRevInclude": back} if back else {})
    )


def _parameter(one: Parameter) -> Resource:
    return {"name": one.name, "definition": one.definition, "type": one.kind}


def _operations(codes: Iterable[str]) -> list[Resource]:
    """The operations among the codes of interactions, by name."""
    names = sorted(code.removeprefix("$") for code in codes if code.startswith("$"))
    return [{"name": name, "definition": definitions()[name]} for name in names]


@cache
def definitions() -> Mapping[str, str]:
    """The canonical definition of each operation."""
    text = files(__package__).joinpath("operations.csv").read_text(encoding="utf-8")
    return {row["name"]: row["definition"] for row in csv.DictReader(text.splitlines())}
