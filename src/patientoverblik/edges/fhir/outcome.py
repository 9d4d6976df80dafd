"""Findings as an OperationOutcome (FHIR R4 operationoutcome.html): every one of them, by the problem catalogue.

The text is Danish, for people; the codings are for programs: our own code, and the error code of IHE ITI TF-3 4.2.4.1
that the same fault has at the XDS.b door. Nothing of what was sent is repeated.
"""

from collections.abc import Iterable
from typing import Any

from patientoverblik.edges.fhir.call import Answer, Resource, answered
from patientoverblik.problems import CATALOGUE, Finding

PROBLEMS = "urn:patientoverblik:problem"
XDS_ERRORS = "urn:patientoverblik:ihe-xds-error"
UNCODED = frozenset({"XDSRegistryError", "XDSRepositoryError"})


def outcome(findings: Iterable[Finding]) -> Resource:
    """The OperationOutcome of findings; of none, that all is well."""
    told = tuple(dict.fromkeys(findings)) or (Finding("rest.valid"),)
    return {"resourceType": "OperationOutcome", "issue": [issue(one) for one in told]}


def noted(findings: Iterable[Finding]) -> Resource:
    """The OperationOutcome of what was taken in with findings: none of them is graver than a warning now."""
    made = outcome(findings)
    lesser = [one | {"severity": "warning"} if one["severity"] == "error" else one for one in made["issue"]]
    return made | {"issue": lesser}


def issue(finding: Finding) -> dict[str, Any]:
    """One finding as an issue; its place stands in ``expression``."""
    problem = CATALOGUE[finding.code]
    codings = [{"system": PROBLEMS, "code": finding.code, "display": finding.en()}]
    if problem.xds not in UNCODED:
        codings.append({"system": XDS_ERRORS, "code": problem.xds})
    made: dict[str, Any] = {
        "severity": "fatal" if problem.http >= 500 else problem.severity,
        "code": problem.fhir,
        "details": {"coding": codings, "text": finding.da()},
    }
    return made | ({"expression": [finding.place]} if finding.place else {})


def refused(*findings: Finding, status: int = 0) -> Answer:
    """The answer to what is refused: the status of the first error, and every finding."""
    first = next((one for one in findings if one.severity == "error"), findings[0])
    return answered(outcome(findings), status or CATALOGUE[first.code].http)


def refused_by(code: str, *, professional: bool) -> Answer:
    """The answer to somebody without access: to a professional always the same, whoever the patient is."""
    hidden = professional and code.startswith("access.")
    return refused(Finding("rest.refused" if hidden else code))
