"""NIST's messages that build upon each other, each sequence at a door of its own: replace, append, folders, resubmission,
retrieval, on demand. The ids that the toolkit fills in at run time are those our registry gave.

What NIST registers by ITI-42 is provided with bytes here, so that one sequence leads to the next, but for the
resubmission (12004), which is about metadata alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from lxml import etree

from patientoverblik.edges.soap.ebrim import RegistryObject, read_objects
from patientoverblik.edges.soap.names import LCM, RIM
from tests.doors.soap.test_nist import BYTES, NIST, SOURCE, UNIQUE_NUMBERS, converted, pytestmark  # noqa: F401
from tests.doors.soap.world import NANCY, Door, body_of, told_of

FIND_ALL = "urn:uuid:10b545ea-725c-446d-9b95-8aeb444eddf3"
STATUS = "urn:oasis:names:tc:ebxml-regrep:StatusType:"
DOCUMENT = "urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab"
OURS = (
    ('mimeType="text/xml"', 'mimeType="text/plain"'),
    ("^^^^^&amp;1.2.3&amp;ISO^^^^CleveClin", ""),
    ("^^^^^^^^^1.2.3", ""),
)
"""What NIST's documents are not here: the bytes are plain text, and they come from no organisation that another speaks
for."""


class Step(NamedTuple):
    """A message, how it is sent, and what is to come."""

    path: str
    way: str
    answer: tuple[str, ...] = ("Success",)


SEQUENCES: tuple[tuple[Step, ...], ...] = (
    (Step("11990/submit/single_doc.xml", "provide"),),
    (Step("11991/submit/two_doc.xml", "provide"),),
    (Step("11992/submit/metadata.xml", "provide"), Step("11992/rplc/metadata.xml", "provide")),
    (
        Step("11992/submit/metadata.xml", "provide"),
        Step("11993/apnd/metadata.xml", "provide"),
        Step("11993/rplc/metadata.xml", "provide"),
    ),
    (Step("12000/submit/metadata.xml", "provide"), Step("12001/add_to_folder/metadata.xml", "provide")),
    (
        Step("12004/submit/single_doc.xml", "register"),
        Step("12004/submit/single_doc2.xml", "register"),
        Step("12004/submit/single_doc3.xml", "register", ("Failure", "XDSNonIdenticalHash")),
    ),
    (Step("12021/submit/two_doc.xml", "provide"), Step("12021/retrieve/query.xml", "retrieve")),
    (Step("11966/submit/single_doc.xml", "provide"), Step("12029/retrieve/query.xml", "retrieve")),
    (
        Step("15805/Register_OD/single_ondemand_doc.xml", "on-demand"),
        Step("15805/Register_Snapshot/single_stable_doc.xml", "provide"),
    ),
    (Step("11983/submit_no_metadata/no_doc.xml", "bytes-alone", ("Failure", "XDSMissingDocumentMetadata")),),
)


def played(sequence: tuple[Step, ...], run: int) -> Iterator[tuple[Step, tuple[str, ...]]]:
    """What our door answers each message of a sequence: status, and the codes of a failure."""
    door = Door()
    for number, step in enumerate(sequence):
        status, errors = _answered(door, step, run + number, run)
        yield step, (status, *(dict.fromkeys(error.split()[0] for error in errors) if status == "Failure" else ()))


def _answered(door: Door, step: Step, run: int, first: int) -> tuple[str, list[str]]:
    if step.way == "retrieve":
        return _retrieved(door, step)
    objects, documents = converted(NIST / step.path, run, keep_hash=step.way == "register")
    for words, others in (*_filled_in(door).items(), *OURS):
        objects = objects.replace(words, others)
    if step.way == "provide":
        return told_of(door.provide(objects, dict.fromkeys(documents, BYTES)))
    if step.way == "bytes-alone":
        return told_of(door.provide(objects, {"Document01": BYTES}))
    objects = objects.replace(f"1.19.{run}.{UNIQUE_NUMBERS[run, 'Document01']}", f"1.19.{first}.document")
    number = "iti42" if step.way == "register" else "iti61"
    return _registered(door, number, objects)


def _registered(door: Door, number: str, objects: str) -> tuple[str, list[str]]:
    actions = {"iti42": "2007:RegisterDocumentSet-b", "iti61": "2010:RegisterOnDemandDocumentEntry"}
    body = (
        f'<l:SubmitObjectsRequest xmlns:l="{LCM}" xmlns:rim="{RIM}"><rim:RegistryObjectList>{objects}'
        "</rim:RegistryObjectList></l:SubmitObjectsRequest>"
    )
    return told_of(door.ask(f"/dros/{number}", f"urn:ihe:iti:{actions[number]}", body, system=True))


def _retrieved(door: Door, step: Step) -> tuple[str, list[str]]:
    text = (NIST / step.path).read_text(encoding="utf-8").strip().replace("$repuid$", door.house.repository)
    for number, one in enumerate((one for one in held(door) if one.kind == "entry"), start=1):
        text = text.replace(f"$docuid{number}$", one.identifiers[DOCUMENT])
    return told_of(door.ask("/ddsrepository", "urn:ihe:iti:2007:RetrieveDocumentSet", text))


def held(door: Door) -> tuple[RegistryObject, ...]:
    """Everything of the patient that the registry holds."""
    both = f"('{STATUS}Approved','{STATUS}Deprecated')"
    types = "('urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1','urn:uuid:34268e47-fdf5-41a6-ba33-82133c465248')"
    answer = door.query(
        FIND_ALL,
        ("$patientId", f"'{NANCY}^^^&1.2.208.176.1.2&ISO'"),
        *((name, both) for name in ("$XDSDocumentEntryStatus", "$XDSSubmissionSetStatus", "$XDSFolderStatus")),
        ("$XDSDocumentEntryType", types),
    )
    listed = next(etree.fromstring(body_of(answer)).iter(f"{{{RIM}}}RegistryObjectList"), None)
    return () if listed is None else read_objects(listed)


def _filled_in(door: Door) -> dict[str, str]:
    """The variables of NIST's messages: the document there is, the newest of several, and the folder."""
    found = held(door)
    entries = [one.id for one in found if one.kind == "entry"]
    folders = [one.id for one in found if one.kind == "package" and SOURCE not in one.identifiers]
    names = {f"${name}$": entries[0] for name in ("rplc_doc_uuid", "apnd_doc_uuid", "od_doc_uuid") if entries}
    return names | ({"$Folder$": folders[0]} if folders else {})


@pytest.mark.parametrize("sequence", SEQUENCES, ids=lambda sequence: sequence[-1].path)
def test_a_sequence_comes_out_as_nist_says(sequence: tuple[Step, ...]) -> None:
    came = list(played(sequence, 500 + 10 * SEQUENCES.index(sequence)))
    assert [answer for _, answer in came] == [step.answer for step in sequence]
