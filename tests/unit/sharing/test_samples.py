"""Metadata of the shared samples, against what their headers say (written down from the headers by hand)."""

from pathlib import Path

import pytest

from patientoverblik.sharing import Described, Said, describe

SAID = Said("1.2.3", "urn:oid:1.2.208.176.8.1")


def described(path: Path) -> Described:
    from patientoverblik import formats

    data = path.read_bytes()
    parsed = formats.parse(data)
    return describe(data, parsed if isinstance(parsed, formats.Unread) else formats.read(parsed), SAID, {})


def test_an_appointments_metadata(shared: Path) -> None:
    result = described(shared / "data/cda/apd/DK-APD_Example_1.xml")
    entry = result.entry
    assert entry.unique_id == "1.2.208.184^aa2386d0-79ea-11e3-981f-0800200c9a66"
    assert entry.created == 1_484_298_000_000  # 20170113100000+0100
    assert (entry.service_start, entry.service_stop) == (1_496_224_800_000, 1_496_228_400_000)
    assert entry.type_code is not None
    assert (entry.type_code.code, entry.parts) == ("39289-4", ("appointments",))
    assert [one.organisation.value for one in entry.authors if one.organisation] == ["242621000016001"]
    assert [patient.value for patient in result.patients] == ["2512489996"]


def test_a_plan_of_2018_is_named_by_its_uuid_and_belongs_to_its_series(shared: Path) -> None:
    entry = described(shared / "data/cda/cpd/CPD-DK_Care_Plan_Diabetes_Example_1_2018-11-02.xml").entry
    assert entry.unique_id == "31D27E18-C69D-4AF6-AE46-0414695AE8FD"
    assert (entry.series, entry.series_version) == ("A7CA2951-CF03-4D8E-AE14-BAC25051E850", 1)
    assert entry.parts == ("plans",)


@pytest.mark.parametrize("folder", ["apd", "cpd", "pdc", "phmr"])
def test_every_sample_of_ours_has_an_id_a_part_and_no_patients_number_in_its_findings(
    shared: Path, folder: str
) -> None:
    for path in sorted((shared / "data/cda" / folder).glob("*.xml")):
        result = described(path)
        if result.entry.state == "read":
            assert result.entry.unique_id
            assert result.entry.parts
        told = "".join(finding.place + finding.about for finding in result.entry.findings)
        assert not any(patient.value in told for patient in result.patients)
