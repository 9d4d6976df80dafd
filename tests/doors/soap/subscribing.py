"""Subscriptions asked for at the door, and what their consumer hears."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from importlib.resources import files

import httpx
import msgspec
from lxml import etree

from patientoverblik.edges.identity.soap.issuer import CVR
from patientoverblik.edges.soap.iti53_document_metadata_notify import notify_message
from patientoverblik.edges.soap.names import RIM, WSA, WSN
from patientoverblik.service.house import House
from patientoverblik.service.notification import notification
from patientoverblik.service.outbox import Message
from patientoverblik.service.subscription import FEED, Consumer
from tests.doors.soap.world import Door, issuer, slot
from tests.generative.doors.worlds import place

SUBSCRIBE = "http://docs.oasis-open.org/wsn/bw-2/NotificationProducer/SubscribeRequest"
UNSUBSCRIBE = "http://docs.oasis-open.org/wsn/bw-2/SubscriptionManager/UnsubscribeRequest"
RENEW = "http://docs.oasis-open.org/wsn/bw-2/SubscriptionManager/RenewRequest"
CREATE = "http://docs.oasis-open.org/wsn/bw-2/CreatePullPoint/CreatePullPointRequest"
DESTROY = "http://docs.oasis-open.org/wsn/bw-2/PullPoint/DestroyPullPointRequest"
GET_MESSAGES = "http://docs.oasis-open.org/wsn/bw-2/PullPoint/GetMessagesRequest"
PULL_POINTS = "http://door/dsub/pullpoints"
SIMPLE = "http://docs.oasis-open.org/wsn/t-1/TopicExpression/Simple"
DOCUMENTS = "urn:uuid:aa2332d0-f8fe-11e0-be50-0800200c9a66"
OF_ANYBODY = "urn:uuid:742790e0-aba6-43d6-9f1f-e43ed9790b79"
SETS = "urn:uuid:fbede94e-dbdc-4f6b-bc1f-d730e677cece"
FOLDERS = "urn:uuid:9376254e-da05-41f5-9af3-ac56d63d8ebd"
NANCY = "'2512489996^^^&1.2.208.176.1.2&ISO'"
PATIENTS = {DOCUMENTS: "$XDSDocumentEntryPatientId", SETS: "$XDSSubmissionSetPatientId", FOLDERS: "$XDSFolderPatientId"}
TOPICS = {DOCUMENTS: "FullDocumentEntry", SETS: "SubmissionSetMetadata", FOLDERS: "FolderMetadata"}
CONSUMER = "https://consumer.example/dsub"


def with_consumers(door: Door, *organisations: str, address: str = "https://consumer.example") -> Door:
    """The door of a house that may tell these organisations' subscribers."""
    consumers = tuple(Consumer(place(one), address) for one in organisations)
    door.serve(msgspec.structs.replace(door.house, consumers=consumers))
    return door


def with_system(door: Door, organisation: str) -> Door:
    """The door of a house that knows the demo's system as an organisation's own."""
    others = (place(one) for one in ("general-practice", "lung") if one != organisation)
    trust = msgspec.structs.replace(issuer().trust(), organisations={CVR: (place(organisation), *others)})
    door.serve(door.house, trust=trust, known={})
    return door


def subscribe(
    door: Door,
    *slots: tuple[str, ...],
    filter_: str = DOCUMENTS,
    topic: str = "",
    consumer: str = CONSUMER,
    ends: str = "",
    dialect: str = SIMPLE,
    patient: str = NANCY,
    **how: object,
) -> httpx.Response:
    """A Subscribe request about a patient, or about anybody."""
    whose = ((PATIENTS.get(filter_, "$x"), patient),) if patient else ()
    asked = "".join(slot(*one) for one in (*whose, *slots))
    end = f"<n:InitialTerminationTime>{ends}</n:InitialTerminationTime>" if ends else ""
    body = (
        f'<n:Subscribe xmlns:n="{WSN}" xmlns:a="{WSA}" xmlns:rim="{RIM}">'
        f"<n:ConsumerReference><a:Address>{consumer}</a:Address></n:ConsumerReference>"
        f'<n:Filter><n:TopicExpression Dialect="{dialect}">ihe:{topic or TOPICS[filter_]}</n:TopicExpression>'
        f'<rim:AdhocQuery id="{filter_}">{asked}</rim:AdhocQuery></n:Filter>{end}</n:Subscribe>'
    )
    return door.ask("/dsub/iti52", SUBSCRIBE, body, **how)


def unsubscribe(door: Door, reference: str, **how: object) -> httpx.Response:
    """An Unsubscribe request to the address of a subscription."""
    return door.ask(reference.removeprefix("http://door"), UNSUBSCRIBE, f'<n:Unsubscribe xmlns:n="{WSN}"/>', **how)


def renew(door: Door, reference: str, ends: str = "", **how: object) -> httpx.Response:
    """A Renew request to the address of a subscription."""
    body = f'<n:Renew xmlns:n="{WSN}"><n:TerminationTime>{ends}</n:TerminationTime></n:Renew>'
    return door.ask(reference.removeprefix("http://door"), RENEW, body, **how)


def ends_of(answer: httpx.Response) -> int:
    """When a subscription ends, by the answer that says so."""
    assert answer.status_code == 200, answer.text
    (found,) = etree.fromstring(answer.content).iter(f"{{{WSN}}}TerminationTime")
    return int(datetime.fromisoformat(str(found.text)).timestamp() * 1000)


def create(door: Door, **how: object) -> httpx.Response:
    """A CreatePullPoint request."""
    return door.ask("/dsub/pullpoints", CREATE, f'<n:CreatePullPoint xmlns:n="{WSN}"/>', **how)


def destroy(door: Door, address: str, **how: object) -> httpx.Response:
    """A DestroyPullPoint request to its address."""
    return door.ask(address.removeprefix("http://door"), DESTROY, f'<n:DestroyPullPoint xmlns:n="{WSN}"/>', **how)


def get_messages(door: Door, address: str, most: str = "", **how: object) -> httpx.Response:
    """A GetMessages request to the address of a pull point."""
    maximum = f"<n:MaximumNumber>{most}</n:MaximumNumber>" if most else ""
    body = f'<n:GetMessages xmlns:n="{WSN}">{maximum}</n:GetMessages>'
    return door.ask(address.removeprefix("http://door"), GET_MESSAGES, body, **how)


def fetched(answer: httpx.Response) -> list[bytes]:
    """The notifications in the answer of a pull point."""
    assert answer.status_code == 200, answer.text
    assert follows_our_description(answer)
    return [etree.tostring(one) for one in etree.fromstring(answer.content).iter(f"{{{WSN}}}NotificationMessage")]


def follows_our_description(answer: httpx.Response) -> bool:
    """Whether an answer is valid by the schema that our WSDL holds."""
    schemas = files("patientoverblik.edges.soap").joinpath("schemas")
    text = schemas.joinpath("wsnt.xsd").read_text("utf-8")
    with_address = text.replace('addressing"/>', f'addressing" schemaLocation="{schemas.joinpath("wsa.xsd")}"/>')
    schema = etree.XMLSchema(etree.fromstring(with_address))
    body = etree.fromstring(answer.content).find("{*}Body")
    assert body is not None
    assert schema.validate(etree.fromstring(etree.tostring(body[0]))), schema.error_log
    return True


def reference_of(answer: httpx.Response) -> str:
    """The address that a subscription is known by."""
    assert answer.status_code == 200, answer.text
    (found,) = etree.fromstring(answer.content).iter(f"{{{WSA}}}Address")
    return str(found.text)


def fault_of(answer: httpx.Response) -> tuple[str, str]:
    """The norm's name of a fault, and our code."""
    root = etree.fromstring(answer.content)
    (detail,) = root.iter("{http://www.w3.org/2003/05/soap-envelope}Detail")
    return etree.QName(detail[0]).localname, detail[0][1].text.partition(": ")[0]


def waiting(house: House) -> tuple[Message, ...]:
    """What waits to be told, taken out of the outbox."""
    at = house.clock()
    return house.storage.act(lambda transaction: transaction.claim(FEED, at, at + 1, 1000)).result()


def told(house: House, messages: Iterable[Message] | None = None) -> list[bytes]:
    """The notifications that would be sent now of what waits."""
    taken = waiting(house) if messages is None else messages
    made = [house.storage.act(lambda tx, one=one: notification(house, tx, one)).result() for one in taken]
    return [notify_message(one, house.home, "urn:uuid:m") for one in made if one is not None]
