"""The XDS.b door over a house in memory, and the messages of a hospital's and a practice's systems, signed for real."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import httpx
import msgspec
from lxml import etree
from starlette.applications import Starlette

from patientoverblik.access import Evidence, OrganisationRef, PersonFacts, Relation
from patientoverblik.care import parse_moment
from patientoverblik.care.systems import CPR
from patientoverblik.edges.identity.soap.issued import Subject, Wanted, assertion, id_card, signed
from patientoverblik.edges.identity.soap.issuer import AUDIENCE, DemoIssuer
from patientoverblik.edges.identity.soap.messages import Call, message
from patientoverblik.edges.soap.door import SoapSettings, routes
from patientoverblik.edges.soap.ebrim import Classification, RegistryObject, xml_of
from patientoverblik.edges.soap.levels import Levels
from patientoverblik.edges.soap.mtom import Unpacker, packed, packed_type
from patientoverblik.edges.soap.names import LCM, QUERY, RIM, RS, SOAP_12, WSN, XDS, XOP
from patientoverblik.edges.soap.objects import entry_object, set_object
from patientoverblik.edges.soap.received import Patience
from patientoverblik.edges.soap.submission import HAS_MEMBER, SUBMISSION_SET
from patientoverblik.service.house import House
from patientoverblik.service.ports import Storage
from patientoverblik.service.reading import understand
from patientoverblik.sharing.metadata import Said, describe
from patientoverblik.sharing.model import Code, DocumentEntry, PatientId, SubmissionSet
from tests.conftest import SHARED
from tests.doors.identity.soap.calls import make_issuer
from tests.generative.doors.worlds import an_empty_house, place, told
from tests.unit.service.make import learn

NANCY = "2512489996"
OUH = OrganisationRef("1.2.208.176.1.1", "242621000016001", "OUH Radiologisk Afdeling (Svendborg)")
PATIENT = PatientId(CPR, NANCY)
NOW = parse_moment("2027-02-01T12:00:00+01:00").earliest
HOUR = 3_600_000
ENTRY = "urn:uuid:11111111-1111-4111-8111-{:012d}"
SET = "urn:uuid:22222222-2222-4222-8222-{:012d}"


@cache
def issuer() -> DemoIssuer:
    return make_issuer(at=NOW)


def person(organisation: str = "general-practice") -> Subject:
    return Subject(
        kind="professional",
        number="7101701234",
        given="Testa",
        family="Testlæge",
        role="Læge",
        authorisation="ZZ999",
        organisation=place(organisation),
    )


class Once:
    def __init__(self) -> None:
        self.names: set[str] = set()

    async def __call__(self, name: str, until: int, at: int) -> bool:
        new = name not in self.names
        self.names.add(name)
        return new


class Door:
    """A house with the door on it, for one test."""

    def __init__(
        self,
        related: Sequence[str] = ("general-practice",),
        most: int = 10_000_000,
        storage: Storage | None = None,
        **levels: Levels,
    ) -> None:
        house, own = an_empty_house(), place("general-practice")
        self.house: House = msgspec.structs.replace(
            house, delivers_for={(own.system, own.value): (OUH,)}, storage=storage or house.storage
        )
        self.house.clock.now = NOW  # type: ignore[attr-defined]
        self.house.ids.start("door")  # type: ignore[attr-defined]
        key = self.house.storage.act(lambda transaction: transaction.claim_patient(PATIENT, 7)).result()
        born = PersonFacts(born=parse_moment("1948-12-25").earliest)
        self.house.storage.act(lambda transaction: transaction.put_person(key, born)).result()
        learn(self.house, Evidence(relations=tuple(Relation("contact", place(one)) for one in related)), key)
        self.settings = SoapSettings(issuer().trust(), Once(), patience=Patience(most), levels=levels)
        self.serve(self.house)

    def serve(self, house: House, **how: Any) -> None:
        """Put the door on a house, with other settings."""
        self.house = house
        self.settings = msgspec.structs.replace(self.settings, **how)
        self.app = Starlette(routes=routes(house, self.settings))

    def get(self, path: str) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://door") as client:
                return await client.get(path)

        return asyncio.run(ask())

    def post(self, path: str, body: bytes | Iterable[bytes], content_type: str, **headers: str) -> httpx.Response:
        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=True)
            async with httpx.AsyncClient(transport=transport, base_url="http://door") as client:
                data = body if isinstance(body, bytes) else b"".join(body)
                return await client.post(path, content=data, headers={"content-type": content_type, **headers})

        answer = asyncio.run(send())
        assert_valid(answer)
        return answer

    def ask(self, path: str, action: str, body: str, by: str = "general-practice", **how: Any) -> httpx.Response:
        """A request without parts, by a professional of an organisation."""
        sent = envelope(action, body, by, **how)
        return self.post(path, sent, "application/soap+xml; charset=utf-8")

    def query(self, query: str, *slots: tuple[str, ...], wanted: str = "LeafClass", **how: Any) -> httpx.Response:
        body = (
            f'<q:AdhocQueryRequest xmlns:q="{QUERY}" xmlns:rim="{RIM}"><q:ResponseOption returnType="{wanted}" '
            f'returnComposedObjects="true"/><rim:AdhocQuery id="{query}">{"".join(slot(*one) for one in slots)}'
            "</rim:AdhocQuery></q:AdhocQueryRequest>"
        )
        return self.ask("/ddsregistry", "urn:ihe:iti:2007:RegistryStoredQuery", body, **how)

    def provide(
        self, objects: str, documents: Mapping[str, bytes], by: str = "general-practice", inline: bool = False
    ) -> httpx.Response:
        """ITI-41 by the organisation's system, documents as parts or inline."""
        from base64 import b64encode

        names = {id_: f"doc{number}@sender" for number, id_ in enumerate(documents)}
        held = "".join(
            f'<x:Document id="{id_}">'
            + (b64encode(data).decode() if inline else f'<xop:Include xmlns:xop="{XOP}" href="cid:{names[id_]}"/>')
            + "</x:Document>"
            for id_, data in documents.items()
        )
        body = (
            f'<x:ProvideAndRegisterDocumentSetRequest xmlns:x="{XDS}"><l:SubmitObjectsRequest xmlns:l="{LCM}" '
            f'xmlns:rim="{RIM}"><rim:RegistryObjectList>{objects}</rim:RegistryObjectList></l:SubmitObjectsRequest>'
            f"{held}</x:ProvideAndRegisterDocumentSetRequest>"
        )
        sent = envelope("urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b", body, by, system=True)
        if inline:
            return self.post("/dros/iti41", sent, "application/soap+xml")
        parts = [(names[id_], "text/xml", data) for id_, data in documents.items()]
        return self.post("/dros/iti41", packed(sent, parts, SOAP_12, "b0"), packed_type(SOAP_12, "b0"))


def envelope(
    action: str,
    body: str,
    by: str,
    system: bool = False,
    override: bool = False,
    about: str = NANCY,
    itself: bool = False,
) -> bytes:
    """A signed message: a person's SAML assertion with HSUID header, a person's id card from a system, or (``itself``)
    a system's own."""
    subject = person(by)
    if itself:
        token = signed(id_card(None, NOW - HOUR, NOW + HOUR), "id", issuer().system, before=None)
        made = message(token, Call(at=NOW, action=action), "3")
    elif system:
        card = msgspec.structs.replace(subject)
        token = signed(id_card(card, NOW - HOUR, NOW + HOUR), "id", issuer().service, before=None)
        call = Call(at=NOW, subject=subject, patient=NANCY, organisation=place(by), action=action)
        made = message(token, call, "4")
    else:
        token = etree.fromstring(assertion_of(by))
        call = Call(at=NOW, subject=subject, patient=about, organisation=place(by), override=override, action=action)
        made = message(token, call)
    made[1].append(etree.fromstring(body))
    return etree.tostring(made)


@cache
def assertion_of(by: str) -> bytes:
    """One assertion for each organisation's professional: they stay in the same session."""
    wanted = Wanted(audience=AUDIENCE, start=NOW - 60_000, end=NOW + HOUR)
    return etree.tostring(signed(assertion(person(by), wanted), "ID", issuer().service))


def slot(name: str, *values: str) -> str:
    listed = "".join(f"<rim:Value>{value.replace('&', '&amp;')}</rim:Value>" for value in values)
    return f'<rim:Slot name="{name}"><rim:ValueList>{listed}</rim:ValueList></rim:Slot>'


@cache
def plan(number: int = 0) -> bytes:
    """A document of the storyboard's general practice."""
    return [one.data for one in told("A") if one.by == "general-practice"][number]


def described(data: bytes, house: House, number: int = 1) -> DocumentEntry:
    """The entry a careful sender would write of a document."""
    understood = understand(data, "text/xml")
    said = Said(house.repository, house.home, format_code=understood.format_code)
    entry = describe(data, understood.read, said, house.organisations).entry
    code = Code("394761003", "2.16.840.1.113883.6.96", "almen lægepraksis")
    setting = Code("408443003", "2.16.840.1.113883.6.96", "almen medicin")
    return msgspec.structs.replace(
        entry,
        uuid=ENTRY.format(number),
        source_patient=PATIENT,
        facility_type=entry.facility_type or code,
        practice_setting=entry.practice_setting or setting,
    )


def submission(*entries: DocumentEntry, number: int = 1, more: Sequence[RegistryObject] = ()) -> str:
    """The registry objects of a submission set with these entries, and more."""
    made = SubmissionSet(
        SET.format(number), f"2.25.{number}", 0, "1.2.3", NOW, "Levering", entries[0].type_code if entries else None
    )
    author = next((author for entry in entries for author in entry.authors), None)
    package = set_object(msgspec.structs.replace(made, author=author), PATIENT, "")
    members = [
        RegistryObject(
            "association",
            id=f"as{index}",
            source=package.id,
            target=entry.uuid,
            type=HAS_MEMBER,
            slots={"SubmissionSetStatus": ("Original",)},
        )
        for index, entry in enumerate(entries)
    ]
    objects = [*(entry_object(one, PATIENT) for one in entries), package, *members, *more]
    assert any(Classification(node=SUBMISSION_SET) in one.classifications for one in objects)
    return "".join(map(xml_of, objects))


def told_of(response: httpx.Response) -> tuple[str, list[str]]:
    """The status of a registry response (its last word) and the error codes with our own, warnings included."""
    root = etree.fromstring(body_of(response))
    found = next(one for one in root.iter() if isinstance(one.tag, str) and one.get("status"))
    errors = [
        f"{one.get('errorCode')} {one.get('codeContext').split(':')[0]}" for one in root.iter(f"{{{RS}}}RegistryError")
    ]
    return found.get("status").rpartition(":")[2], errors


@cache
def schemas() -> tuple[etree.XMLSchema, ...]:
    """ebRS's and IHE's own schemas, none where they are not here."""
    folder = SHARED / "data/xds/schema/nist-v3"
    names = ("query.xsd", "XDS.b_DocumentRepository.xsd", "rs.xsd") if folder.is_dir() else ()
    return tuple(etree.XMLSchema(etree.parse(folder / name)) for name in names)


def assert_valid(response: httpx.Response) -> None:
    """Every answer of the run follows the schemas; a reference to a part stands for its bytes, as XOP says."""
    body = etree.fromstring(body_of(response)).find("{*}Body")
    assert body is not None
    answer = body[0]
    if answer.tag.endswith("}Fault") or answer.tag.startswith(f"{{{WSN}}}") or not schemas():
        return
    for include in list(answer.iter(f"{{{XOP}}}Include")):
        parent = include.getparent()
        assert parent is not None
        parent.remove(include)
        parent.text = "AAAA"
    verdicts = [schema for schema in schemas() if schema.validate(etree.fromstring(etree.tostring(answer)))]
    assert verdicts, [str(schema.error_log) for schema in schemas()]


def body_of(response: httpx.Response) -> bytes:
    """The root part of an answer."""
    unpacker = Unpacker(response.headers["content-type"], 1 << 30)
    unpacker.take(response.content)
    package = unpacker.package()
    return package.root  # type: ignore[union-attr]
