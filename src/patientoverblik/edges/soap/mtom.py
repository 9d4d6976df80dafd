"""A message in parts (MTOM and XOP, ITI TF-2 Appendix V.3.6; RFC 2387): taken apart as it comes, sent as it is made.

A part's bytes are collected once and never copied: a document of a hundred megabytes is held as one value. The parser
of the parts is python-multipart's, which knows no part's name; the names are ours.
"""

import binascii
import io
import quopri
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping, Sequence
from urllib.parse import unquote

import msgspec
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from patientoverblik.edges.soap.names import MEDIA_TYPES, XOP_TYPE
from patientoverblik.problems import Finding

MOST_PARTS = 256
RELATED = b"multipart/related"
AS_IT_IS = frozenset({"", "binary", "8bit", "7bit"})


class Package(msgspec.Struct, frozen=True):
    """A message taken apart: its root, and every other part by its Content-ID without brackets."""

    root: bytes
    parts: Mapping[str, bytes] = {}

    def part(self, href: str) -> bytes | None:
        """The part that an ``xop:Include`` refers to (``cid:``, percent-encoded); None where there is none."""
        return self.parts.get(unquote(href.removeprefix("cid:"))) if href.startswith("cid:") else None


class Unpacker:
    """Takes a body apart while it arrives; not more than ``most`` bytes of it.

    ``take`` each chunk, then ask for the ``package``. A body that is one XML document is its own root.
    """

    def __init__(self, content_type: str, most: int) -> None:
        """Get ready for a body of this Content-Type."""
        kind, options = parse_options_header(content_type)
        self._start = _named(options.get(b"start", b"").decode("latin-1"))
        self._left = most
        self._fault = ""
        self._begun = False
        self._headers: dict[str, str] = {}
        self._field, self._value = b"", b""
        self._data = io.BytesIO()
        self._order: list[str] = []
        self._parts: dict[str, bytes] = {}
        self._ended = kind != RELATED
        self._parser = None if self._ended else self._prepared(options.get(b"boundary", b""))

    def take(self, chunk: bytes) -> None:
        """The next bytes of the body; once a fault is found the rest is let go."""
        self._left -= len(chunk)
        if self._left < 0:
            self._fault = self._fault or "soap.too-large"
        if self._fault:
            return
        if self._parser is None:
            self._data.write(chunk)
            return
        try:
            self._parser.write(chunk if self._begun else chunk.lstrip(b"\r\n"))
        except FormParserError:
            self._fault = "soap.bad-parts"
        self._begun = self._begun or bool(chunk.strip())

    @property
    def failed(self) -> bool:
        """Whether it is clear already that the body will not do, so that the rest need not be taken."""
        return bool(self._fault)

    def package(self) -> Package | Finding:
        """The whole message, once the body has ended; or what is wrong with it. The parser is let go: it and this
        refer to each other, and would keep the documents in memory until the collector comes."""
        parser, self._parser = self._parser, None
        if self._fault or not self._ended:
            return Finding(self._fault or "soap.truncated")
        if parser is None:
            return Package(self._data.getvalue())
        root = self._start or (self._order[0] if self._order else "")
        if root not in self._parts:
            return Finding("soap.no-root")
        return Package(self._parts.pop(root), self._parts)

    def _prepared(self, boundary: bytes) -> MultipartParser | None:
        if not boundary:
            self._fault = "soap.no-boundary"
            return None
        try:
            return MultipartParser(
                boundary,
                {
                    "on_part_begin": self._begin,
                    "on_header_field": self._add_field,
                    "on_header_value": self._add_value,
                    "on_header_end": self._end_header,
                    "on_part_data": self._add_data,
                    "on_part_end": self._end_part,
                    "on_end": self._end,
                },
            )
        except FormParserError:
            self._fault = "soap.no-boundary"
            return None

    def _begin(self) -> None:
        self._headers, self._data = {}, io.BytesIO()

    def _add_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def _add_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _end_header(self) -> None:
        self._headers[self._field.decode("latin-1").lower()] = self._value.decode("latin-1").strip()
        self._field, self._value = b"", b""

    def _add_data(self, data: bytes, start: int, end: int) -> None:
        self._data.write(memoryview(data)[start:end])

    def _end_part(self) -> None:
        name = _named(self._headers.get("content-id", "")) or f"part {len(self._order)}"
        if name in self._parts or len(self._order) >= MOST_PARTS:
            self._fault = "soap.part-twice" if name in self._parts else "soap.bad-parts"
        self._order.append(name)
        data = _decoded(self._data.getvalue(), self._headers.get("content-transfer-encoding", "").lower())
        if data is None:
            self._fault = "soap.part-encoding"
        else:
            self._parts[name] = data

    def _end(self) -> None:
        self._ended = True


def packed(root: bytes, parts: Sequence[tuple[str, str, bytes]], soap: str, boundary: str) -> Iterator[bytes]:
    """An answer in parts, as chunks that are sent one after another; a part is (Content-ID, media type, bytes)."""
    media = MEDIA_TYPES[soap]
    yield (
        f'--{boundary}\r\nContent-Type: {XOP_TYPE}; charset=UTF-8; type="{media}"\r\n'
        f"Content-Transfer-Encoding: binary\r\nContent-ID: <{ROOT}>\r\n\r\n"
    ).encode()
    yield root
    for name, kind, data in parts:
        head = f"Content-Type: {kind}\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <{name}>\r\n\r\n"
        yield f"\r\n--{boundary}\r\n{head}".encode()
        yield data
    yield f"\r\n--{boundary}--\r\n".encode()


ROOT = "root@patientoverblik"


def packed_type(soap: str, boundary: str) -> str:
    """The Content-Type of an answer in parts."""
    return (
        f'multipart/related; type="{XOP_TYPE}"; start="<{ROOT}>"; start-info="{MEDIA_TYPES[soap]}"; '
        f'boundary="{boundary}"'
    )


def _named(content_id: str) -> str:
    return content_id.strip().removeprefix("<").removesuffix(">")


def _decoded(data: bytes, encoding: str) -> bytes | None:
    if encoding in AS_IT_IS:
        return data
    try:
        return _DECODERS[encoding](data) if encoding in _DECODERS else None
    except (binascii.Error, ValueError):
        return None


def _from_base64(data: bytes) -> bytes:
    return b64decode(b"".join(data.split()), validate=True)


_DECODERS: dict[str, Callable[[bytes], bytes]] = {"base64": _from_base64, "quoted-printable": quopri.decodestring}
