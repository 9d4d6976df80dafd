"""A profile that cannot be used stops the load and names all its faults at once, with file and line."""

from pathlib import Path

import pytest

from patientoverblik.formats.cda.engine.compiled import compile_profile
from patientoverblik.formats.cda.engine.places import PlaceFault, parse_place
from patientoverblik.formats.faults import ProfileFaults

HEAD = """
[document]
id = "t"
title = "T"
kind = "appointment"
root = "AppointmentDocument"
template = "1"
code = "x"
format_code = "x"
parts = ["plans"]

[AppointmentDocument]
like = "Everything"
of = "AppointmentDocument"
id = "id!"
patient = "recordTarget/patientRole : Patient"

[Everything]
[Everything.lost]
"""
REST = (
    "code title effective confidentiality language series version authors data_enterer informants relatives custodian recipients "
    "legal_authenticator authenticators participants fulfils period episode services related consents stay visit others"
)
PATIENT = """
[Patient]
ids = "id"
[Patient.lost]
""" + "\n".join(
    f'{name} = "-"'
    for name in ["addresses", "telecoms", "name", "gender", "birth", "marital_status", "guardians", "provider"]
)


def faults(tmp_path: Path, text: str) -> list[str]:
    folder = tmp_path / "t"
    folder.mkdir(exist_ok=True)
    (folder / "profile.toml").write_text(text, encoding="utf-8")
    try:
        compile_profile(folder)
    except ProfileFaults as found:
        return [str(one) for one in found.faults]
    return []


def whole(patient: str = PATIENT) -> str:
    return HEAD + "\n".join(f'{name} = "-"' for name in REST.split()) + patient


def test_a_profile_without_fault_loads(tmp_path: Path) -> None:
    assert faults(tmp_path, whole()) == []


@pytest.mark.parametrize(
    ("change", "to", "says"),
    [
        ('ids = "id"', 'ids = "idd"', "POCD_MT000040.PatientRole has no child idd"),
        ('ids = "id"', 'ids = "id[x"', "a bracket is not closed"),
        ('ids = "id"', 'ids = "id"\nwrong = "addr"', "Patient has no field wrong"),
        ('ids = "id"', 'ids = "id : Nothing"', "no shape or kind is called Nothing"),
        ('ids = "id"', 'ids = "$word/id"', "no word is given for $word/id"),
        ('ids = "id"', 'ids = "@strange"', "POCD_MT000040.PatientRole has no attribute strange"),
        ('name = "-"', "", "name is neither placed nor declared lost"),
        ('ids = "id"', 'ids = "id"\nname = "patient/name"', "name is both placed and lost"),
        ('ids = "id"', 'ids = "id"\nfixed = ["{@classCode}"]', "constants not understood"),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path: Path, change: str, to: str, says: str) -> None:
    text = whole(PATIENT.replace(change, to, 1))
    found = faults(tmp_path, text)
    assert any(says in one for one in found), found
    assert all(one.startswith("t/profile.toml:") for one in found)
    assert all(0 < int(one.split(":")[1]) <= len(text.splitlines()) for one in found)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    text = whole(PATIENT.replace('ids = "id"', 'ids = "idd"\nwrong = "addr"'))
    assert len(faults(tmp_path, text)) >= 2


def test_text_that_is_not_toml_is_told_with_its_line(tmp_path: Path) -> None:
    assert faults(tmp_path, "a = 1\nb = = 2\n")[0].startswith("t/profile.toml:2:")


@pytest.mark.parametrize("text", ["a[", "a{@x}", "a[x]", "nothing(x)/a", "a[own no-such-code]", "a b"])
def test_a_place_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(PlaceFault):
        parse_place(text)
