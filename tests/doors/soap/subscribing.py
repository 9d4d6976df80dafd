"""Subscriptions asked for at the door, and what their consumer hears."""

from __future__ import annotations

from collections.abc import Iterable

import httpx
import msgspec
from lxml import etree

from patientoverblik.edges.soap.iti53_document_metadata_notify import notify_message
from patientoverblik.edges.soap.names import RIM, WSA, WSN
from patientoverblik.service.house import House
from patientoverblik.service.notification import notification
from patientoverblik.service.outbox import Message
from patientoverblik.service.subscription import FEED, Consumer
from tests.doors.soap.world import Door, slot
from tests.generative.doors.worlds import place

SUBSCRIBE = "http://docs.oasis-open.org/wsn/bw-2/NotificationProducer/SubscribeRequest"
UNSUBSCRIBE = "http://docs.oasis-open.org/wsn/bw-2/SubscriptionManager/UnsubscribeRequest"
SIMPLE = "http://docs.oasis-open.org/wsn/t-1/TopicExpression/Simple"
DOCUMENTS = "urn:uuid:aa2332d0-f8fe-11e0-be50-0800200c9a66"
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
    """A Subscribe request about a patient."""
    asked = "".join(slot(*one) for one in ((PATIENTS.get(filter_, "$x"), patient), *slots))
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
