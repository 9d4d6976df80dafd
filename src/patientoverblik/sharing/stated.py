"""What a sender says of a document beside the document itself: the metadata of its own request (TF-3 4.2.3.2)."""

from collections.abc import Iterator
from hashlib import sha1

from patientoverblik.problems import Finding
from patientoverblik.sharing.model import Metadata


class Stated(Metadata, frozen=True, omit_defaults=True, gc=False, kw_only=True):
    """Metadata as a sender states them; what is empty is derived.

    ``sha1`` (hex) and ``size`` are only compared with the bytes; who wrote a document is believed of the sender only
    where the document itself cannot be read.
    """

    uuid: str = ""
    logical_id: str = ""
    unique_id: str = ""


def unequal(stated: Stated, data: bytes) -> Iterator[Finding]:
    """Where the stated hash or size is not that of the bytes (TF-3 4.2.3.2.10, 4.2.3.2.22)."""
    if stated.sha1 and stated.sha1.lower() != sha1(data, usedforsecurity=False).hexdigest():
        yield Finding("sharing.hash-differs")
    if stated.size and stated.size != len(data):
        yield Finding("sharing.size-differs")
