"""Every document of the demo and of the generator is valid CDA, read back without loss, and says what its author meant."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from lxml import etree

from patientoverblik import conformance, formats
from patientoverblik.demo.child import child_story
from patientoverblik.demo.generator import documents, for_bench
from patientoverblik.demo.handing_in import written
from patientoverblik.demo.psychiatry import psychiatric_story
from patientoverblik.demo.story import Delivery, moved
from patientoverblik.demo.storyboard import storyboard
from patientoverblik.formats.model import Reading

DERIVED = {"place", "section", "profile", "example_profile", "code"}
STORIES = [event for event in (*storyboard(), *psychiatric_story(), *child_story()) if isinstance(event, Delivery)]
GENERATED = [delivery for number in (0, 1, 4711) for delivery in documents(number, full=number == 1)]


def _read(data: bytes) -> Reading:
    parsed = formats.parse(data)
    assert isinstance(parsed, formats.Parsed)
    assert conformance.check(parsed.root, formats.identify(parsed) or "").valid
    reading = formats.read(parsed)
    assert isinstance(reading, Reading)
    return reading


def _differences(one: Any, other: Any, path: str) -> Iterator[str]:
    if isinstance(one, msgspec.Struct) and type(one) is type(other):
        for name in one.__struct_fields__:
            if name not in DERIVED or (name == "code" and "document" not in path):
                yield from _differences(getattr(one, name), getattr(other, name), f"{path}.{name}")
    elif isinstance(one, tuple) and isinstance(other, tuple) and len(one) == len(other):
        for at, (left, right) in enumerate(zip(one, other, strict=True)):
            yield from _differences(left, right, f"{path}[{at}]")
    elif one != other:
        yield path


@pytest.mark.parametrize("delivery", STORIES, ids=lambda delivery: f"{delivery.name}-{delivery.care.document.version}")
def test_a_document_of_the_story_is_read_back_without_loss(delivery: Delivery) -> None:
    reading = _read(written(delivery))
    assert reading.losses == ()
    assert reading.profile == delivery.profile
    if not delivery.care.card:
        assert list(_differences(delivery.care, reading.care, delivery.name)) == []


def test_the_card_says_what_the_register_and_the_patient_said() -> None:
    newest = [delivery for delivery in STORIES if delivery.care.card][-1]
    read, meant = _read(written(newest)).care, newest.care
    assert [item.field for item in read.card] == [item.field for item in meant.card]
    assert [item.origin for item in read.card] == [item.origin for item in meant.card]
    assert [item.answer for item in read.card] == [item.answer for item in meant.card]
    assert [item.telecoms for item in read.card] == [item.telecoms for item in meant.card]
    assert [item.addresses for item in read.card] == [item.addresses for item in meant.card]
    assert [one.name for one in read.relatives] == [one.name for one in meant.relatives]


def test_generated_documents_are_read_back_without_loss() -> None:
    for delivery in GENERATED:
        reading = _read(written(delivery))
        assert reading.losses == ()
        assert list(_differences(delivery.care, reading.care, delivery.name)) == []


def test_a_moved_story_is_written_and_read_like_the_first() -> None:
    p4 = next(delivery for delivery in STORIES if delivery.name == "P4")
    later = moved(p4, 154)
    assert isinstance(later, Delivery)
    assert list(_differences(later.care, _read(written(later)).care, "P4")) == []


def test_a_bench_patient_has_the_same_twenty_documents_every_time() -> None:
    assert len(for_bench(5)) == 20
    assert for_bench(5) == for_bench(5)
    assert for_bench(5) != for_bench(6)


def test_every_document_is_valid_by_hl7s_schema(shared: Path) -> None:
    path = shared / "data" / "cda" / "xsd" / "infrastructure" / "cda" / "CDA_SDTC.xsd"
    schema = etree.XMLSchema(etree.parse(path))
    for delivery in (*STORIES, *GENERATED):
        assert schema.validate(etree.fromstring(written(delivery))), (delivery.name, schema.error_log.last_error)


@pytest.mark.slow
@pytest.mark.parametrize(("rules", "profile"), [("slim-apd", "apd-2.0.1"), ("slim-cpd", "cpd-1.0.1")])
def test_medcoms_schematron_has_nothing_to_say(rules: str, profile: str, shared: Path, tmp_path: Path) -> None:
    from saxonche import PySaxonProcessor

    from tests.conformance.schema.oracle import Oracle

    kind = profile[:3]
    with PySaxonProcessor(license=False) as processor:
        oracle = Oracle(processor, shared, rules, tmp_path)
        for delivery in (*STORIES, *GENERATED):
            if delivery.profile.startswith(kind):
                written_so = msgspec.structs.replace(delivery, profile=profile)
                assert oracle.failures(written(written_so)) == [], delivery.name
