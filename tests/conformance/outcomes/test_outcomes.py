"""Every shared document ends in its listed outcome, in a fresh store of each kind; what is stored comes back byte by byte.

``outcomes.csv`` is judged by hand against what each sample was made to show and by what may be refused at the door
(unsafe or not parseable, no document id, no valid patient id, a conflict, no right): everything else is stored.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from patientoverblik.access import Actor, Evidence
from patientoverblik.care import Identifier
from patientoverblik.service import Delivery, Handed, House, Received, Refused, Retrieved, deliver, retrieve
from patientoverblik.sharing.identify import identify_any
from patientoverblik.sharing.metadata import unique_id_of
from patientoverblik.sharing.model import PatientId
from patientoverblik.storage.memory import MemoryStorage
from patientoverblik.storage.sqlite import SqliteStorage
from tests.unit.service.make import ADULT, CPR, JOB, a_house, learn, run

LISTED = list(csv.DictReader(Path(__file__).with_name("outcomes.csv").read_text(encoding="utf-8").splitlines()))
FOLDERS = ("cpd", "cpd/invalid", "apd", "pdc", "phmr", "qrd", "ccda")
GRAVITY = ("error", "warning", "information")
OLD_CPR_ROOT = b"2.16.840.1.113883.3.4208.100.2"


@pytest.fixture(params=["memory", "sqlite"])
def house(request, tmp_path) -> Iterator[House]:
    """A house over a fresh store of one kind."""
    storage = MemoryStorage() if request.param == "memory" else SqliteStorage(tmp_path / "fresh.sqlite3")
    yield a_house(storage=storage)
    storage.close()


def sample(shared: Path, name: str) -> bytes:
    return (shared / "data/cda" / name).read_bytes()


def delivered(house: House, data: bytes) -> Received | Refused:
    return run(deliver(house, JOB, Delivery((Handed(data),))))


def fetched(house: House, data: bytes, entry: str) -> bytes:
    """The bytes as the patient, known to the register as an adult, retrieves them."""
    patient = patient_of(data)
    key = house.storage.reader().patient_key(patient)
    learn(house, Evidence(person=ADULT), key)
    answer = run(retrieve(house, Actor("citizen", "self", person=key), "own-overview", entry, patient))
    assert isinstance(answer, Retrieved)
    return answer.data


def identifiers(data: bytes, path: str) -> list[Identifier]:
    from lxml import etree

    found = etree.fromstring(data).iterfind(path, {"h": "urn:hl7-org:v3"})
    return [Identifier(system=one.get("root"), value=one.get("extension", "")) for one in found]


def patient_of(data: bytes) -> PatientId:
    return identify_any(identifiers(data, "h:recordTarget/h:patientRole/h:id"))[0]


def as_row(answer: Received | Refused) -> dict[str, str]:
    """An answer in the columns of the table; ``worst`` are the codes of the gravest severity found."""
    if isinstance(answer, Refused):
        codes = {finding.code for finding in answer.findings}
        return {"outcome": "refused", "profile": "", "gravest": "error", "worst": " ".join(sorted(codes)), "lost": ""}
    receipt = answer.receipts[0]
    gravest = next((level for level in GRAVITY if any(one.severity == level for one in receipt.findings)), "")
    worst = sorted({one.code for one in receipt.findings if one.severity == gravest})
    return {
        "outcome": receipt.status,
        "profile": receipt.profile,
        "gravest": gravest,
        "worst": " ".join(worst),
        "lost": str(len(receipt.losses)) if receipt.profile else "",
    }


def test_the_table_lists_every_shared_document_once(shared):
    here = [f"{folder}/{path.name}" for folder in FOLDERS for path in (shared / "data/cda" / folder).glob("*.xml")]
    assert sorted(row["file"] for row in LISTED) == sorted(here)
    assert all(row["why"] for row in LISTED)


@pytest.mark.parametrize("row", LISTED, ids=lambda row: row["file"].removesuffix(".xml"))
def test_a_document_ends_in_its_listed_outcome(shared, house, row):
    data = sample(shared, row["file"])
    answer = delivered(house, data)
    assert as_row(answer) == {name: row[name] for name in ("outcome", "profile", "gravest", "worst", "lost")}
    if isinstance(answer, Received):
        assert fetched(house, data, answer.receipts[0].entry) == data
        assert fetched(house, data, answer.receipts[0].unique_id) == data
    else:
        assert answer.code in row["worst"].split()
        assert nothing_is_stored(house, data)


def nothing_is_stored(house: House, data: bytes) -> bool:
    named = [unique_id_of(one) for one in identifiers(data, "h:id")]
    return not any(house.storage.reader().locate_unique(unique_id) for unique_id in named)


@pytest.mark.parametrize(
    ("name", "outcome", "code"),
    [
        ("phmr/Ex1-Weight_measurement.invalid.model.xml", "stored-with-findings", "structure.unknown-attribute"),
        ("phmr/Ex1-Weight_measurement.invalid.ssn.xml", "refused", "sharing.no-patient-id"),
        ("phmr/Ex1-Weight_measurement.invalid.replacement.ssn.xml", "refused", "sharing.no-patient-id"),
    ],
)
def test_the_fault_a_sample_was_made_for_decides_where_its_number_stands_under_the_register(
    shared, house, name, outcome, code
):
    """As shared the three name their patient under a root that is no register's; here under the CPR register's."""
    data = sample(shared, name).replace(OLD_CPR_ROOT, CPR.system.encode())
    answer = delivered(house, data)
    row = as_row(answer)
    assert (row["outcome"], code in row["worst"].split()) == (outcome, True)
    if isinstance(answer, Received):
        assert fetched(house, data, answer.receipts[0].entry) == data


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("ccda/C-CDA_R2.1_Care_Plan.xml", b'extension="444222222" root="2.16.840.1.113883.4.1"'),
        ("phmr/CombinedSampleCDAPHM.xml", b'extension="996-756-495" root="2.16.840.1.113883.19.5"'),
    ],
)
def test_a_foreign_document_about_a_danish_patient_is_kept(shared, house, name, own):
    data = sample(shared, name)
    assert own in data
    data = data.replace(own, f'extension="{CPR.value}" root="{CPR.system}"'.encode())
    answer = delivered(house, data)
    assert isinstance(answer, Received)
    assert fetched(house, data, answer.receipts[0].entry) == data
