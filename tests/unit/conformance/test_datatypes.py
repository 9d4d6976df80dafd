"""One case, kept and broken, for each rule of a data type."""

import pytest
from lxml import etree

from patientoverblik.conformance import datatypes
from patientoverblik.conformance.datatypes import KINDS
from patientoverblik.problems import CATALOGUE
from tests.unit.conformance.documents import NAMESPACES


def broken(kind: str, xml: str) -> set[str]:
    root = etree.fromstring(f"<all {NAMESPACES}>{xml}</all>")
    children = list(root)
    alone = {code for child in children for code in datatypes.broken(child, KINDS[kind])}
    return alone | {rule.code for rule in KINDS[kind].together if list(rule(children))}


KEPT = [
    ("II", '<id root="1.2.208.176.1.2" extension="2512489996"/><id root="1.2.208.176.1.2" extension="x"/>'),
    ("II", '<id nullFlavor="NI"/>'),
    ("II", '<id root="6b8d8dc0-11f4-4f8e-9c5f-0242ac130002"/>'),
    ("II", '<id nullFlavor="NA" extension="x"/>'),
    ("CS", '<code code="DK"/>'),
    ("CE", '<code code="N" codeSystem="2.16.840.1.113883.5.25" displayName="normal"/>'),
    ("CD", '<code nullFlavor="OTH" codeSystem="1.2.3"><originalText>Fri tekst</originalText></code>'),
    ("CD", "<code><originalText>Fri tekst</originalText></code>"),
    ("CD", '<code nullFlavor="NA"/><code code="T90" codeSystem="1.2.208.176.2.31"/>'),
    ("TS", '<time value="20261123"/>'),
    ("IVL_TS", '<time><low value="20260101"/><high value="20260102"/></time>'),
    ("IVL_TS", '<time><low value="20260101100000+0100"/><high value="20260101093000+0000"/></time>'),
    ("IVL_TS", '<time><low value="20260101"/><high nullFlavor="NI"/></time>'),
    ("IVL_TS", '<time><low value="202601010930"/><high value="2027"/></time><time><low value="2026"/></time>'),
    ("TEL", '<telecom value="tel:11223344" use="H"/><telecom value="tel:11223344" use="WP"/>'),
    ("AD", "<addr>Vejen 1, 5000 Odense C</addr>"),
    ("AD", "<addr><city>Odense C</city></addr><addr><city>Aarhus C</city></addr>"),
    ("PN", "<name><given>Nancy</given><family>Berggren</family></name>"),
    ("ON", "<name>Odense Kommune</name>"),
    ("ST", "<title>Plan</title>"),
    ("INT", '<versionNumber value="2"/>'),
    ("ED", '<text compression="GZ" representation="B64">AAAA</text>'),
    ("ED", '<text><reference value="#maal1"/></text>'),
]


@pytest.mark.parametrize(("kind", "xml"), KEPT)
def test_what_the_norm_allows_breaks_nothing(kind: str, xml: str) -> None:
    assert broken(kind, xml) == set()


BROKEN = [
    ("II", '<id extension="x"/>', "datatype.null-or-value"),
    ("II", '<id root="1.2.3" nullFlavor="NI"/>', "datatype.null-or-value"),
    ("II", '<id root="1.02.3"/>', "datatype.bad-identifier"),
    ("II", '<id root="sundhed"/>', "datatype.bad-identifier"),
    ("II", '<id root="1.2"/><id root="1.2"/>', "datatype.repeated"),
    ("II", '<id root="1.2" extension="a"/><id root="1.2" extension="a"/>', "datatype.repeated"),
    ("II", '<id nullFlavor="MSK" extension="x"/>', "datatype.null-with-value"),
    ("CS", "<code/>", "datatype.null-or-value"),
    ("CE", '<code code="N"/>', "datatype.code-without-system"),
    ("CE", '<code nullFlavor="NA" displayName="x"/>', "datatype.name-without-code"),
    ("CE", '<code nullFlavor="NA" code="x" codeSystem="1.2"/>', "datatype.null-with-value"),
    ("CE", '<code code="N" codeSystem="1.2"><qualifier/></code>', "datatype.unexpected-part"),
    ("CD", "<code/>", "datatype.null-or-value"),
    ("CD", '<code code="a" codeSystem="1.2"/><code code="a" codeSystem="1.2"/>', "datatype.repeated"),
    ("CD", '<code code="a" codeSystem="1.2"><translation nullFlavor="NA"/></code>', "datatype.null-with-value"),
    ("CD", '<code code="a" codeSystem="1.2"><translation codeSystem="1.3"/></code>', "datatype.null-or-value"),
    (
        "CD",
        '<code code="a" codeSystem="1.2"><originalText language="dansk!">x</originalText></code>',
        "datatype.bad-language",
    ),
    ("CD-named", '<code code="a" codeSystem="1.2"/>', "datatype.code-without-name"),
    ("TS", "<time/>", "datatype.null-or-value"),
    ("TS", '<time value="2026"><low value="2026"/></time>', "datatype.unexpected-part"),
    ("TS", '<time nullFlavor="NI"/><time value="2026"/>', "datatype.null-among-values"),
    ("PQ", '<value value="1" unit="g"/><value value="1" unit="g"/>', "datatype.repeated"),
    ("IVL_TS", '<time value="2026"><high value="2027"/></time>', "datatype.value-with-bounds"),
    ("IVL_TS", '<time><low value="20260102"/><high value="20260101"/></time>', "datatype.bounds-in-wrong-order"),
    ("IVL_TS", '<time><low value="20260101"/><high value="20260101"/></time>', "datatype.bounds-in-wrong-order"),
    ("IVL_TS", '<time><low nullFlavor="PINF"/></time>', "datatype.bounds-in-wrong-order"),
    ("IVL_TS", '<time><low value="2026"/><width unit="d"/></time>', "datatype.unit-without-value"),
    ("IVL_TS", '<time><low value="2026"/><width value="1" unit="uge"/></time>', "datatype.bad-unit"),
    ("IVL_TS", '<time nullFlavor="NI" operator="A"/>', "datatype.null-with-value"),
    ("TS", '<time value="20260231"/>', "datatype.impossible-time"),
    ("TS", '<time value="202611231062"/>', "datatype.impossible-time"),
    ("IVL_TS", '<time><high value="201813"/></time>', "datatype.impossible-time"),
    ("IVL_INT", '<repeatNumber><low value="3"/><high value="2"/></repeatNumber>', "datatype.bounds-in-wrong-order"),
    ("IVXB_TS", '<low nullFlavor="NI" inclusive="false"/>', "datatype.null-with-value"),
    ("INT", '<versionNumber value="-02"/>', "datatype.bad-number"),
    ("INT-positive", '<sdtc:multipleBirthOrderNumber value="0"/>', "datatype.bad-number"),
    ("TEL", "<telecom/>", "datatype.null-or-value"),
    ("TEL", '<telecom value="tel:11 22 33 44"/>', "datatype.bad-address"),
    ("TEL", '<telecom value="tel:1" use="H"/><telecom value="tel:1" use="H"/>', "datatype.repeated"),
    ("AD", "<addr/>", "datatype.parts-and-text"),
    ("AD", "<addr>Vejen 1<city>Odense</city></addr>", "datatype.parts-and-text"),
    ("AD", "<addr><city>Odense</city></addr><addr><city>Odense</city></addr>", "datatype.repeated"),
    ("PN", "<name/>", "datatype.parts-and-text"),
    ("PN", '<name><given qualifier="CL CL">N</given></name>', "datatype.repeated"),
    ("PN", '<name><suffix qualifier="LS">ApS</suffix></name>', "datatype.unexpected-part"),
    ("ED", '<text integrityCheck="AAAA">x</text>', "datatype.incomplete"),
    ("ED", '<text compression="GZ">x</text>', "datatype.incomplete"),
    ("ON", "<name><prefix>x</prefix></name>", "datatype.unexpected-part"),
    ("ST", "<title> </title>", "datatype.empty"),
    ("ST", '<title language="?">x</title>', "datatype.bad-language"),
    ("SC", '<name nullFlavor="NI" code="x" codeSystem="1.2"/>', "datatype.null-with-value"),
    ("TS", '<time value="2026" xsi:type="IVL_TS"/>', "datatype.other-type"),
]


@pytest.mark.parametrize(("kind", "xml", "code"), BROKEN)
def test_what_it_forbids_is_told(kind: str, xml: str, code: str) -> None:
    assert code in broken(kind, xml)


def test_every_code_of_a_data_type_has_a_case_and_a_text() -> None:
    ours = {code for code in CATALOGUE if code.startswith("datatype.")}
    assert ours == {code for _, _, code in BROKEN}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_a_plain_value_is_not_asked_it_could_not_break(kind: str) -> None:
    made = ('code="1"', 'root="x y"', 'value="2026"', 'codeSystem="1"', 'displayName="a"', 'operator="A"', "")
    for text in ("", "Tekst"):
        for attributes in (f"{one} {other}" for at, one in enumerate(made) for other in made[at + 1 :]):
            node = etree.fromstring(f"<a {NAMESPACES} {attributes}>{text}</a>")
            said = datatypes.attributes_of(node)
            skipped = set(KINDS[kind].rules) - set(KINDS[kind].of_values)
            assert not [code for rule in skipped for code in rule(node, said)]
