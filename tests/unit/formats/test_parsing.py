"""A document is parsed once and safely: what is unsafe, too big, too deep or not XML is refused with one code."""

import pytest

from patientoverblik import formats
from patientoverblik.formats.cda import parsing

OPEN = '<ClinicalDocument xmlns="urn:hl7-org:v3">'


def code_of(data: bytes) -> str:
    found = formats.parse(data)
    assert isinstance(found, formats.Unread)
    (finding,) = found.findings
    return finding.code


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "cda.empty"),
        (b" \n\t ", "cda.empty"),
        (b"hello", "cda.not-xml"),
        (b"%PDF-1.7", "cda.not-xml"),
        (b"{}", "fhir.not-a-resource"),
        (b"<a>", "cda.not-xml"),
        (b"<a></b>", "cda.not-xml"),
        (b"<p:a/>", "cda.not-xml"),
        (b"<a/><b/>", "cda.not-xml"),
        (b"<!DOCTYPE a><a/>", "cda.doctype"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "cda.doctype"),
        ('<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'.encode("utf-16"), "cda.doctype"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "cda.doctype"),
        (b"<a>&x;</a>", "cda.not-xml"),
        (b'<?xml version="1.0" encoding="UTF-8"?><a>\xe6</a>', "cda.encoding"),
        (b'<?xml version="1.0" encoding="UTF-7"?><a/>', "cda.encoding"),
        (b'<?xml version="1.0" encoding="EBCDIC-CP-DK"?><a/>', "cda.encoding"),
        (b"<a>" * 90 + b"</a>" * 90, ""),
        (b"<a>" * 120 + b"</a>" * 120, "cda.too-deep"),
        (b"<a>" * 100_000 + b"</a>" * 100_000, "cda.too-deep"),
        (b"x" * (parsing.MOST_BYTES + 1), "cda.too-large"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_its_code(data: bytes, code: str) -> None:
    if code:
        assert code_of(data) == code
    else:
        assert isinstance(formats.parse(data), formats.Parsed)


def test_a_refusal_holds_nothing_of_the_document() -> None:
    found = formats.parse(b"<secret-2512489996>")
    assert isinstance(found, formats.Unread)
    assert "2512489996" not in repr(found)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_danish_letters_survive_the_encodings_we_take(encoding: str) -> None:
    declared = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>{OPEN}<title>Smørrebrød</title></ClinicalDocument>'
    found = formats.parse(declared.encode(encoding))
    assert isinstance(found, formats.Parsed)
    assert "".join(found.root.itertext()) == "Smørrebrød"


@pytest.mark.parametrize(
    "text",
    [
        "<a/>",
        "<ClinicalDocument/>",
        f"{OPEN}</ClinicalDocument>",
        f'{OPEN}<templateId root="1.2.3"/></ClinicalDocument>',
    ],
)
def test_a_document_of_no_known_profile_is_told_so(text: str) -> None:
    found = formats.parse(text.encode())
    assert isinstance(found, formats.Parsed)
    assert formats.identify(found) is None
    unread = formats.read(found)
    assert isinstance(unread, formats.Unread)
    assert [one.code for one in unread.findings] == ["cda.no-profile"]


@pytest.mark.parametrize(
    ("inside", "code"),
    [("", "cda.no-document-id"), ('<id root="1.2.3" extension="a"/>', "cda.no-patient")],
)
def test_a_plan_without_id_or_patient_is_not_read(inside: str, code: str) -> None:
    text = f'{OPEN}<templateId root="1.2.208.184.15.1"/>{inside}</ClinicalDocument>'
    parsed = formats.parse(text.encode())
    assert isinstance(parsed, formats.Parsed)
    found = formats.read(parsed)
    assert isinstance(found, formats.Unread)
    assert found.findings[0].code == code


def test_a_comment_may_speak_of_a_doctype() -> None:
    assert isinstance(formats.parse(b"<!-- x --><?p?><!-- y --><a><!-- <!DOCTYPE a> --></a>"), formats.Parsed)
    assert code_of(b"<!-- x --><?p?>\n<!-- y --> <!DOCTYPE a><a/>") == "cda.doctype"


def test_many_comments_before_the_root_take_no_time_to_look_through() -> None:
    assert isinstance(formats.parse(b"<!-- x -->" * 20_000 + b"<a/>"), formats.Parsed)


def test_a_plan_full_of_strangers_is_told_to_be_no_plan() -> None:
    strangers = "<strange a='1'/>" * 100_000
    text = f'{OPEN}<templateId root="1.2.208.184.15.1"/><id root="1.2.3"/>{strangers}</ClinicalDocument>'
    parsed = formats.parse(text.encode())
    assert isinstance(parsed, formats.Parsed)
    found = formats.read(parsed)
    assert isinstance(found, formats.Unread)
    assert [one.code for one in found.findings] == ["cda.too-much-lost"]
