"""What the registry and repository keep: submission sets, document entries and associations (IHE ITI TF-3 4.1)."""

from typing import Literal

import msgspec

from patientoverblik.access import Message, OrganisationRef, Part
from patientoverblik.problems import Finding

Status = Literal["approved", "deprecated"]
ObjectType = Literal["stable", "on-demand"]
AssociationType = Literal[
    "has-member", "RPLC", "APND", "XFRM", "XFRM_RPLC", "signs", "is-snapshot-of", "update-availability"
]
ReadState = Literal["read", "unreadable", "no-profile", "not-text", "elsewhere", "on-demand"]
"""How a document was read. ``elsewhere``: only its metadata are here; ``on-demand``: it is made when asked for."""


class Code(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A metadata code: value, coding scheme (OID) and display."""

    code: str
    scheme: str
    display: str = ""


class Author(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """An author of the metadata: institution (XON) and person (XCN) in parts.

    Roles, specialties and telecoms are for other profiles than the Danish one, which does not use them. ``as_sent``
    are the author's slots as they came, where the parts do not give them back whole.
    """

    organisation: OrganisationRef | None = None
    family: str = ""
    given: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    specialties: tuple[str, ...] = ()
    telecoms: tuple[str, ...] = ()
    as_sent: tuple[tuple[str, tuple[str, ...]], ...] = ()


class PatientId(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A patient identifier: OID of the assigning authority (CPR 1.2.208.176.1.2) and the number."""

    system: str
    value: str


class Metadata(msgspec.Struct, frozen=True, omit_defaults=True, gc=False, kw_only=True):
    """What is said of a document, by its sender as by the registry; times are milliseconds UTC, 0 where absent.

    ``shown_from`` is when the patient may see the document; 0 where at once. ``message`` says whom alone it is for,
    beside the patient; None where it is for whoever treats them.
    ``extra`` are metadata the norm has no attribute for, kept as they came: (name, values).
    """

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
    shown_from: int = 0
    message: Message | None = None


class DocumentEntry(Metadata, frozen=True, omit_defaults=True, gc=False):
    """One registered document. ``patient`` is the opaque patient key.

    ``withheld`` names facts in the document that some readers must not see (``gp-appointment-reason``,
    ``protected-address``, ``relatives``): to them its bytes are refused and the overview shows the rest (DESIGN 12).
    """

    uuid: str
    logical_id: str
    version: int
    patient: int
    status: Status
    unique_id: str
    content: str
    repository: str
    home: str
    custodian: OrganisationRef | None = None
    series: str = ""
    series_version: int = 0
    set_uuid: str = ""
    registered: int = 0
    deprecated_at: int = 0
    deprecated_by: str = ""
    replaced_by: str = ""
    replaces: tuple[str, ...] = ()
    submitter: OrganisationRef | None = None
    parts: tuple[Part, ...] = ()
    profile: str = ""
    state: ReadState = "read"
    losses: int = 0
    findings: tuple[Finding, ...] = ()
    source: str = ""
    withheld: tuple[str, ...] = ()

    @property
    def origins(self) -> tuple[OrganisationRef, ...]:
        """Where the document comes from: authors' organisations, custodian and submitter, without repeats."""
        named = [author.organisation for author in self.authors] + [self.custodian, self.submitter]
        return tuple(dict.fromkeys(place for place in named if place is not None))

    @property
    def origin_times(self) -> tuple[int, ...]:
        """When the document can be said to be from: creation, start and stop of the service, else registration."""
        return tuple(at for at in (self.created, self.service_start, self.service_stop) if at) or (self.registered,)

    @property
    def origin_spans(self) -> tuple[tuple[int, int], ...]:
        """The stretches the document is from, first and last instant: its creation, its service, else registration."""
        service = tuple(at for at in (self.service_start, self.service_stop) if at)
        created = ((self.created, self.created),) if self.created else ()
        spans = (*created, (min(service), max(service))) if service else created
        return spans or ((self.registered, self.registered),)


class SubmissionSet(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One delivery: who sent what when (TF-3 4.1.4); ``submitted`` is milliseconds UTC."""

    uuid: str
    unique_id: str
    patient: int
    source_id: str
    submitted: int
    title: str = ""
    content_type: Code | None = None
    author: Author | None = None
    digest: str = ""
    status: Status = "approved"
    comments: str = ""
    intended_recipients: tuple[str, ...] = ()


class Folder(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A folder of document entries (TF-3 4.1.5), which stand in it by associations; ``updated`` is milliseconds UTC.

    ``owner`` is the organisation that made it, and may put more into it.
    """

    uuid: str
    unique_id: str
    patient: int
    logical_id: str = ""
    version: int = 1
    status: Status = "approved"
    title: str = ""
    comments: str = ""
    codes: tuple[Code, ...] = ()
    updated: int = 0
    owner: OrganisationRef | None = None


class Association(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A link between two objects, from ``source`` to ``target`` (entryUUIDs); a deprecated one holds no longer."""

    uuid: str
    type: AssociationType
    source: str
    target: str
    patient: int
    label: str = ""
    status: Status = "approved"


class StoredReading(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A document's reading as kept: the care contribution and the record in MessagePack, and what read it."""

    content: str
    stamp: str
    care: bytes
    record: bytes
    losses: bytes = b""
