"""A document's metadata from the document itself (XDS Metadata for Document Sharing, Danish profile 2.0).

What the sender says wins over what can be derived, except who the patient is, which is compared on submission, and who
wrote the document: a block on a party must not be dodged by naming another. For the same reason the parts of the
overview it belongs to, and what is hidden in it, follow from the document's own words as well as from the sender's.
Facility type and practice setting stand in no document: they come from the sender, or from a table of organisations.
"""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha1

import msgspec

from patientoverblik.access import OrganisationRef, Part
from patientoverblik.care import Coding, Contribution, Identifier, Moment, Organisation, Participation
from patientoverblik.care.systems import SOR, YDERNUMMER
from patientoverblik.formats.model import Reading, Unread
from patientoverblik.problems import Finding
from patientoverblik.sharing.codes import CLINICAL_REPORT, CodeList, listed
from patientoverblik.sharing.identify import identify_any
from patientoverblik.sharing.model import Author, Code, DocumentEntry, PatientId
from patientoverblik.sharing.parts import parts_of, withheld_of, withheld_unread
from patientoverblik.sharing.stated import Stated
from patientoverblik.sharing.submission import Described

EPISODE_ID_TYPE = "urn:ihe:iti:xds:2015:encounterId"
TITLE_LENGTH = 128
SECOND = 1000
STATED = (
    "title",
    "comments",
    "uri",
    "language",
    "created",
    "service_start",
    "service_stop",
    "class_code",
    "type_code",
    "format_code",
    "confidentiality",
    "event_codes",
    "legal_authenticator",
    "reference_ids",
    "extra",
    "shown_from",
    "message",
)
"""What the sender's word decides, where there is one."""

LISTS: tuple[tuple[str, CodeList], ...] = (
    ("type_code", "type_code"),
    ("format_code", "format_code"),
    ("facility_type", "facility_type"),
    ("practice_setting", "practice_setting"),
    ("confidentiality", "confidentiality"),
)


class OrganisationFacts(msgspec.Struct, frozen=True):
    """What the table of organisations says of one: its facility type and practice setting."""

    facility_type: Code | None = None
    practice_setting: Code | None = None


class Said(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is said beside the document: ``stated`` by the sender, the rest by us; empty where nothing is said.

    ``format_code`` is the profile's; ``source`` the configured source's id; ``repository`` and ``home`` are our OIDs.
    """

    repository: str
    home: str
    stated: Stated = Stated()
    format_code: Code | None = None
    submitter: OrganisationRef | None = None
    source: str = ""


Organisations = Mapping[tuple[str, str], OrganisationFacts]


def describe(data: bytes, read: Reading | Unread, said: Said, organisations: Organisations) -> Described:
    """The draft entry of a document, the patients it names and the documents it says it replaces.

    ``organisations`` maps (system, value) to facts. What is missing or not in its code list is a finding of the entry.
    """
    plain = _said(data, said)
    if isinstance(read, Unread):
        withheld = withheld_unread(plain, data)
        entry = msgspec.structs.replace(plain, state="unreadable", findings=read.findings, withheld=withheld)
        return Described(_with_findings(_with_setting(entry, said, organisations)))
    document = read.care.document
    derived = _with_setting(_derived(plain, read, said), said, organisations)
    entry = _with_stated(derived, said.stated)
    seen = (derived, entry)
    entry = msgspec.structs.replace(
        entry,
        parts=_parts(seen, read.care),
        withheld=tuple(dict.fromkeys(fact for one in seen for fact in withheld_of(one, read.care))),
    )
    patients = identify_any(read.care.patient.ids)
    return Described(
        _with_findings(_with_patient(entry, read.care, patients)), patients, _unique_ids(document.replaces)
    )


def _parts(seen: Iterable[DocumentEntry], care: Contribution) -> tuple[Part, ...]:
    """The parts of the overview a document belongs to; a message belongs where what it is about does."""
    own = (one.message.parts if one.message else parts_of(one, care) for one in seen)
    return tuple(dict.fromkeys(part for parts in own for part in parts))


def unique_id_of(identifier: Identifier) -> str:
    """The XDS uniqueId of a CDA id: ``root^extension``, or the root alone."""
    root = identifier.system.removeprefix("urn:oid:")
    return f"{root}^{identifier.value}" if identifier.value else root


def organisation_of(organisation: Organisation | None, others: Iterable[Identifier] = ()) -> OrganisationRef | None:
    """An organisation by its best identifier: SOR, then ydernummer, then its first; ``others`` are ids beside it."""
    own = organisation.ids if organisation else ()
    beside = tuple(one for one in others if one.system in (SOR, YDERNUMMER))
    ranked = sorted((*own, *beside), key=lambda one: (one.system != SOR, one.system != YDERNUMMER))
    best = next((one for one in ranked if one.system and one.value), None)
    return OrganisationRef(best.system, best.value, organisation.name if organisation else "") if best else None


def _with_stated(entry: DocumentEntry, stated: Stated) -> DocumentEntry:
    """The entry with what the sender states instead of what was derived."""
    said = {name: value for name in STATED if (value := getattr(stated, name))}
    return msgspec.structs.replace(entry, **said)


def _said(data: bytes, said: Said) -> DocumentEntry:
    stated = said.stated
    plain = DocumentEntry(
        uuid=stated.uuid,
        logical_id=stated.logical_id,
        version=1,
        patient=0,
        status="approved",
        unique_id=stated.unique_id,
        content="",
        repository=said.repository,
        home=said.home,
        object_type=stated.object_type,
        mime_type=stated.mime_type,
        size=len(data),
        sha1=sha1(data, usedforsecurity=False).hexdigest(),
        class_code=CLINICAL_REPORT,
        format_code=said.format_code,
        authors=stated.authors,
        submitter=said.submitter,
        source=said.source,
    )
    return _with_stated(plain, stated)


def _derived(entry: DocumentEntry, read: Reading, said: Said) -> DocumentEntry:
    document = read.care.document
    start, stop = _service_time(read.care)
    return msgspec.structs.replace(
        entry,
        unique_id=said.stated.unique_id or unique_id_of(document.id),
        title=document.title[: TITLE_LENGTH - 1],
        language=document.language,
        created=_second(document.created),
        service_start=start,
        service_stop=stop,
        type_code=_code(document.code),
        confidentiality=_code(document.confidentiality),
        event_codes=tuple(dict.fromkeys(_codes(_labels(read.care)))),
        authors=tuple(_author(one) for one in document.authors),
        custodian=organisation_of(document.custodian),
        legal_authenticator=_author(document.legal_authenticator) if document.legal_authenticator else None,
        reference_ids=tuple(f"{one.value}^^^&{one.system}&ISO^{EPISODE_ID_TYPE}" for one in document.episodes),
        series=unique_id_of(document.series) if document.series else "",
        series_version=document.version or 0,
        profile=read.profile,
        losses=len(read.losses),
        findings=read.findings,
    )


def _with_patient(entry: DocumentEntry, care: Contribution, patients: tuple[PatientId, ...]) -> DocumentEntry:
    return msgspec.structs.replace(
        entry, source_patient=patients[0] if patients else None, source_patient_info=tuple(_patient_info(care))
    )


def _patient_info(care: Contribution) -> Iterator[str]:
    """PID-5 name, PID-7 birth and PID-8 gender, as the Danish profile writes sourcePatientInfo."""
    name, birth, gender = care.patient.name, care.patient.birth, care.patient.gender
    if name:
        yield f"PID-5|{' '.join(name.family)}^{'^'.join((*name.given, '', '', ''))}"
    if birth:
        yield f"PID-7|{birth.text[:10].replace('-', '')}"
    if gender:
        yield f"PID-8|{gender}"


def _service_time(care: Contribution) -> tuple[int, int]:
    """Start and stop of what the document is about, in milliseconds UTC: its period, its plan's or an appointment's."""
    own = (care.document.period, care.plan.period if care.plan else None)
    periods = [period for period in (*own, *(one.period for one in care.appointments)) if period]
    for period in periods:
        start, end = getattr(period, "start", None), getattr(period, "end", None)
        if start or end:
            return _second(start), _last_second(end)
    return 0, 0


def _second(moment: object) -> int:
    return moment.earliest // SECOND * SECOND if isinstance(moment, Moment) else 0


def _last_second(moment: Moment | None) -> int:
    """A day's end is the end of that day (DESIGN 15)."""
    return moment.latest - SECOND if moment and moment.is_date else _second(moment)


def _labels(care: Contribution) -> tuple[Coding, ...]:
    return (*care.document.labels, *(care.plan.labels if care.plan else ()))


def _author(participation: Participation) -> Author:
    party, name = participation.party, participation.party.name
    return Author(
        organisation=organisation_of(party.organisation, party.ids),
        family=" ".join(name.family) or name.text if name else "",
        given=name.given if name else (),
    )


def _with_setting(entry: DocumentEntry, said: Said, organisations: Organisations) -> DocumentEntry:
    known = [
        organisations[place.system, place.value]
        for place in entry.origins
        if (place.system, place.value) in organisations
    ]
    facts = known[0] if known else OrganisationFacts()
    return msgspec.structs.replace(
        entry,
        facility_type=said.stated.facility_type or facts.facility_type,
        practice_setting=said.stated.practice_setting or facts.practice_setting,
    )


def _with_findings(entry: DocumentEntry) -> DocumentEntry:
    return msgspec.structs.replace(entry, findings=(*entry.findings, *_missing(entry), *_not_listed(entry)))


def _missing(entry: DocumentEntry) -> Iterator[Finding]:
    """Attributes that the Danish profile requires and nothing gave; fewer of a document that was not read."""
    in_document = ("type_code", "confidentiality", "language", "title", "created") if entry.state == "read" else ()
    for name in ("facility_type", "practice_setting", "format_code", *in_document):
        if not getattr(entry, name):
            yield Finding("sharing.metadata-missing", place=f"entry.{name}", about=name.replace("_", " "))
    if entry.state == "read" and not any(author.organisation for author in entry.authors):
        yield Finding("sharing.metadata-missing", place="entry.authors", about="author organisation")


def _not_listed(entry: DocumentEntry) -> Iterator[Finding]:
    for name, code_list in LISTS:
        code: Code | None = getattr(entry, name)
        if code is not None and listed(code_list, code) is None:
            yield Finding("sharing.code-not-listed", place=f"entry.{name}", about=name.replace("_", " "))


def _codes(codings: Iterable[Coding]) -> Iterator[Code]:
    return (Code(one.code, one.system.removeprefix("urn:oid:"), one.display) for one in codings)


def _code(coding: Coding | None) -> Code | None:
    return next(_codes([coding])) if coding else None


def _unique_ids(identifiers: Iterable[Identifier]) -> tuple[str, ...]:
    return tuple(unique_id_of(one) for one in identifiers)
