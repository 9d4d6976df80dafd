"""Answers of the registry and repository (ebRS 3.0 RegistryResponse; TF-3 4.2.4): status, and every error with a code.

A finding's text is the catalogue's; its place is the error's location. Nothing of what was sent is repeated but names
of attributes and the sender's own ids.
"""

from collections.abc import Iterable
from typing import Literal
from xml.sax.saxutils import quoteattr

from patientoverblik.edges.soap.names import QUERY, RIM, RS, XDS
from patientoverblik.problems import CATALOGUE, Finding

Outcome = Literal["Success", "PartialSuccess", "Failure"]
_STATUSES: dict[Outcome, str] = {
    "Success": "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success",
    "PartialSuccess": "urn:ihe:iti:2007:ResponseStatusType:PartialSuccess",
    "Failure": "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Failure",
}
_SEVERITY = "urn:oasis:names:tc:ebxml-regrep:ErrorSeverityType:"


def registry_response(outcome: Outcome, findings: Iterable[Finding] = (), inner: bool = False) -> str:
    """The RegistryResponse of an act; ``inner``: inside another element that binds the prefix ``rs``."""
    bound = "" if inner else f' xmlns:rs="{RS}"'
    return (
        f'<rs:RegistryResponse{bound} status="{_STATUSES[outcome]}">{errors(findings, outcome)}</rs:RegistryResponse>'
    )


def query_response(objects: Iterable[str], findings: Iterable[Finding] = ()) -> str:
    """The AdhocQueryResponse with registry objects that are XML already."""
    found = tuple(findings)
    outcome: Outcome = "Failure" if any(one.severity == "error" for one in found) else "Success"
    listed = "".join(objects)
    return (
        f'<q:AdhocQueryResponse xmlns:q="{QUERY}" xmlns:rs="{RS}" xmlns:rim="{RIM}" status="{_STATUSES[outcome]}">'
        f"{errors(found, outcome)}<rim:RegistryObjectList>{listed}</rim:RegistryObjectList></q:AdhocQueryResponse>"
    )


def retrieve_response(outcome: Outcome, documents: Iterable[str], findings: Iterable[Finding] = ()) -> str:
    """The RetrieveDocumentSetResponse with document responses that are XML already."""
    return (
        f'<x:RetrieveDocumentSetResponse xmlns:x="{XDS}" xmlns:rs="{RS}">'
        f"{registry_response(outcome, findings, inner=True)}{''.join(documents)}</x:RetrieveDocumentSetResponse>"
    )


def errors(findings: Iterable[Finding], outcome: Outcome) -> str:
    """The RegistryErrorList, empty where there is nothing to tell; of what succeeds there are only warnings."""
    told = [one for one in findings if one.severity != "information"]
    if not told:
        return ""
    severities = ["Error" if one.severity == "error" and outcome != "Success" else "Warning" for one in told]
    listed = "".join(map(_error, told, severities))
    return f'<rs:RegistryErrorList highestSeverity="{_SEVERITY}{min(severities)}">{listed}</rs:RegistryErrorList>'


def _error(finding: Finding, severity: str) -> str:
    problem = CATALOGUE[finding.code]
    context = f"{finding.code}: {finding.en()}"
    place = f" location={quoteattr(finding.place)}" if finding.place else ""
    return (
        f'<rs:RegistryError errorCode="{problem.xds}" codeContext={quoteattr(context)} '
        f'severity="{_SEVERITY}{severity}"{place}/>'
    )
