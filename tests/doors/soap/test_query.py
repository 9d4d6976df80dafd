"""Stored queries: values as the norm writes them and as peers do, and every fault at once."""

import re
from pathlib import Path

import pytest
from lxml import etree

from patientoverblik.edges.soap.names import QUERY, RIM
from patientoverblik.edges.soap.query import StoredQuery, parameters, read_query
from patientoverblik.problems import CATALOGUE, Finding
from patientoverblik.sharing.model import Code, PatientId
from tests.conftest import SHARED

NANCY = "2512489996^^^&1.2.208.176.1.2&ISO"
FIND = "urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d"
APPROVED = "('urn:oasis:names:tc:ebxml-regrep:StatusType:Approved')"
WANTED = (("$XDSDocumentEntryPatientId", f"'{NANCY}'"), ("$XDSDocumentEntryStatus", APPROVED))
XDS = SHARED / "data/xds"


def slot(name: str, *values: str) -> str:
    listed = "".join(f"<rim:Value>{value.replace('&', '&amp;')}</rim:Value>" for value in values)
    return f'<rim:Slot name="{name}"><rim:ValueList>{listed}</rim:ValueList></rim:Slot>'


def asked(*slots: tuple[str, ...], query: str = FIND, wanted: str = "LeafClass") -> StoredQuery | tuple[Finding, ...]:
    return read_query(
        etree.fromstring(
            f'<q:AdhocQueryRequest xmlns:q="{QUERY}" xmlns:rim="{RIM}"><q:ResponseOption returnType="{wanted}"/>'
            f'<rim:AdhocQuery id="{query}">{"".join(slot(*one) for one in slots)}</rim:AdhocQuery></q:AdhocQueryRequest>'
        )
    )


def values(*slots: tuple[str, ...]) -> dict[str, object]:
    found = asked(*WANTED, *slots)
    assert isinstance(found, StoredQuery)
    return {name: value for name, value in found.values.items() if name not in ("patient", "statuses")}


def codes(found: StoredQuery | tuple[Finding, ...]) -> list[tuple[str, str]]:
    assert isinstance(found, tuple)
    assert all(one.code in CATALOGUE for one in found)
    return [(one.code, one.place) for one in found]


def test_what_is_needed_is_read() -> None:
    found = asked(*WANTED, wanted="ObjectRef")
    assert isinstance(found, StoredQuery)
    assert (found.name, found.wanted) == ("FindDocuments", "ObjectRef")
    assert found.values == {"patient": PatientId("1.2.208.176.1.2", "2512489996"), "statuses": ("approved",)}


def test_alternatives_stand_in_one_list_or_in_several_values() -> None:
    both = (Code("a", "1.2"), Code("b", "1.3"))
    assert values(("$XDSDocumentEntryClassCode", "('a^^1.2','b^^1.3')")) == {"class_codes": both}
    assert values(("$XDSDocumentEntryClassCode", "('a^^1.2')", "('b^^1.3')")) == {"class_codes": both}
    assert values(("$XDSDocumentEntryClassCode", "('a^^1.2', 'b^^1.3')")) == {"class_codes": both}


def test_a_parameter_that_stands_twice_is_asked_for_twice() -> None:
    twice = (
        ("$XDSDocumentEntryEventCodeList", "('a^^1.2','b^^1.2')"),
        ("$XDSDocumentEntryEventCodeList", "('c^^1.2')"),
    )
    assert values(*twice) == {"event_codes": ((Code("a", "1.2"), Code("b", "1.2")), (Code("c", "1.2"),))}


def test_quotes_and_commas_inside_a_text() -> None:
    assert values(("$XDSDocumentEntryAuthorPerson", "('O''Hara, (Ann)%')")) == {"authors": ("O'Hara, (Ann)%",)}


@pytest.mark.parametrize(
    ("text", "millis"), [("2004", 1072915200000), ("20040101", 1072915200000), ("20040101010203", 1072918923000)]
)
def test_times_have_any_precision(text: str, millis: int) -> None:
    assert values(("$XDSDocumentEntryCreationTimeFrom", text)) == {"created_from": millis}


def test_every_fault_is_told_at_once() -> None:
    found = asked(
        ("$XDSDocumentEntryStatus", APPROVED),
        ("$XDSDocumentEntryClassCode", "('a')"),
        ("$XDSDocumentEntryCreationTimeTo", "soon"),
    )
    assert codes(found) == [
        ("xds.parameter-missing", "$XDSDocumentEntryPatientId"),
        ("xds.parameter-wrong", "$XDSDocumentEntryClassCode"),
        ("xds.parameter-wrong", "$XDSDocumentEntryCreationTimeTo"),
    ]


@pytest.mark.parametrize(
    "patient", ["'2512489996'", f"('{NANCY}','{NANCY}')", "'9999999999^^^&1.2.208.176.1.2&ISO'", "'1^^^&1.2&ISO'"]
)
def test_a_query_is_about_one_patient(patient: str) -> None:
    found = asked(("$XDSDocumentEntryPatientId", patient), WANTED[1])
    assert codes(found) == [("xds.parameter-wrong", "$XDSDocumentEntryPatientId")]


def test_one_of_two_ids_and_not_both() -> None:
    get = "urn:uuid:5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4"
    unique, uuid = ("$XDSDocumentEntryUniqueId", "('1.2^3')"), ("$XDSDocumentEntryEntryUUID", "('urn:uuid:1')")
    assert isinstance(asked(unique, query=get), StoredQuery)
    assert codes(asked(query=get)) == [("xds.parameter-missing", "$XDSDocumentEntryEntryUUID")]
    assert codes(asked(unique, uuid, query=get)) == [("xds.parameters-together", "$XDSDocumentEntryEntryUUID")]


def test_a_query_nobody_knows() -> None:
    assert codes(asked(*WANTED, query="urn:uuid:0")) == [("xds.unknown-query", "")]
    assert codes(asked(*WANTED, wanted="All")) == [("xds.return-type", "")]


def test_a_query_that_is_like_another_takes_its_parameters() -> None:
    like = {row.parameter for row in parameters("FindDocumentsByReferenceId")}
    assert like == {row.parameter for row in parameters("FindDocuments")}
    assert [row.needed for row in parameters("FindDocumentsByReferenceId") if row.field == "reference_ids"] == ["1"]


@pytest.mark.skipif(not XDS.is_dir(), reason="shared samples are not here: data/xds")
@pytest.mark.parametrize("path", sorted(XDS.glob("nist/**/*uery*.xml")), ids=lambda path: str(path.relative_to(XDS)))
def test_foreign_queries_are_read(path: Path) -> None:
    foreign = re.compile(r"\$patient_?id\$|[0-9a-zA-Z]+\^\^\^&amp;[0-9.]+&amp;ISO")
    text = foreign.sub(NANCY.replace("&", "&amp;"), path.read_text(encoding="utf-8"))
    root = etree.fromstring(text.encode())
    if root.tag != f"{{{QUERY}}}AdhocQueryRequest":
        pytest.skip("not a stored query")
    found = read_query(root)
    told = () if isinstance(found, StoredQuery) else {one.place for one in found}
    assert set(told) <= {"$XDSDocumentEntryClassCode", "$XDSSubmissionSetEntryUUID"}
