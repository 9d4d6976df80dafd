"""What a door hands in, whatever the wire: documents as bytes, and what the sender says about them."""

import msgspec

from patientoverblik.problems import Finding
from patientoverblik.sharing.model import AssociationType, Author, Code, Folder, PatientId
from patientoverblik.sharing.stated import Stated
from patientoverblik.sharing.submission import Link


class Handed(msgspec.Struct, frozen=True, omit_defaults=True):
    """One document: its bytes, and what the sender states of it where the door has any metadata.

    ``related`` are the request's associations from this document: (type, entryUUID of the target). ``repository`` is
    where a document lies of which only the metadata are handed in (ITI-42, ITI-61); empty where the bytes are.
    ``noted`` is what the door found and kept quiet about, for the entry to keep.
    """

    data: bytes
    stated: Stated = Stated()
    related: tuple[tuple[AssociationType, str], ...] = ()
    repository: str = ""
    noted: tuple[Finding, ...] = ()


class Delivery(msgspec.Struct, frozen=True, omit_defaults=True):
    """Documents that stand or fall together (a submission set); empty fields are derived or made.

    ``patient`` is the patient of the request's metadata. ``register_again``: the same document under the same uniqueId
    gets another entry (ITI-41) instead of being answered with the entry there is.
    """

    documents: tuple[Handed, ...]
    patient: PatientId | None = None
    submission_set: str = ""
    source_id: str = ""
    title: str = ""
    author: Author | None = None
    content_type: Code | None = None
    register_again: bool = False
    folders: tuple[Folder, ...] = ()
    links: tuple[Link, ...] = ()
    uuid: str = ""
    comments: str = ""
    intended_recipients: tuple[str, ...] = ()
