"""What a hostile sender may try: each attempt is refused with its code, in bounded memory and time.

Every attempt runs in a process of its own whose memory and processor time the kernel limits; a parser that would expand, recurse or load is killed,
and the test fails.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

MEMORY = 700_000_000
"""Bytes of address space, the largest attempt (50 MB, held twice) and the libraries included."""
SECONDS = 20
"""Processor seconds, the start of Python included."""

PROGRAM = """
import json, resource, sys
from patientoverblik import conformance, formats
resource.setrlimit(resource.RLIMIT_AS, ({memory}, {memory}))
resource.setrlimit(resource.RLIMIT_CPU, ({seconds}, {seconds}))
sys.path.insert(0, {root!r})
from tests.conformance.schema.attacks import ATTACKS
answer = formats.parse(ATTACKS[sys.argv[1]]())
refused = isinstance(answer, formats.Unread)
found = answer.findings if refused else conformance.check(answer.root)
print(json.dumps([refused, [finding.code for finding in found]]))
"""

REFUSED = {
    "empty": {"cda.empty"},
    "blank": {"cda.empty"},
    "not-xml": {"cda.not-xml"},
    "json": {"fhir.not-a-resource"},
    "json-too-deep": {"fhir.not-json", "fhir.too-deep"},
    "json-cut-off": {"fhir.not-json"},
    "pdf": {"cda.not-xml", "cda.encoding"},
    "cut-off": {"cda.not-xml"},
    "two-roots": {"cda.not-xml"},
    "doctype": {"cda.doctype"},
    "doctype-after-comment": {"cda.doctype"},
    "doctype-in-utf-16": {"cda.doctype", "cda.encoding"},
    "billion-laughs": {"cda.doctype"},
    "quadratic-blow-up": {"cda.doctype"},
    "external-entity": {"cda.doctype"},
    "parameter-entity": {"cda.doctype"},
    "external-dtd": {"cda.doctype"},
    "depth-bomb": {"cda.too-deep", "cda.too-large"},
    "just-too-deep": {"cda.too-deep"},
    "attribute-bomb": {"cda.too-large", "cda.not-xml"},
    "text-bomb": {"cda.too-large"},
    "fifty-megabytes": {"cda.too-large"},
    "encoding-not-what-it-says": {"cda.encoding", "cda.not-xml"},
    "encoding-unknown": {"cda.encoding"},
    "encoding-utf-7": {"cda.encoding"},
    "undeclared-latin-1": {"cda.encoding", "cda.not-xml"},
    "zero-bytes": {"cda.not-xml", "cda.encoding"},
}

ACCEPTED = {
    "many-siblings": "structure.too-many-faults",
    "many-twins": "structure.too-many-faults",
    "many-foreigners": "structure.too-many-faults",
    "stylesheet-and-processing-instruction": "structure.missing-element",
    "schema-location": "structure.missing-element",
}
"""Attempts that parse: they are checked within the same limits, and one of the findings is this."""


def attempt(name: str) -> tuple[bool, list[str]]:
    """Whether it was refused, and the codes told."""
    root = str(Path(__file__).resolve().parents[3])
    program = PROGRAM.format(memory=MEMORY, seconds=SECONDS, root=root)
    done = subprocess.run([sys.executable, "-c", program, name], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{name} ended with {done.returncode}: {done.stderr[-300:]}"
    refused, codes = json.loads(done.stdout)
    return refused, codes


@pytest.mark.parametrize(("name", "codes"), REFUSED.items())
def test_what_is_unsafe_is_refused_with_a_code(name: str, codes: set[str]) -> None:
    refused, told = attempt(name)
    assert refused
    assert len(told) == 1
    assert told[0] in codes


@pytest.mark.parametrize(("name", "code"), ACCEPTED.items())
def test_what_is_only_absurd_is_checked_within_the_same_limits(name: str, code: str) -> None:
    refused, told = attempt(name)
    assert not refused
    assert code in told
