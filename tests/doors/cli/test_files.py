"""``read`` and ``check``: a document without server or database. Exit codes: 0 fine, 1 errors, 2 not readable."""

import re

import pytest
from lxml import etree

from patientoverblik.edges.cli.command import VERBS
from tests.conftest import SHARED
from tests.doors.cli.program import cached_call as call

PREFIXES = {
    "h": "urn:hl7-org:v3",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "sdtc": "urn:hl7-org:sdtc",
}
PLAN = "cpd/CPD-DK_Care_Plan_Diabetes_Example_1_2018-11-02.xml"
APPOINTMENT = "apd/DK-APD_Example_1.xml"
MEASUREMENTS = "phmr/Ex1-Weight_measurement-MODIFIED.xml"
FAULTY = "cpd/invalid/CPD-DK_Care_Plan_Diabetes_Example_1_2018-11-02_NoHealthConcernText.xml"
FRAGMENT = "ccda/care-plan-performer-example.xml"
QUESTIONNAIRE = "qrd/QRD_KOL_Example_1_Matis.xml"
STEP = re.compile(r"(?:(?:h|sdtc):[A-Za-z]+|\*\[namespace-uri\(\)='[^']+'[^\]]*\])(?:\[\d+\])?")


@pytest.fixture
def sample(shared):
    return lambda name: shared / "data/cda" / name


def test_read_says_what_a_plan_says_in_words(sample):
    ended = call("read", sample(PLAN))
    assert ended.code == 0
    assert "  profile     cpd-1.0.1" in ended.out
    assert "  measurements (20)" in ended.out
    assert "Fodterapeut mindst 1 gang årligt" in ended.out
    assert "22,5 mmol/mol" in ended.out
    assert "2 lost" in ended.out


def test_read_needs_no_database(sample, tmp_path):
    database = tmp_path / "none" / "never.sqlite3"
    assert call("read", sample(PLAN), database=database).code == 0
    assert not database.parent.exists()


def test_read_takes_a_document_from_standard_input(sample):
    ended = call("read", "-", stdin=sample(APPOINTMENT).read_bytes())
    assert ended.code == 0
    assert "appointments (1)" in ended.out


def test_read_as_json_gives_the_whole_reading_with_the_narrative(sample):
    reading = call("read", "--json", sample(PLAN)).json
    assert set(reading) == {"profile", "stamp", "books", "record", "care", "losses", "findings"}
    assert set(reading["books"]) == {"read", "constant", "quiet", "lost"}
    assert reading["profile"] == "cpd-1.0.1"
    assert len(reading["care"]["measurements"]) == 20
    document = etree.parse(sample(PLAN)).getroot()
    told = letters(str(reading["record"]))
    for text in document.xpath("//h:section/h:text//text()", namespaces=PREFIXES):
        assert letters(text) in told


def letters(text: str) -> str:
    return "".join(re.findall(r"\w", text))


def test_read_losses_as_json_is_a_list_of_places_and_reasons_and_each_place_is_found_once(sample):
    losses = call("read", "--losses", "--json", sample(MEASUREMENTS)).json
    assert len(losses) == 22
    document = etree.parse(sample(MEASUREMENTS)).getroot()
    for loss in losses:
        assert set(loss) == {"place", "reason"}
        assert len(document.xpath(loss["place"], namespaces=PREFIXES)) == 1


def test_a_loss_of_a_foreign_element_is_placed_by_its_namespace_with_positions(sample):
    foreign = b'<x xmlns="urn:foreign" a="1"><y>words</y></x>'
    data = sample(APPOINTMENT).read_bytes().replace(b"</patientRole>", b"</patientRole>" + foreign, 1)
    losses = call("read", "--losses", "--json", "-", stdin=data).json
    document = etree.fromstring(data)
    assert {len(document.xpath(loss["place"], namespaces=PREFIXES)) for loss in losses} == {1}
    assert any("*[namespace-uri()='urn:foreign'" in loss["place"] for loss in losses)
    for loss in losses:
        steps = [step for step in split(loss["place"]) if not step.startswith(("@", "text()"))]
        assert steps[0] == "h:ClinicalDocument"
        assert all(STEP.fullmatch(step) and step.endswith("]") for step in steps[1:])


def split(place: str) -> list[str]:
    """The steps of an absolute XPath; a slash inside a condition is none."""
    return re.findall(r"((?:\[[^\]]*\]|[^/\[])+)", place.removeprefix("/"))


def test_read_losses_of_a_document_without_any_is_an_empty_list(sample):
    assert call("read", "--losses", "--json", sample(APPOINTMENT)).json == []
    assert call("read", "--losses", sample(APPOINTMENT)).out == "Nothing was lost.\n"


def test_read_as_cda_writes_a_document_that_reads_alike(sample):
    written = call("read", "--as", "cda", sample(PLAN))
    again = call("read", "--json", "-", stdin=written.raw).json
    assert written.code == 0
    assert again["care"]["goals"] == call("read", "--json", sample(PLAN)).json["care"]["goals"]
    assert again["losses"] == []


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "cda.empty"),
        (b"Dear colleague", "cda.not-xml"),
        (b"<a/>", "structure.not-a-cda-document"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "cda.doctype"),
    ],
    ids=["empty", "letter", "other XML", "doctype"],
)
def test_read_says_what_is_wrong_with_what_is_no_document(data, code):
    ended = call("read", "-", stdin=data)
    assert ended.code == 2
    assert code in ended.out
    assert [each["code"] for each in call("read", "--json", "-", stdin=data).json["findings"]] == [code]


def test_read_tells_a_document_of_another_kind_from_no_document(sample):
    assert "cda.no-profile" in call("read", sample(QUESTIONNAIRE)).out
    assert "structure.not-a-cda-document" in call("read", sample(FRAGMENT)).out


@pytest.mark.parametrize("command", ["read", "check"])
def test_a_file_that_cannot_be_opened_is_one_line(command, tmp_path):
    for name in (tmp_path / "none.xml", tmp_path):
        ended = call(command, name)
        assert (ended.code, ended.out) == (2, "")
        assert ended.err == "cli.file-not-opened: The file could not be opened\n"


def test_check_of_a_document_without_errors_is_0_though_it_has_warnings(sample):
    ended = call("check", sample(PLAN))
    assert ended.code == 0
    assert ended.out.startswith("Profile: cpd-1.0.1. 0 errors, ")


def test_check_of_a_document_with_errors_is_1_and_each_has_code_place_line_and_both_texts(sample):
    ended = call("check", "--json", sample(FAULTY))
    assert ended.code == 1
    assert ended.json["profile"] == "cpd-1.0.1"
    errors = [finding for finding in ended.json["findings"] if finding["severity"] == "error"]
    assert [(error["code"], error["line"] > 0) for error in errors] == [("profile.missing", True)]
    assert all(set(each) == {"code", "severity", "place", "line", "da", "en"} for each in ended.json["findings"])
    assert all(each["da"] and each["en"] for each in ended.json["findings"])


def test_check_of_what_cannot_be_read_is_2():
    ended = call("check", "--json", "-", stdin=b"<not")
    assert ended.code == 2
    assert [finding["code"] for finding in ended.json["findings"]] == ["cda.not-xml"]


def test_a_finding_never_holds_the_patients_number(sample):
    data = sample(APPOINTMENT).read_bytes().replace(b"2512489996", b"2512489996x")
    for command in ("check", "read"):
        assert "2512489996" not in str(call(command, "--json", "-", stdin=data).json["findings"])


def test_no_word_and_a_wrong_word_are_answered_with_help_and_never_repeated():
    assert call().code == 2
    assert "COMMAND" in call().out
    wrong = call("show", "Nancy Berggren")
    assert wrong.code == 2
    assert "Nancy" not in wrong.err
    assert "never given on the command line" in wrong.err
    assert "Berggren" not in call("Berggren").err


def test_a_number_among_the_words_is_not_repeated():
    """``call`` itself holds that no number stands in what is told as an error."""
    assert call("find", "251248-9996").code == 2
    assert call("251248-9996").code == 2


def test_the_help_names_every_command_and_the_endings():
    shown = call("--help").out
    for command in VERBS:
        assert re.search(rf"^    {command}(?: |$)", shown, re.MULTILINE)
    assert "Exit codes" in shown


pytestmark = pytest.mark.skipif(
    not (SHARED / "data").is_dir(), reason=f"shared samples are not here: {SHARED.name}/data"
)
