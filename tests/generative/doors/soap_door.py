"""The XDS.b door: every stored query and every retrieval, by a reader with a signed assertion of their own."""

from collections.abc import Iterator
from functools import cache

from lxml import etree
from starlette.applications import Starlette

from patientoverblik.care.systems import CPR
from patientoverblik.edges.identity.soap.issued import Subject, Wanted, assertion, signed
from patientoverblik.edges.identity.soap.issuer import AUDIENCE, DemoIssuer
from patientoverblik.edges.identity.soap.messages import Call, message
from patientoverblik.edges.soap.door import SoapSettings, routes
from patientoverblik.edges.soap.names import QUERY, RIM, XDS
from patientoverblik.edges.soap.query import ON_DEMAND, STABLE, STATUS
from patientoverblik.service import House
from tests.doors.identity.soap.calls import make_issuer
from tests.doors.portal.browser import Browser
from tests.doors.soap.world import Once, slot
from tests.generative.doors.doors import NO_SUCH_DOCUMENT, UNKNOWN_NUMBER, About, Reader, certain, name_ids, whole
from tests.generative.doors.worlds import HOLDER_ID, NOW

PROFESSIONAL = "7101701234"
HOUR = 3_600_000
NO_SUCH_UNIQUE = "1.2.3.4.5^none"
IDS = {
    "FindDocuments": "14d4debf-8f97-4251-9a74-a90016b0af0d",
    "FindSubmissionSets": "f26abbcb-ac74-4422-8a30-edb644bbc1a9",
    "FindFolders": "958f3006-baad-4929-a4de-ff1114824431",
    "GetAll": "10b545ea-725c-446d-9b95-8aeb444eddf3",
    "GetDocuments": "5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4",
    "GetFolders": "5737b14c-8a1a-4539-b659-e03a34a5e1e4",
    "GetAssociations": "a7ae438b-4bc2-4642-93e9-be891f7bb155",
    "GetDocumentsAndAssociations": "bab9529a-4a10-40b3-a01f-f68a615d247a",
    "GetSubmissionSets": "51224314-5390-4169-9b91-b1980040715a",
    "GetSubmissionSetAndContents": "e8e3cb2c-e39c-46b9-99e4-c12f57260b83",
    "GetFolderAndContents": "b909a503-523d-4517-8acf-8e5834dfc4c7",
    "GetFoldersForDocument": "10cae35a-c7f9-4cf5-b61e-fc3278ffb578",
    "GetRelatedDocuments": "d90e5407-b356-4d91-a89f-873917b4b0e6",
}
REGISTRY, REPOSITORY = ("/ddsregistry", "RegistryStoredQuery"), ("/ddsrepository", "RetrieveDocumentSet")
ASSOCIATIONS = tuple(f"urn:ihe:iti:2007:AssociationType:{name}" for name in ("RPLC", "APND", "XFRM"))
Asked = tuple[str, tuple[str, str], str]


def soap_answers(house: House, reader: Reader, about: About) -> dict[str, bytes]:
    """Every answer of the door, by the name of the question."""
    settings = SoapSettings(issuer().trust(), Once(), known={})
    browser, told = Browser(Starlette(routes=routes(house, settings))), {}
    token = assertion_of(subject(reader, about), house.clock())
    with certain():
        for name, (path, action), body in (*queries(about), *retrievals(house, about)):
            name_ids(house, name)
            sent = envelope(token, house, reader, about, action, body)
            told[name] = whole(browser.post(path, content=sent, headers={"content-type": "application/soap+xml"}))
    assert not [name for name, answer in told.items() if not answer.startswith(b"200")]
    return told


def subject(reader: Reader, about: About) -> Subject:
    """The reader as the issuer of tokens knows them: a relative is a citizen who asks for another."""
    actor = reader.actor
    own = {"professional": PROFESSIONAL, "relative": HOLDER_ID.value}.get(actor.kind, about.patient.value)
    kind = "professional" if actor.kind == "professional" else "citizen"
    given, _, family = actor.name.partition(" ")
    more = {"role": actor.role, "authorisation": actor.authorisation or "ZZ000", "organisation": actor.organisation}
    return Subject(kind=kind, number=own, given=given, family=family, **(more if kind == "professional" else {}))


@cache
def issuer() -> DemoIssuer:
    """Who vouches for the readers, since well before every story's end."""
    return make_issuer(at=NOW - 200 * 24 * HOUR)


@cache
def assertion_of(who: Subject, at: int) -> bytes:
    """A signed assertion that holds at a time."""
    wanted = Wanted(audience=AUDIENCE, start=at - HOUR, end=at + HOUR)
    return etree.tostring(signed(assertion(who, wanted), "ID", issuer().service))


def envelope(token: bytes, house: House, reader: Reader, about: About, action: str, body: str) -> bytes:
    """The message by which the reader asks about the patient."""
    call = Call(
        at=house.clock(),
        subject=subject(reader, about),
        patient=about.patient.value,
        organisation=reader.actor.organisation,
        action=f"urn:ihe:iti:2007:{action}",
    )
    made = message(etree.fromstring(token), call)
    made[1].append(etree.fromstring(body))
    return etree.tostring(made)


def queries(about: About) -> Iterator[Asked]:
    """Every stored query: by patient, by ids all at once, and by each id alone."""
    for wanted in ("LeafClass", "ObjectRef"):
        for name, slots in by_patient(about.patient.value):
            yield f"{name} {wanted}", REGISTRY, query(name.partition(" ")[0], wanted, *slots)
        for name, slots in by_ids(about):
            yield f"{name} {wanted}", REGISTRY, query(name.partition(" ")[0], wanted, *slots)
    yield "FindDocuments unknown", REGISTRY, query("FindDocuments", "LeafClass", *found(UNKNOWN_NUMBER, "Entry"))
    yield "FindDocuments whose", REGISTRY, query("FindDocuments", "LeafClass", *found("", "Entry"))


def by_patient(number: str) -> Iterator[tuple[str, tuple[tuple[str, ...], ...]]]:
    yield "FindDocuments", found(number, "Entry")
    yield "FindDocuments all", (*found(number, "Entry", "Deprecated"), TYPES)
    yield "FindSubmissionSets", found(number, "XDSSubmissionSet")
    yield "FindFolders", found(number, "XDSFolder")
    every = (f"$XDS{kind}Status" for kind in ("DocumentEntry", "SubmissionSet", "Folder"))
    yield "GetAll", (("$patientId", patient(number)), *((name, states("Deprecated")) for name in every), TYPES)


def by_ids(about: About) -> Iterator[tuple[str, tuple[tuple[str, ...], ...]]]:
    documents, sets, folders = ((*ids, NO_SUCH_DOCUMENT) for ids in (about.documents, about.sets, about.folders))
    yield "GetDocuments", ((ENTRY, listed(documents)),)
    yield "GetDocuments unique", (("$XDSDocumentEntryUniqueId", listed((*about.unique, NO_SUCH_UNIQUE))),)
    yield "GetDocuments logical", (("$XDSDocumentEntryLogicalID", listed(documents)),)
    yield "GetDocumentsAndAssociations", ((ENTRY, listed(documents)),)
    yield "GetAssociations", (("$uuid", listed((*documents, *sets, *folders))),)
    yield "GetSubmissionSets", (("$uuid", listed(documents)),)
    yield "GetFolders", (("$XDSFolderEntryUUID", listed(folders)),)
    for one in sets:
        yield f"GetSubmissionSetAndContents {one}", (("$XDSSubmissionSetEntryUUID", f"'{one}'"),)
    for one in folders:
        yield f"GetFolderAndContents {one}", (("$XDSFolderEntryUUID", f"'{one}'"),)
    for one in documents:
        yield f"GetRelatedDocuments {one}", ((ENTRY, f"'{one}'"), ("$AssociationTypes", listed(ASSOCIATIONS)))
        yield f"GetFoldersForDocument {one}", ((ENTRY, f"'{one}'"),)


ENTRY = "$XDSDocumentEntryEntryUUID"


def found(number: str, kind: str, *more: str) -> tuple[tuple[str, ...], ...]:
    """The patient and the states of a query of one kind of object."""
    name = "XDSDocumentEntry" if kind == "Entry" else kind
    return ((f"${name}PatientId", patient(number)), (f"${name}Status", states(*more)))


def patient(number: str) -> str:
    return f"'{number}^^^&{CPR}&ISO'"


def states(*more: str) -> str:
    return listed(f"{STATUS}{state}" for state in ("Approved", *more))


def listed(values) -> str:
    return "({})".format(",".join(f"'{value}'" for value in values))


TYPES = ("$XDSDocumentEntryType", listed((STABLE, ON_DEMAND)))


def query(name: str, wanted: str, *slots: tuple[str, ...]) -> str:
    """The body of a stored query."""
    return (
        f'<q:AdhocQueryRequest xmlns:q="{QUERY}" xmlns:rim="{RIM}"><q:ResponseOption returnType="{wanted}" '
        f'returnComposedObjects="true"/><rim:AdhocQuery id="urn:uuid:{IDS[name]}">'
        f"{''.join(slot(*one) for one in slots)}</rim:AdhocQuery></q:AdhocQueryRequest>"
    )


def retrievals(house: House, about: About) -> Iterator[Asked]:
    """Every document by itself, and all of them with one that is nowhere."""
    asked = {one: (one,) for one in (*about.unique, NO_SUCH_UNIQUE)} | {"all": (*about.unique, NO_SUCH_UNIQUE)}
    for name, ids in asked.items():
        wishes = "".join(
            f"<x:DocumentRequest><x:RepositoryUniqueId>{house.repository}</x:RepositoryUniqueId>"
            f"<x:DocumentUniqueId>{one.replace('&', '&amp;')}</x:DocumentUniqueId></x:DocumentRequest>"
            for one in ids
        )
        body = f'<x:RetrieveDocumentSetRequest xmlns:x="{XDS}">{wishes}</x:RetrieveDocumentSetRequest>'
        yield f"RetrieveDocumentSet {name}", REPOSITORY, body
