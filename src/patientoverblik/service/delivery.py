"""What a door hands in, whatever the wire: documents as bytes, and what the sender says about them."""

import msgspec

from patientoverblik.sharing.model import AssociationType, Author, Code, PatientId


class Handed(msgspec.Struct, frozen=True, omit_defaults=True):
    """One document: its bytes, and the sender's own metadata where the door has any (it wins over what can be derived).

    ``related`` are the request's associations from this document: (type, entryUUID of the target).
    """

    data: bytes
    mime_type: str = "text/xml"
    unique_id: str = ""
    title: str = ""
    type_code: Code | None = None
    format_code: Code | None = None
    facility_type: Code | None = None
    practice_setting: Code | None = None
    related: tuple[tuple[AssociationType, str], ...] = ()


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
