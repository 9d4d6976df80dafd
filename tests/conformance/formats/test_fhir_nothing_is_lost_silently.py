"""Nothing of a FHIR document is lost silently (DESIGN decision 7; issue "The FHIR R4 door", line 1).

The walk over places is independent of the mapping. Of long documents only some places are tried, others by others.
"""

from pathlib import Path

import pytest
from lxml import etree

from patientoverblik import formats
from patientoverblik.formats import fhir
from tests.conformance.formats.fhir_samples import (
    care_samples,
    fhir_samples,
    name_of,
    other,
    places,
    read,
    resource_of,
    with_value,
    without,
)

SAMPLES = fhir_samples()
each_sample = pytest.mark.parametrize("path", SAMPLES, ids=name_of)
each_care_sample = pytest.mark.parametrize("path", care_samples(), ids=name_of)
MOST = 60


def tried(resource: dict, path: Path) -> list:
    """The places that are tried, which ones hanging on the document's name, so that documents complement each other."""
    found = list(places(resource))
    step = max(1, len(found) // MOST)
    return found[sum(path.name.encode()) % step :: step]


@each_sample
def test_the_books_balance_against_a_walk_of_its_own(path):
    resource = resource_of(path)
    _, _, books = read(resource)
    assert books is not None
    assert books.read + books.constant + books.quiet + books.lost == sum(1 for _ in places(resource))


@each_care_sample
def test_no_place_is_deaf(path):
    """Another value changes what is read, or is told; else the place is one that is declared quiet."""
    resource = resource_of(path)
    care, told, books = read(resource)
    lost = {loss.place for loss in told[0]}
    deaf = []
    for at, value in tried(resource, path):
        if fhirpath(resource, at) in lost:
            continue
        changed = read(with_value(resource, at, other(value, "X1")))
        if changed[:2] == (care, told) and read(without(resource, at))[2].quiet != books.quiet - 1:
            deaf.append(at)
    assert deaf == []


@each_care_sample
def test_a_mark_in_any_place_is_in_what_is_read_or_at_a_loss(path):
    resource = resource_of(path)
    missing = []
    for number, (at, value) in enumerate(tried(resource, path)):
        if not isinstance(value, str) or at[-1] in ("resourceType", "url", "div"):
            continue
        mark = f"mark{number}ZQ"
        changed = with_value(resource, at, mark)
        care, told, books = read(changed)
        held = mark in care or fhirpath(changed, at) in {loss.place for loss in told[0]} if told else True
        if not held and read(without(changed, at))[2].quiet != books.quiet - 1:
            missing.append(at)
    assert missing == []


@each_care_sample
def test_no_stranger_passes(path):
    """An unknown property, at any object, is told as lost."""
    resource = resource_of(path)
    _, told, _ = read(resource)
    known = len(told[0]) if told else 0
    passed = []
    for at in sorted({at[:-1] for at, _ in tried(resource, path)}, key=str):
        for name, value in (("strangeProperty", "strange"), ("strangeObject", {"inner": "strange"})):
            after = read(with_value(resource, (*at, name), value)) if not in_list(resource, at) else None
            if after is not None and after[1] and len(after[1][0]) <= known and not is_quiet(resource, at):
                passed.append((at, name))
    assert passed == []


def is_quiet(resource, at):
    """Whether an object is declared quiet: a stranger in it counts as quiet too."""
    before, after = read(resource)[2], read(with_value(resource, (*at, "strangeProperty"), "strange"))[2]
    return after.quiet == before.quiet + 1


def in_list(resource, at):
    node = resource
    for step in at:
        node = node[step]
    return isinstance(node, list)


def fhirpath(resource, at):
    """A way as the losses name it."""
    steps = [resource["resourceType"]]
    for step in at:
        if isinstance(step, int):
            steps[-1] = f"{steps[-1]}[{step}]"
        else:
            steps.append(step)
    return ".".join(steps)


@each_sample
def test_a_record_is_written_as_it_was_read(path):
    parsed = formats.parse(path.read_bytes())
    record = fhir.read_record(parsed, "")
    again = formats.parse(formats.write(record, ""))
    assert fhir.read_record(again, "") == record
    assert again.resource == parsed.resource


@each_sample
def test_what_is_read_is_kept_and_comes_out_as_it_was(path):
    care = formats.read(formats.parse(path.read_bytes())).care
    assert formats.decode_care(formats.encode_care(care)) == care


@each_sample
def test_json_and_xml_say_the_same(path):
    """JSON → XML → JSON, and the reading of both; XML that is written has no stranger in it."""
    resource = formats.parse(path.read_bytes()).resource
    parsed = formats.parse(fhir.encode_xml(resource))
    assert parsed.strangers == ()
    assert as_markup(parsed.resource) == as_markup(resource)


def as_markup(node):
    """A resource with its narrative in one canonical form: XML may be written in more ways than one."""
    if isinstance(node, list):
        return [as_markup(one) for one in node]
    if not isinstance(node, dict):
        return node
    return {key: canonical(one) if key == "div" else as_markup(one) for key, one in node.items()}


def canonical(div):
    return etree.tostring(etree.fromstring(div), method="c14n") if isinstance(div, str) else as_markup(div)
