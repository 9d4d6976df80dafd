"""``check FILE``: every fault of a document at once. Needs no server and no database."""

from argparse import Namespace
from collections.abc import Iterable

from patientoverblik import conformance, formats
from patientoverblik.conformance.model import in_order
from patientoverblik.edges.cli.output import (
    FAULTS,
    FINE,
    NOT_DONE,
    file_bytes,
    finding_rows,
    refuse,
    say,
    say_findings,
    say_json,
)
from patientoverblik.formats import Unread
from patientoverblik.problems import Finding


def check(arguments: Namespace) -> int:
    """Check one file: exit 0 where it is valid (warnings apart), 1 where it has errors, 2 where it is not readable."""
    data = file_bytes(arguments.file)
    if data is None:
        return refuse("cli.file-not-opened")
    parsed = formats.parse(data)
    if isinstance(parsed, Unread):
        _say(parsed.findings, "", arguments.json)
        return NOT_DONE
    findings = _checked(parsed)
    _say(findings, findings.profile, arguments.json)
    return FINE if findings.valid else FAULTS


def _checked(parsed: formats.AnyParsed) -> conformance.Findings:
    """What is wrong with a document: a CDA document by its rules, any other by what its reading found."""
    if isinstance(parsed, formats.Parsed):
        return conformance.check(parsed.root)
    return in_order(formats.identify(parsed) or "", formats.read(parsed).findings)


def _say(findings: Iterable[Finding], profile: str, as_json: bool) -> None:
    found = tuple(findings)
    if as_json:
        say_json({"profile": profile, "findings": finding_rows(found)})
        return
    errors = sum(finding.severity == "error" for finding in found)
    say(f"Profile: {profile or 'none known'}. {errors} errors, {len(found) - errors} other findings.")
    say_findings(found)
