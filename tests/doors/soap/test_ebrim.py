"""Registry objects: what is written is read again, and the Danish captures and IPF's messages are read whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from patientoverblik.edges.soap.ebrim import Classification, RegistryObject, read_objects, xml_of
from patientoverblik.edges.soap.names import RIM
from tests.conftest import SHARED

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp", "Co", "Cn")), min_size=1)
SLOTS = st.dictionaries(TEXT, st.lists(TEXT, min_size=1, max_size=3).map(tuple), max_size=3)
BY_SCHEME = st.builds(Classification, scheme=TEXT, code=TEXT, name=TEXT, slots=SLOTS)
BY_NODE = st.builds(Classification, node=TEXT)
OBJECTS = st.builds(
    RegistryObject,
    kind=st.sampled_from(["entry", "package"]),
    id=TEXT,
    lid=TEXT,
    object_type=TEXT,
    mime_type=TEXT,
    status=TEXT,
    home=TEXT,
    name=TEXT,
    description=TEXT,
    version=TEXT,
    slots=SLOTS,
    classifications=st.lists(BY_SCHEME | BY_NODE, max_size=3).map(tuple),
    identifiers=st.dictionaries(TEXT, TEXT, max_size=3),
)


def parsed(*objects: str) -> etree._Element:
    return etree.fromstring(f'<rim:RegistryObjectList xmlns:rim="{RIM}">{"".join(objects)}</rim:RegistryObjectList>')


@given(OBJECTS)
def test_what_is_written_is_read_again(one: RegistryObject) -> None:
    assert read_objects(parsed(xml_of(one))) == (one,)


@given(TEXT, TEXT, TEXT)
def test_an_association_is_read_again(source: str, target: str, type_: str) -> None:
    one = RegistryObject("association", id="a", source=source, target=target, type=type_)
    assert read_objects(parsed(xml_of(one))) == (one,)


def test_a_classification_beside_its_object_belongs_to_it() -> None:
    beside = '<rim:Classification classifiedObject="set" classificationNode="urn:n"/>'
    (one,) = read_objects(parsed('<rim:RegistryPackage id="set"/>', beside))
    assert one.classifications == (Classification(node="urn:n"),)


def test_slots_of_one_name_are_one() -> None:
    slot = '<rim:Slot name="s"><rim:ValueList><rim:Value> {} </rim:Value></rim:ValueList></rim:Slot>'
    (one,) = read_objects(
        parsed(f'<rim:ExtrinsicObject id="e">{slot.format("a")}{slot.format("b")}</rim:ExtrinsicObject>')
    )
    assert one.slots == {"s": ("a", "b")}


@pytest.mark.skipif(not (SHARED / "data/xds").is_dir(), reason="shared samples are not here: data/xds")
@pytest.mark.parametrize("name", ["captures/iti18-response.xml", "captures/iti57-request.xml"])
def test_captures_are_read_again_as_written(name: str) -> None:
    (found,) = etree.parse(SHARED / "data/xds" / name).iter(f"{{{RIM}}}RegistryObjectList")
    objects = read_objects(found)
    assert objects
    assert read_objects(parsed(*map(xml_of, objects))) == objects


@pytest.mark.skipif(not (SHARED / "data/xds").is_dir(), reason="shared samples are not here: data/xds")
def test_a_written_answer_follows_the_schema() -> None:
    (found,) = etree.parse(SHARED / "data/xds/captures/iti18-response.xml").iter(f"{{{RIM}}}RegistryObjectList")
    schema = etree.XMLSchema(etree.parse(SHARED / "data/xds/schema/nist-v3/lcm.xsd"))
    lcm = "urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0"
    listed = "".join(map(xml_of, read_objects(found)))
    request = f'<l:SubmitObjectsRequest xmlns:l="{lcm}" xmlns:rim="{RIM}"><rim:RegistryObjectList>{listed}</rim:RegistryObjectList></l:SubmitObjectsRequest>'
    schema.assertValid(etree.fromstring(request))
