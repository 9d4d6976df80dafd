"""The XDS.b door: a query of twenty entries, one document fetched, one provided; signed headers, decision and durable
log included, each beside the same bytes from the floor."""

from collections.abc import Iterator
from itertools import cycle

import msgspec
from lxml import etree

from benches.load import Request, once, post
from benches.reading import median_ms
from benches.servers import free_port, memory_mb, serving
from benches.serving import AT_ONCE, SEEN, pair
from benches.table import Figure
from benches.world import World, number_of
from patientoverblik.app.issuing import demo_issuer
from patientoverblik.app.running import TEST_COMMUNITY, TEST_REPOSITORY
from patientoverblik.app.wiring import now
from patientoverblik.care.systems import CPR
from patientoverblik.demo.generator import for_bench
from patientoverblik.demo.organisations import organisations
from patientoverblik.edges.identity.soap.issued import HOUR, Subject, Wanted, assertion, id_card, signed
from patientoverblik.edges.identity.soap.issuer import AUDIENCE
from patientoverblik.edges.identity.soap.messages import Call, message
from patientoverblik.edges.soap.ebrim import RegistryObject, xml_of
from patientoverblik.edges.soap.mtom import packed, packed_type
from patientoverblik.edges.soap.names import LCM, QUERY, RIM, SOAP_12, XDS, XOP
from patientoverblik.edges.soap.objects import entry_object, set_object
from patientoverblik.edges.soap.submission import HAS_MEMBER
from patientoverblik.edges.soap.transactions import BY_PATH
from patientoverblik.service.reading import understand
from patientoverblik.sharing.metadata import Said, describe
from patientoverblik.sharing.model import Code, DocumentEntry, PatientId, SubmissionSet

LARGE = 50_000
NEW_PATIENTS = 130
CORES = 2
BY = "general-practice"
STATUS = "urn:oasis:names:tc:ebxml-regrep:StatusType:Approved"
SUCCEEDED = b'ResponseStatusType:Success"'
SNOMED = "2.16.840.1.113883.6.96"


def measure_xds(world: World) -> Iterator[Figure]:
    """The door on a server of its own, over the database that is filled already: by one worker, then by one a core."""
    sender = Sender(world)
    queries = [sender.query(number) for number in world.numbers[:SEEN]]
    fetches = [sender.fetch(number, patient) for patient, number in enumerate(world.numbers[:SEEN])]
    goals = {workers: ("≥ 500/s", "≥ 150/s") if workers == CORES else ("", "") for workers in (1, CORES)}
    for workers, (asked, brought) in goals.items():
        port, by = free_port(), f"{workers} {'workers' if workers > 1 else 'worker'}"
        with serving(["-m", "patientoverblik", "serve"], port, environment(world, port, workers)) as process:
            yield from pair(f"ITI-18, 20 entries, {by}", port, queries, asked, holds=SUCCEEDED)
            yield from pair(f"ITI-43, 50 kB, {by}", port, fetches, asked, holds=SUCCEEDED)
            yield from _provided(sender, f"ITI-41, a new plan of 50 kB, {by}", port, workers, brought)
            if workers == 1:
                yield Figure("worker's memory after that", memory_mb(process), "MB")


def environment(world: World, port: int, workers: int = 1) -> dict[str, str]:
    """What the product is told to serve the filled database with, without limits."""
    return {
        "PATIENTOVERBLIK_DATABASE": world.settings.database,
        "PATIENTOVERBLIK_DEMO": "true",
        "PATIENTOVERBLIK_PORT": str(port),
        "PATIENTOVERBLIK_WORKERS": str(workers),
        "PATIENTOVERBLIK_LIMIT_ACTOR": "0",
        "PATIENTOVERBLIK_LIMIT_ADDRESS": "0",
    }


def _provided(sender: "Sender", name: str, port: int, workers: int, goal: str) -> Iterator[Figure]:
    """Care plans that the database has not seen, of patients it does not know, each sent once; the floor is parse,
    check and read of them alone, on as many cores."""
    first = 5_000 + workers * NEW_PATIENTS
    brought = [(patient, data) for patient in range(first, first + NEW_PATIENTS) for data in large(patient)]
    provided = [sender.provide(number_of(patient), data) for patient, data in brought]
    each = cycle(data for _, data in brought)
    alone = median_ms(lambda: understand(next(each), "text/xml"))
    rate = once(port, provided, AT_ONCE, SUCCEEDED).per_second
    yield Figure(name, rate, "docs/s", 1000 * workers / alone, goal)
    yield Figure("  parse, check and read of such a plan alone, processor time", alone, "ms")


def large(patient: int) -> list[bytes]:
    """The documents of about 50 kB that the practice hands in of a patient."""
    return [data for by, data in for_bench(patient) if by == BY and len(data) > LARGE]


class Sender:
    """The practice's system: its messages, signed by the demo's issuer and ready to be sent."""

    def __init__(self, world: World) -> None:
        issuer, self.at = demo_issuer(world.settings), now()
        self.place = organisations()[BY].reference
        self.subject = Subject(
            kind="professional", number="7101701234", given="Bench", family="Læge", role="Læge", authorisation="ZZ999",
            organisation=self.place,
        )  # fmt: skip
        wanted = Wanted(audience=AUDIENCE, start=self.at - 60_000, end=self.at + HOUR)
        self.token = etree.tostring(signed(assertion(self.subject, wanted), "ID", issuer.service))
        card = id_card(self.subject, self.at - 60_000, self.at + HOUR)
        self.card = etree.tostring(signed(card, "id", issuer.service, before=None))

    def query(self, number: str) -> Request:
        """FindDocuments of all of a patient's documents."""
        slots = _slot("$XDSDocumentEntryPatientId", f"'{number}^^^&amp;1.2.208.176.1.2&amp;ISO'")
        body = (
            f'<q:AdhocQueryRequest xmlns:q="{QUERY}" xmlns:rim="{RIM}"><q:ResponseOption returnType="LeafClass"/>'
            f'<rim:AdhocQuery id="urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d">{slots}'
            f"{_slot('$XDSDocumentEntryStatus', f'({STATUS!r})')}</rim:AdhocQuery></q:AdhocQueryRequest>"
        )
        return self._asked("/ddsregistry", body, number)

    def fetch(self, number: str, patient: int) -> Request:
        """One document of about 50 kB."""
        unique = understand(large(patient)[0], "text/xml").unique_id
        body = (
            f'<x:RetrieveDocumentSetRequest xmlns:x="{XDS}"><x:DocumentRequest>'
            f"<x:RepositoryUniqueId>{TEST_REPOSITORY}</x:RepositoryUniqueId>"
            f"<x:DocumentUniqueId>{unique}</x:DocumentUniqueId></x:DocumentRequest></x:RetrieveDocumentSetRequest>"
        )
        return self._asked("/ddsrepository", body, number)

    def provide(self, number: str, data: bytes) -> Request:
        """One care plan with its metadata, the document as a part."""
        entry = entry_of(data)
        made = SubmissionSet("set", f"{entry.unique_id.partition('^')[0]}.9", 0, "1.2.3", self.at, "Levering")
        made = msgspec.structs.replace(made, unique_id=f"2.25.{abs(hash(data))}", author=entry.authors[0])
        patient = PatientId(CPR, number)
        member = RegistryObject(
            "association", id="as", source=made.uuid, target=entry.uuid, type=HAS_MEMBER,
            slots={"SubmissionSetStatus": ("Original",)},
        )  # fmt: skip
        objects = (entry_object(entry, patient), set_object(made, patient, ""), member)
        body = (
            f'<x:ProvideAndRegisterDocumentSetRequest xmlns:x="{XDS}"><l:SubmitObjectsRequest xmlns:l="{LCM}" '
            f'xmlns:rim="{RIM}"><rim:RegistryObjectList>{"".join(map(xml_of, objects))}</rim:RegistryObjectList>'
            f'</l:SubmitObjectsRequest><x:Document id="{entry.uuid}"><xop:Include xmlns:xop="{XOP}" '
            'href="cid:d@bench"/></x:Document></x:ProvideAndRegisterDocumentSetRequest>'
        )
        sent = self.message("/dros/iti41", body, number, self.card, "4")
        parts = b"".join(packed(sent, [("d@bench", "text/xml", data)], SOAP_12, "b"))
        return post("/dros/iti41", parts, {"Content-Type": packed_type(SOAP_12, "b")})

    def _asked(self, path: str, body: str, number: str) -> Request:
        sent = self.message(path, body, number, self.token)
        return post(path, sent, {"Content-Type": "application/soap+xml; charset=utf-8"})

    def message(self, path: str, body: str, number: str, token: bytes, level: str = "") -> bytes:
        """A message to an address about a patient, with a token and what else its header needs."""
        action = BY_PATH[path][0].action
        call = Call(at=self.at, subject=self.subject, patient=number, organisation=self.place, action=action)
        made = message(etree.fromstring(token), call, "4" if level else "")
        made[1].append(etree.fromstring(body))
        return bytes(etree.tostring(made))


def entry_of(data: bytes) -> DocumentEntry:
    """What is said of a document of the practice."""
    understood = understand(data, "text/xml")
    entry = describe(
        data, understood.read, Said(TEST_REPOSITORY, TEST_COMMUNITY, format_code=understood.format_code), {}
    ).entry
    facility, setting = Code("394761003", SNOMED, "almen lægepraksis"), Code("408443003", SNOMED, "almen medicin")
    return msgspec.structs.replace(entry, uuid="entry", facility_type=facility, practice_setting=setting)


def _slot(name: str, value: str) -> str:
    return f'<rim:Slot name="{name}"><rim:ValueList><rim:Value>{value}</rim:Value></rim:ValueList></rim:Slot>'
