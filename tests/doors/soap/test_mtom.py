"""Messages in parts: taken apart whatever the chunks, and refused with a code where they are broken or hostile."""

import gc
from base64 import b64encode
from weakref import ref

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patientoverblik.edges.soap.mtom import ROOT, Package, Unpacker, packed, packed_type
from patientoverblik.edges.soap.names import SOAP_12
from patientoverblik.problems import CATALOGUE, Finding

MOST = 1_000_000
TYPE = 'multipart/related; type="application/xop+xml"; start="<root>"; boundary="b-1"'


def take(body: bytes, content_type: str = TYPE, most: int = MOST, size: int = 1 << 16) -> Package | Finding:
    unpacker = Unpacker(content_type, most)
    for start in range(0, len(body), size):
        unpacker.take(body[start : start + size])
    return unpacker.package()


def part(name: str, data: bytes, *more: str) -> bytes:
    return "\r\n".join(["--b-1", f"Content-ID: <{name}>", *more, "", ""]).encode() + data + b"\r\n"


def code(body: bytes, **more: object) -> str:
    found = take(body, **more)
    assert isinstance(found, Finding)
    assert found.code in CATALOGUE
    return found.code


WHOLE = part("root", b"<a/>") + part("doc", b"\r\n--b-2\r\n--b-") + b"--b-1--\r\n"


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 1000])
def test_the_chunks_do_not_matter(size: int) -> None:
    found = take(WHOLE, size=size)
    assert isinstance(found, Package)
    assert (found.root, found.part("cid:doc")) == (b"<a/>", b"\r\n--b-2\r\n--b-")


@pytest.mark.parametrize("body", [WHOLE, WHOLE[:-9], WHOLE.replace(b"--b-1--", b"--b-1\r\n\r\n")])
def test_documents_do_not_wait_in_memory_for_the_collector(body: bytes) -> None:
    gc.collect()
    gc.disable()
    try:
        unpacker = Unpacker(TYPE, MOST)
        unpacker.take(body)
        unpacker.package()
        last = ref(unpacker)
        del unpacker
        assert last() is None
    finally:
        gc.enable()


@given(st.lists(st.binary(max_size=300), max_size=4), st.integers(1, 200), st.binary(min_size=1, max_size=60))
def test_what_is_packed_is_taken_apart_again(parts: list[bytes], size: int, root: bytes) -> None:
    named = [(f"part{number}@here", "text/xml", data) for number, data in enumerate(parts)]
    body = b"".join(packed(root, named, SOAP_12, "edge-4f1c"))
    found = take(body, packed_type(SOAP_12, "edge-4f1c"), size=size)
    assert isinstance(found, Package)
    assert found.root == root
    assert dict(found.parts) == {name: data for name, _, data in named}


def test_a_body_that_is_one_document_is_its_own_root() -> None:
    assert take(b"<a/>", "application/soap+xml; charset=utf-8") == Package(b"<a/>", {})


def test_a_reference_may_be_percent_encoded() -> None:
    found = take(part("root", b"<a/>") + part("urn:uuid:1@x", b"d") + b"--b-1--")
    assert isinstance(found, Package)
    assert found.part("cid:urn%3Auuid%3A1%40x") == b"d"
    assert found.part("urn:uuid:1@x") is None


def test_the_first_part_is_the_root_where_none_is_named() -> None:
    found = take(WHOLE, 'multipart/related; boundary="b-1"')
    assert isinstance(found, Package)
    assert found.root == b"<a/>"


def test_a_line_break_may_stand_before_the_first_boundary() -> None:
    assert isinstance(take(b"\r\n" + WHOLE), Package)


@pytest.mark.parametrize(
    ("encoding", "written", "meant"),
    [
        ("base64", b64encode(b"x" * 100), b"x" * 100),
        ("quoted-printable", b"bl=C3=A5", "blå".encode()),
        ("BINARY", b"\x00", b"\x00"),
    ],
)
def test_transfer_encodings(encoding: str, written: bytes, meant: bytes) -> None:
    body = part("root", b"<a/>") + part("doc", written, f"Content-Transfer-Encoding: {encoding}") + b"--b-1--"
    found = take(body)
    assert isinstance(found, Package)
    assert found.part("cid:doc") == meant


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (WHOLE[:-12], "soap.truncated"),
        (b"", "soap.truncated"),
        (part("root", b"<a/>") + b"--b-1", "soap.truncated"),
        (part("other", b"<a/>") + b"--b-1--", "soap.no-root"),
        (part("root", b"<a/>") + part("root", b"<b/>") + b"--b-1--", "soap.part-twice"),
        (
            part("root", b"<a/>") + part("d", b"?", "Content-Transfer-Encoding: base64") + b"--b-1--",
            "soap.part-encoding",
        ),
        (part("root", b"<a/>") + part("d", b"?", "Content-Transfer-Encoding: gzip") + b"--b-1--", "soap.part-encoding"),
        (b"no boundary at all", "soap.bad-parts"),
        (b"--b-1\r\n" + b"".join(b"X-%d: y\r\n" % number for number in range(500)), "soap.bad-parts"),
        (b"".join(part(str(number), b"") for number in range(300)) + b"--b-1--", "soap.bad-parts"),
    ],
)
def test_what_is_broken_is_refused(body: bytes, expected: str) -> None:
    assert code(body) == expected
    assert code(body, size=5) == expected


@pytest.mark.parametrize("content_type", ["multipart/related", f'multipart/related; boundary="{"b" * 400}"'])
def test_a_boundary_is_needed(content_type: str) -> None:
    assert code(WHOLE, content_type=content_type) == "soap.no-boundary"


def test_a_body_has_a_limit() -> None:
    assert code(WHOLE, most=len(WHOLE) - 1) == "soap.too-large"
    assert isinstance(take(WHOLE, most=len(WHOLE)), Package)
    assert ROOT in packed_type(SOAP_12, "b")
