"""NIST's messages and what our door answers them, as the table of the manual.

``python -m tests.doors.soap.nist_table`` writes it anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from patientoverblik.edges.soap.names import QUERY
from tests.conftest import SHARED
from tests.doors.soap.test_nist import BYTES, FOREIGN, NIST, PATIENT, converted, filled
from tests.doors.soap.test_nist_sequences import SEQUENCES, played
from tests.doors.soap.world import Door, told_of

MANUAL = Path(__file__).parents[3] / "docs" / "xds.md"
BEGIN, END = "<!-- nist -->\n", "<!-- /nist -->"
SUBMITTED = (
    ("11966/submit/single_doc.xml", "one document", True),
    ("11979/submit/two_doc.xml", "two documents", True),
    ("12021/submit/two_doc.xml", "two documents", True),
    ("11983/submit_no_doc/no_doc.xml", "a document without metadata", True),
    ("11983/submit_no_metadata/single_doc.xml", "metadata without a document", False),
    ("12369/hash/single_doc.xml", "a wrong hash", True),
    ("12369/size/single_doc.xml", "a wrong size", True),
)


def table() -> str:
    """The rows, in Markdown."""
    head = "| Message | What it is | Answer |\n|---|---|---|\n"
    return head + "".join(
        f"| `{path}` | {what} | {answer} |\n" for path, what, answer in (*_provided(), *_in_turn(), *_asked())
    )


def _provided() -> Iterator[tuple[str, str, str]]:
    for number, (path, what, brings) in enumerate(SUBMITTED):
        objects, documents = converted(NIST / path, 100 + number, keep_hash="12369" in path)
        answer = Door().provide(objects, dict.fromkeys(documents or ["Document01"], BYTES) if brings else {})
        status, errors = told_of(answer)
        codes = dict.fromkeys(error.split()[0] for error in errors if status == "Failure")
        yield path, f"ITI-41, {what}", ", ".join((status, *codes))


WAYS = {
    "provide": "ITI-41, in a sequence",
    "register": "ITI-42, in a sequence",
    "on-demand": "ITI-61, in a sequence",
    "retrieve": "ITI-43, in a sequence",
    "bytes-alone": "ITI-41, a document without metadata",
}


def _in_turn() -> Iterator[tuple[str, str, str]]:
    told = {path for path, _, _ in SUBMITTED}
    for number, sequence in enumerate(SEQUENCES):
        for step, answer in played(sequence, 300 + 10 * number):
            if step.path not in told:
                told.add(step.path)
                yield step.path, WAYS[step.way], ", ".join(answer)


def _asked() -> Iterator[tuple[str, str, str]]:
    for path in sorted(NIST.glob("**/*uery*.xml")):
        root = etree.fromstring(FOREIGN.sub(PATIENT, path.read_text(encoding="utf-8")).encode())
        if root.tag != f"{{{QUERY}}}AdhocQueryRequest":
            continue
        asked = etree.tostring(root, encoding="unicode")
        status, errors = told_of(filled().ask("/ddsregistry", "urn:ihe:iti:2007:RegistryStoredQuery", asked))
        codes = dict.fromkeys(error.split()[0] for error in errors)
        yield str(path.relative_to(NIST)), "ITI-18", ", ".join((status, *codes))


if __name__ == "__main__" and SHARED.is_dir():
    text = MANUAL.read_text(encoding="utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    MANUAL.write_text(f"{before}{BEGIN}{table()}{END}{after}", encoding="utf-8")
