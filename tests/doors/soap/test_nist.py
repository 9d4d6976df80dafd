"""NIST's messages, run in the order of their test plans: submissions turned from ebRIM 2.1 to 3.0, queries as they are.

NIST's documents name no Danish patient and no Danish codes, so the Danish rules are warnings here; the patient, the ids
that the toolkit fills in at run time and the documents' bytes are put in their places.
"""

from __future__ import annotations

import re
from hashlib import sha1
from pathlib import Path

import pytest
from lxml import etree

from patientoverblik.edges.soap.ebrim import read_objects
from patientoverblik.edges.soap.names import QUERY, RIM
from tests.conftest import SHARED
from tests.doors.soap.world import NANCY, Door, body_of, told_of

NIST = SHARED / "data/xds/nist"
pytestmark = pytest.mark.skipif(not NIST.is_dir(), reason="shared samples are not here: data/xds/nist")
OLD = "urn:oasis:names:tc:ebxml-regrep:rim:xsd:2.1"
KINDS = {"ExtrinsicObject", "RegistryPackage", "Association", "Classification"}
RELATIONS = {"HasMember": "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember"}
PATIENT = f"{NANCY}^^^&amp;1.2.208.176.1.2&amp;ISO"
FOREIGN = re.compile(r"\$patient_?id\$|[0-9a-zA-Z]+\^\^\^&amp;[0-9.]+&amp;ISO")
UNIQUE = {
    "urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab",
    "urn:uuid:96fdda7c-d067-4183-912e-bf5ee74998a8",
    "urn:uuid:75df8f67-9973-4fbe-a900-df66cefecc5a",
}
PATIENTS = {
    "urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427",
    "urn:uuid:6b5aea1a-874d-4603-a4bc-96a0a7b38446",
    "urn:uuid:f64ffdf0-4b97-4e06-b79f-a52b38ec2f8a",
}
SOURCE = "urn:uuid:554ac39e-e3fe-47fe-b233-965d2a147832"
BYTES = b"A document of NIST's tests, in plain text."


def converted(path: Path, run: int, keep_hash: bool = False) -> tuple[str, list[str]]:
    """The registry objects of a message as ebRIM 3.0, with ids of this run, and the ids of its documents."""
    text = FOREIGN.sub(PATIENT, path.read_text(encoding="utf-8")).replace(OLD, RIM)
    root = etree.fromstring(text.encode())
    made, documents = [], []
    for one in root.iter(f"{{{RIM}}}*"):
        name = etree.QName(one).localname
        parent = one.getparent()
        if name not in KINDS or etree.QName(parent).localname in KINDS:
            continue
        _adapt(one, run, keep_hash)
        documents += [one.get("id", "")] if name == "ExtrinsicObject" else []
        made.append(etree.tostring(one, encoding="unicode"))
    return "".join(made), documents


def _adapt(one: etree._Element, run: int, keep_hash: bool) -> None:
    if type_ := one.get("associationType"):
        one.set(
            "associationType",
            RELATIONS.get(type_, type_ if ":" in type_ else f"urn:ihe:iti:2007:AssociationType:{type_}"),
        )
    for identifier in one.iter(f"{{{RIM}}}ExternalIdentifier"):
        scheme = identifier.get("identificationScheme")
        if scheme in UNIQUE:
            identifier.set(
                "value", f"1.19.{run}.{UNIQUE_NUMBERS.setdefault((run, one.get('id')), len(UNIQUE_NUMBERS))}"
            )
        elif scheme in PATIENTS:
            identifier.set("value", PATIENT.replace("&amp;", "&"))
        elif scheme == SOURCE:
            identifier.set("value", "1.3.6.1.4.1.21367.4")
    for slot in list(one.iterchildren(f"{{{RIM}}}Slot")):
        if slot.get("name") in ("hash", "size") and not keep_hash:
            one.remove(slot)


UNIQUE_NUMBERS: dict[tuple[int, str | None], int] = {}


def provide(door: Door, path: str, run: int, brings: bool = True, **how: bool) -> tuple[str, list[str]]:
    objects, documents = converted(NIST / path, run, **how)
    return told_of(door.provide(objects, dict.fromkeys(documents, BYTES) if brings else {}))


def code(answer: tuple[str, list[str]]) -> tuple[str, set[str]]:
    return answer[0], {error.split()[0] for error in answer[1]}


@pytest.mark.parametrize(
    "path", ["11966/submit/single_doc.xml", "11979/submit/two_doc.xml", "12021/submit/two_doc.xml"]
)
def test_submissions_that_must_succeed(path: str) -> None:
    door = Door()
    assert provide(door, path, 1)[0] == "Success"
    asked = (
        ("$XDSDocumentEntryPatientId", f"'{NANCY}^^^&1.2.208.176.1.2&ISO'"),
        ("$XDSDocumentEntryStatus", "('urn:oasis:names:tc:ebxml-regrep:StatusType:Approved')"),
    )
    answer = door.query("urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d", *asked)
    (listed,) = etree.fromstring(body_of(answer)).iter(f"{{{RIM}}}RegistryObjectList")
    found = read_objects(listed)
    assert len(found) == (1 if "single" in path else 2)
    institutions = found[0].of_scheme("urn:uuid:93606bcf-9494-43ec-9b4e-a7748d1a838d")[0].slots["authorInstitution"]
    assert institutions == ("Cleveland Clinic", "Parma Community")
    assert {one.slot("hash") for one in found} == {sha1(BYTES, usedforsecurity=False).hexdigest()}
    assert found[0].slots["creationTime"] == ("20051224",)


@pytest.mark.parametrize(
    ("path", "brings", "expected"),
    [
        ("11983/submit_no_doc/no_doc.xml", True, "XDSMissingDocumentMetadata"),
        ("11983/submit_no_metadata/single_doc.xml", False, "XDSMissingDocument"),
        ("12369/hash/single_doc.xml", True, "XDSRepositoryMetadataError"),
        ("12369/size/single_doc.xml", True, "XDSRepositoryMetadataError"),
    ],
)
def test_submissions_that_must_be_refused(path: str, brings: bool, expected: str) -> None:
    door = Door()
    objects, documents = converted(NIST / path, 1, keep_hash=True)
    held = dict.fromkeys(documents or ["Document01"], BYTES) if brings else {}
    status, codes = code(told_of(door.provide(objects, held)))
    assert status == "Failure"
    assert expected in codes


@pytest.mark.parametrize("path", sorted(NIST.glob("**/*uery*.xml")), ids=lambda path: str(path.relative_to(NIST)))
def test_queries_are_answered(path: Path) -> None:
    door = filled()
    text = FOREIGN.sub(PATIENT, path.read_text(encoding="utf-8"))
    root = etree.fromstring(text.encode())
    if root.tag != f"{{{QUERY}}}AdhocQueryRequest":
        pytest.skip("not a stored query")
    answer = door.ask("/ddsregistry", "urn:ihe:iti:2007:RegistryStoredQuery", etree.tostring(root, encoding="unicode"))
    wrong = "scheme_mismatch" in str(path)
    both = any(name in str(path) for name in ("SSAndContents",))
    assert told_of(answer)[0] == ("Failure" if wrong or both else "Success"), answer.text


FILLED: list[Door] = []


def filled() -> Door:
    if not FILLED:
        FILLED.append(Door())
        assert provide(FILLED[0], "11979/submit/two_doc.xml", 9)[0] == "Success"
    return FILLED[0]


def test_the_manual_tells_todays_results() -> None:
    from tests.doors.soap.nist_table import BEGIN, END, MANUAL, table

    kept = MANUAL.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    assert kept == table()
