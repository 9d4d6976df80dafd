"""What is written is canonical: valid by HL7's schema, read back as the same record, and a fixpoint (DESIGN decision 7)."""

from pathlib import Path

import pytest
from lxml import etree

from patientoverblik import formats
from tests.conformance.formats.samples import name_of, read_samples
from tests.conftest import SHARED

SAMPLES = read_samples()
each_sample = pytest.mark.parametrize("path", SAMPLES, ids=name_of)


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    if not (SHARED / "data").is_dir():
        pytest.skip("shared samples are not here: data/cda/xsd")
    return etree.XMLSchema(etree.parse(SHARED / "data/cda/xsd/infrastructure/cda/CDA_SDTC.xsd"))


def parsed(data: bytes) -> formats.Parsed:
    found = formats.parse(data)
    assert isinstance(found, formats.Parsed)
    return found


@each_sample
def test_what_is_written_reads_as_the_same_record_and_is_a_fixpoint(path: Path) -> None:
    document = parsed(path.read_bytes())
    profile = formats.identify(document) or ""
    record = formats.read_record(document, profile)
    written = formats.write(record, profile)
    again = formats.read_record(parsed(written), profile)
    assert again == record
    assert formats.write(again, profile) == written
    assert formats.identify(parsed(written)) == profile


@each_sample
def test_what_is_written_loses_nothing(path: Path) -> None:
    document = parsed(path.read_bytes())
    profile = formats.identify(document) or ""
    reading = formats.read(parsed(formats.write(formats.read_record(document, profile), profile)))
    assert isinstance(reading, formats.Reading)
    assert reading.losses == ()


@each_sample
def test_what_is_written_is_valid_where_its_source_was(path: Path, schema: etree.XMLSchema) -> None:
    document = parsed(path.read_bytes())
    if not schema.validate(document.root):
        pytest.skip("the sample itself is not valid")
    profile = formats.identify(document) or ""
    written = parsed(formats.write(formats.read_record(document, profile), profile))
    schema.assertValid(written.root)


@each_sample
def test_a_kept_reading_is_the_reading(path: Path) -> None:
    reading = formats.read(parsed(path.read_bytes()))
    assert isinstance(reading, formats.Reading)
    assert formats.decode_care(formats.encode_care(reading.care)) == reading.care
    assert formats.decode_record(formats.encode_record(reading.record)) == reading.record


@pytest.mark.parametrize("folder", ["cpd", "cpd/invalid", "apd", "pdc", "phmr", "qrd", "ccda"])
def test_every_shared_document_ends_in_an_outcome(folder: str) -> None:
    """Read, or told why not with one code; nothing else happens, whatever the document."""
    for path in sorted((SHARED / "data/cda" / folder).glob("*.xml")):
        found = formats.parse(path.read_bytes())
        reading = found if isinstance(found, formats.Unread) else formats.read(found)
        if isinstance(reading, formats.Unread):
            assert [one.code for one in reading.findings] == ["cda.no-profile"], path.name
            assert folder in ("qrd", "ccda") or path.stem in ("CombinedSampleCDAPHM", "PHMR_Nancy"), path.name
