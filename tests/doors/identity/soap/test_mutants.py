"""Whatever is changed in the signed part, the message is refused or says the same: no change makes another person."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from patientoverblik.edges.identity import Identified
from patientoverblik.edges.identity.soap.names import saml
from tests.doors.identity.soap.calls import answer, bearer, card, holder_of_key
from tests.doors.identity.soap.protected import protected

KINDS = {"bearer": bearer, "card": card, "holder-of-key": holder_of_key, "protected": protected}
FEW = settings(max_examples=150, deadline=None)


@cache
def sent(kind: str) -> bytes:
    return etree.tostring(KINDS[kind]())


@cache
def meant(kind: str) -> Identified:
    found = answer(sent(kind))
    assert isinstance(found, Identified)
    return found


def holds(kind: str, data: bytes) -> None:
    found = answer(data)
    assert not isinstance(found, Identified) or found == meant(kind)


@cache
def span(kind: str) -> tuple[int, int]:
    """Where the token stands in the bytes."""
    data = sent(kind)
    return data.index(b"<saml:Assertion"), data.index(b"</saml:Assertion>") + len(b"</saml:Assertion>")


@pytest.mark.parametrize("kind", KINDS)
@given(place=st.floats(0, 1, exclude_max=True), byte=st.integers(0, 255))
@FEW
def test_any_byte_of_the_token(kind, place, byte) -> None:
    data, (start, end) = sent(kind), span(kind)
    at = start + int(place * (end - start))
    holds(kind, data[:at] + bytes([byte]) + data[at + 1 :])


@pytest.mark.parametrize("kind", KINDS)
@given(place=st.floats(0, 1, exclude_max=True), length=st.integers(1, 40))
@FEW
def test_anything_taken_out_of_the_token(kind, place, length) -> None:
    data, (start, end) = sent(kind), span(kind)
    at = start + int(place * (end - start))
    holds(kind, data[:at] + data[at + length :])


@pytest.mark.parametrize("kind", KINDS)
@given(number=st.integers(0, 10_000), change=st.sampled_from(["text", "attribute", "remove", "double", "move", "nest"]))
@FEW
def test_any_element_of_the_token(kind, number, change) -> None:
    root = etree.fromstring(sent(kind))
    parts = list(next(root.iter(saml("Assertion"))).iter())
    part = parts[number % len(parts)]
    parent = part.getparent()
    if change == "text":
        part.text = f"{part.text or ''}0"
    elif change == "attribute":
        name = sorted(part.attrib)[number % len(part.attrib)] if part.attrib else "Added"
        part.set(name, f"{part.get(name, '')}0")
    elif change == "remove":
        parent.remove(part)
    elif change == "double":
        part.addnext(etree.fromstring(etree.tostring(part)))
    elif change == "move":
        root[0].append(part)
    else:
        other = etree.Element(part.tag, dict(part.attrib))
        parent.replace(part, other)
        other.append(part)
    holds(kind, etree.tostring(root))


@pytest.mark.parametrize("kind", ["holder-of-key", "protected"])
@given(place=st.floats(0, 1, exclude_max=True), byte=st.integers(0, 255))
@FEW
def test_any_byte_of_a_message_whose_holder_signed_it(kind, place, byte) -> None:
    data = sent(kind)
    at = int(place * len(data))
    holds(kind, data[:at] + bytes([byte]) + data[at + 1 :])
