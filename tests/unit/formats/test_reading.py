"""What single documents show: warnings for quirks, the way back to the profile's line, and whole readings."""

from pathlib import Path

import pytest

from patientoverblik import formats
from patientoverblik.formats.cda.constructs import CONSTRUCTS, coded, meant
from patientoverblik.formats.cda.datatypes import CD
from patientoverblik.problems import CATALOGUE
from tests.conftest import SHARED

CPD = SHARED / "data/cda/cpd"
DIABETES = CPD / "CPD-DK_Care_Plan_Diabetes_Example_1_2018-11-02.xml"
NOTE = Path(formats.__file__).parent / "cda/profiles/kontaktnotat/samples/document.xml"
needs_samples = pytest.mark.skipif(not (SHARED / "data").is_dir(), reason="shared samples are not here: data/cda")


def parsed(path: Path, *changes: tuple[str, str]) -> formats.Parsed:
    text = path.read_text("utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    found = formats.parse(text.encode())
    assert isinstance(found, formats.Parsed)
    return found


def codes(path: Path, *changes: tuple[str, str]) -> set[str]:
    reading = formats.read(parsed(path, *changes))
    assert isinstance(reading, formats.Reading)
    return {one.code for one in reading.findings}


@needs_samples
@pytest.mark.parametrize(
    ("path", "code"),
    [
        (DIABETES, "cda.document-id-without-extension"),
        (CPD / "DK-CPD_Care_Plan_GGOP_specialiseret_Example_2019-01-22.xml", "cda.series-without-version"),
        (CPD / "DK-CPD_Care_Plan_GGOP_specialiseret_Example_2019-01-22.xml", "cda.code-system-not-oid"),
        (CPD / "invalid" / f"{DIABETES.stem}_NoGoalSectionTemplateId.xml", "cda.found-without-template"),
        (SHARED / "data/cda/apd/DK-APD_Example_1_2_apd_maximum.xml", "cda.document-id-not-uuid"),
        (SHARED / "data/cda/apd/DK-APD_Example_1_2_apd_maximum.xml", "cda.requester-code"),
    ],
)
def test_a_quirk_is_read_with_a_warning(path: Path, code: str) -> None:
    assert code in codes(path)


@needs_samples
@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("#PatientGoal1", "#Nowhere"), "cda.reference-without-target"),
        (("3700B3B0-FBED-11E2-B778-0800200C9A66", "85FA4B62-E3A9-4385-B064-FE04CCA35ADB"), "cda.id-not-unique"),
        (("<given>Anders</given>", ""), "cda.name-in-one-part"),
        (('classCode="ACT" moodCode="INT"', 'classCode="OBS" moodCode="INT"'), "cda.constant-tolerated"),
    ],
)
def test_a_quirk_put_into_a_plan_is_told(change: tuple[str, str], code: str) -> None:
    before = codes(DIABETES, ("<prefix>Læge</prefix>", ""))
    assert code not in before
    assert code in codes(DIABETES, ("<prefix>Læge</prefix>", ""), change)


MARKER = """<documentationOf><serviceEvent classCode="MPROT"><templateId root="1.2.208.184.10.1.10"/>
<id root="1.2.208.184" extension="cpd-v2.0.0" assigningAuthorityName="MedCom"/></serviceEvent></documentationOf>"""


@needs_samples
def test_the_version_marker_decides_the_edition_and_its_quirks_are_read() -> None:
    first = '<templateId root="1.2.208.184.15.1.10.20.3.2"'
    reading = formats.read(
        parsed(
            DIABETES, ("<!-- documentationOf TBD -->", MARKER), (first, '<templateId root="1.208.184.15.1.10.20.3.2"')
        )
    )
    assert isinstance(reading, formats.Reading)
    assert reading.profile == "cpd-2.0.0"
    assert "cda.constant-tolerated" in {one.code for one in reading.findings}
    assert len(reading.losses) == 2


@needs_samples
def test_a_marker_of_an_edition_nobody_knows_is_not_read_as_an_older_one() -> None:
    assert (
        formats.identify(parsed(DIABETES, ("<!-- documentationOf TBD -->", MARKER.replace("v2.0.0", "v3.0.0")))) is None
    )


@needs_samples
@pytest.mark.parametrize(
    ("place", "ends", "line"),
    [
        ("goals.groups[0].items[0]", "h:observation[1]", "[Goal]"),
        ("goals.groups[0].items[0].words", "h:observation[1]", "[Goal] words"),
        ("interventions.groups[0].items[2]", "h:encounter[1]", "[Intervention]"),
        ("", "h:ClinicalDocument", "[CarePlanDocument]"),
    ],
)
def test_a_line_leads_back_to_its_element_and_the_profiles_line(place: str, ends: str, line: str) -> None:
    found = formats.explain(parsed(DIABETES), place)
    assert found is not None
    assert found[0].endswith(ends)
    assert line in found[1]
    assert ".toml:" in found[1]


@needs_samples
@pytest.mark.parametrize("place", ["goals.groups[7]", "nothing", "goals..x", "goals.groups[0].items[0]]"])
def test_a_place_that_is_not_there_is_not_explained(place: str) -> None:
    assert formats.explain(parsed(DIABETES), place) is None


def test_every_profile_says_what_it_is() -> None:
    heads = {head.id: head for head in formats.profiles()}
    assert {one for one, head in heads.items() if head.example} == {
        "koordinerende-indsatsplan",
        "egne-maal",
        "kontaktnotat",
        "overdragelsessvar",
        "henvendelse",
    }
    assert {
        "cpd-1.0.1",
        "cpd-2.0.0",
        "apd-1",
        "apd-2.0.1",
        "pdc-2.0",
        "pdc-2.0-draft",
        "pdc-3.0",
        "phmr",
    } <= heads.keys()
    assert heads["koordinerende-indsatsplan"].parts == ("plans", "psychiatry")
    assert len({formats.stamp(one) for one in heads}) == len(heads)


def test_codes_of_our_own_are_known_by_system_and_code() -> None:
    assert meant(coded("plan-status.on-hold")) == "plan-status.on-hold"
    assert meant(CD(code="plan-status.on-hold", system="1.2.3")) == ""
    assert meant(None) == ""
    assert all(code.display == code.display.strip() and code.display for code in CONSTRUCTS.values())


def test_every_code_a_reading_may_tell_is_in_the_catalogue() -> None:
    source = Path(formats.__file__).parent / "cda"
    told = {
        word for path in source.glob("*.py") for word in path.read_text("utf-8").split('"') if word.startswith("cda.")
    }
    told |= {
        word
        for path in source.glob("engine/*.py")
        for word in path.read_text("utf-8").split('"')
        if word.startswith("cda.")
    }
    assert told <= CATALOGUE.keys()
    assert told >= {code for code in CATALOGUE if code.startswith("cda.")} - {"cda.view-not-readable"}


def test_only_a_person_whose_name_is_plain_text_is_told_of() -> None:
    """Names of places and organisations are plain text by the norm; a person's is to be in parts."""
    whole = "<given>Henrik</given>\n          <family>Prøvesen</family>"
    assert not {"cda.name-as-text", "cda.name-in-one-part"} & codes(NOTE)
    assert "cda.name-as-text" in codes(NOTE, (whole, "Henrik Prøvesen"))


def test_losses_are_told_once_with_how_many_there_are() -> None:
    """One finding at the first place, not one for each."""
    more = ("<languageCode ", '<languageCode nullFlavor="NI" nullFlavorReason="x" ')
    reading = formats.read(parsed(NOTE, more))
    assert isinstance(reading, formats.Reading)
    told = [one for one in reading.findings if one.code == "cda.places-lost"]
    assert [one.about for one in told] == [str(len(reading.losses))]
    assert len(reading.losses) == 2
