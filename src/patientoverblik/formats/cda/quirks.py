"""Oddities that a record is read with, each told with a code: what real documents do and the norm does not say."""

import re
from collections.abc import Iterator

from patientoverblik.formats.cda.documents import Document
from patientoverblik.formats.cda.engine.walk import Walk
from patientoverblik.problems import Finding

_OID = re.compile(r"[0-2](\.(0|[1-9]\d*))+")
_UUID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


def quirks(record: Document, walk: Walk) -> tuple[Finding, ...]:
    """Every oddity of a record and of the reading it came from, each code once."""
    found = dict.fromkeys((*_of_header(record), *_of_values(walk)))
    return tuple(Finding(code, about=about) for code, about in found)


def _of_header(record: Document) -> Iterator[tuple[str, str]]:
    if record.series is not None and not record.version:
        yield "cda.series-without-version", ""
    if not record.id.extension:
        yield "cda.document-id-without-extension", ""
    if record.id.root == "1.2.208.184" and not _UUID.fullmatch(record.id.extension):
        yield "cda.document-id-not-uuid", ""
    if any(author.code is not None and author.code.code == "RESB" for author in record.authors):
        yield "cda.requester-code", "RESB"


def _of_values(walk: Walk) -> Iterator[tuple[str, str]]:
    """Oddities of code systems, names and identifiers; only a person's name is to be in parts."""
    told = [{part.kind for part in name.parts if part.text} for name in walk.names]
    if not all(map(_OID.fullmatch, walk.systems)):
        yield "cda.code-system-not-oid", ""
    if {"family"} in told:
        yield "cda.name-in-one-part", "family"
    if {""} in told:
        yield "cda.name-as-text", ""
    ids = [one for one in walk.ids if one.root]
    if len(set(ids)) < len(ids):
        yield "cda.id-not-unique", ""
