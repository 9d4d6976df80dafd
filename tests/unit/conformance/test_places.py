"""A place is a path with positions that leads back to the very node."""

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from patientoverblik.formats.cda.places import place, placer
from tests.unit.conformance.documents import NAMESPACES

PREFIXES = {"h": "urn:hl7-org:v3", "sdtc": "urn:hl7-org:sdtc", "xsi": "http://www.w3.org/2001/XMLSchema-instance"}
NAMES = st.sampled_from(["a", "b", "sdtc:a", "x:a", "y:a", "n:a"])
SPACES = 'xmlns:x="urn:x" xmlns:y="urn:it\'s"'


def tree(names: list[str]) -> etree._Element:
    inner = "".join(f"<{name}/>" if name != "n:a" else '<a xmlns=""/>' for name in names)
    return etree.fromstring(f"<a {NAMESPACES} {SPACES}><b/><b>{inner}</b></a>")


@given(st.lists(NAMES, min_size=1, max_size=12), st.randoms())
@settings(max_examples=100)
def test_every_place_leads_back_whatever_was_asked_before(names: list[str], random: object) -> None:
    root = tree(names)
    nodes = list(root.iter("*"))
    random.shuffle(nodes)  # type: ignore[attr-defined]
    asked = placer()
    for node in nodes:
        assert root.xpath(asked(node, ""), namespaces=PREFIXES) == [node]
        assert asked(node, "") == place(node)


def test_attributes_bear_their_prefix_or_their_namespace() -> None:
    root = etree.fromstring(f'<a {NAMESPACES} {SPACES} v="1" xsi:type="II" x:v="2"/>')
    assert place(root, "v") == "/h:a/@v"
    assert place(root, f"{{{PREFIXES['xsi']}}}type") == "/h:a/@xsi:type"
    assert root.xpath(place(root, "{urn:x}v"), namespaces=PREFIXES) == ["2"]
