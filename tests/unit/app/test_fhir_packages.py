"""The folder of FHIR packages a deployment names: read when the service starts, and refused where it is none."""

import msgspec
import pytest

from patientoverblik.app.fhir_packages import packages_fault, profiles_in
from patientoverblik.app.token_faults import token_faults
from tests.unit.conformance.fhir.defined import URL, profile


def test_the_files_of_a_folder_and_of_those_below_it_are_made_ready(tmp_path):
    (tmp_path / "dk-core").mkdir()
    (tmp_path / "dk-core" / "goal.json").write_bytes(msgspec.json.encode(profile("one", "Goal")))
    (tmp_path / "read-me.txt").write_text("x")
    assert set(profiles_in(tmp_path).by_url) == {f"{URL}one"}
    assert packages_fault(str(tmp_path)) == ""


@pytest.mark.parametrize("name", ["goal.json", "goal.tgz"])
def test_a_file_that_cannot_be_read_is_told_before_the_service_starts(tmp_path, name):
    (tmp_path / name).write_bytes(b"x")
    faults = list(token_faults({"fhir_packages": str(tmp_path)}, "PATIENTOVERBLIK_", demo=True))
    assert [one.split()[0] for one in faults] == ["PATIENTOVERBLIK_FHIR_PACKAGES"]
    assert str(tmp_path) not in faults[0]


def test_a_folder_that_is_not_there_is_told(tmp_path):
    assert packages_fault(str(tmp_path / "none"))
