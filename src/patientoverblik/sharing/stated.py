"""What a sender says of a document beside the document itself: the metadata of its own request (TF-3 4.2.3.2)."""

from collections.abc import Iterator
from hashlib import sha1

import msgspec

from patientoverblik.problems import Finding
from patientoverblik.sharing.model import Author, Code, ObjectType, PatientId


class Stated(msgspec.Struct, frozen=True, omit_defaults=True):
    """Metadata as a sender states them, by the names and units of ``DocumentEntry``; what is empty is derived.

    ``sha1`` (hex) and ``size`` are only compared with the bytes; who wrote a document is believed of the sender only
    where the document itself cannot be read.
    """

    uuid: str = ""
    logical_id: str = ""
    unique_id: str = ""
    object_type: ObjectType = "stable"
    mime_type: str = "text/xml"
    size: int = 0
    sha1: str = ""
    title: str = ""
    comments: str = ""
    uri: str = ""
    language: str = ""
    created: int = 0
    service_start: int = 0
    service_stop: int = 0
    class_code: Code | None = None
    type_code: Code | None = None
    format_code: Code | None = None
    facility_type: Code | None = None
    practice_setting: Code | None = None
    confidentiality: Code | None = None
    event_codes: tuple[Code, ...] = ()
    authors: tuple[Author, ...] = ()
    legal_authenticator: Author | None = None
    source_patient: PatientId | None = None
    source_patient_info: tuple[str, ...] = ()
    reference_ids: tuple[str, ...] = ()
    extra: tuple[tuple[str, tuple[str, ...]], ...] = ()


def unequal(stated: Stated, data: bytes) -> Iterator[Finding]:
    """Where the stated hash or size is not that of the bytes (TF-3 4.2.3.2.10, 4.2.3.2.22)."""
    if stated.sha1 and stated.sha1.lower() != sha1(data, usedforsecurity=False).hexdigest():
        yield Finding("sharing.hash-differs")
    if stated.size and stated.size != len(data):
        yield Finding("sharing.size-differs")
