"""ITI-53 Document Metadata Notify (TF-2 3.53): the message that tells a subscriber's consumer what was registered.

It says which subscription it is of and where it was made, never the filter; a minimal one says ids alone, and whose
they are where the subscription does not.
"""

from collections.abc import Iterator
from xml.sax.saxutils import escape

from patientoverblik.edges.soap.ebrim import RegistryObject, xml_of
from patientoverblik.edges.soap.ebrim.types import write_patient
from patientoverblik.edges.soap.names import DSUB, LCM, RIM, SOAP_12, WSA, WSN
from patientoverblik.edges.soap.objects import OID, community, entry_object, folder_object, set_object
from patientoverblik.edges.soap.wsn import SIMPLE
from patientoverblik.service.notification import Notification

WHOSE = "$XDSDocumentEntryPatientId"
"""The slot that says whose entry it is, called as the parameter that it is asked for by."""
ACTION = "http://docs.oasis-open.org/wsn/bw-2/NotificationConsumer/Notify"


def notify_message(told: Notification, home: str, message_id: str) -> bytes:
    """The SOAP 1.2 message of a notification by the community ``home``."""
    return (
        f'<s:Envelope xmlns:s="{SOAP_12}" xmlns:a="{WSA}" xmlns:n="{WSN}"><s:Header>'
        f'<a:Action s:mustUnderstand="true">{ACTION}</a:Action><a:MessageID>{escape(message_id)}</a:MessageID>'
        f'<a:To s:mustUnderstand="true">{escape(told.subscription.consumer)}</a:To></s:Header>'
        f"<s:Body><n:Notify>{notification_message(told, home)}</n:Notify></s:Body></s:Envelope>"
    ).encode()


def notification_message(told: Notification, home: str) -> str:
    """The NotificationMessage itself; the prefixes ``n`` and ``a`` must be bound around it."""
    held = told.subscription
    return (
        f"<n:NotificationMessage><n:SubscriptionReference><a:Address>{escape(held.reference)}</a:Address>"
        f'</n:SubscriptionReference><n:Topic xmlns:ihe="{DSUB}" Dialect="{SIMPLE[0]}">ihe:{held.topic}</n:Topic>'
        f"<n:ProducerReference><a:Address>{OID}{escape(home)}</a:Address></n:ProducerReference>"
        f'<n:Message><l:SubmitObjectsRequest xmlns:l="{LCM}" xmlns:rim="{RIM}"><rim:RegistryObjectList>'
        f"{''.join(_objects(told, home))}</rim:RegistryObjectList></l:SubmitObjectsRequest></n:Message>"
        "</n:NotificationMessage>"
    )


def _objects(told: Notification, home: str) -> Iterator[str]:
    found = told.found
    if told.subscription.topic == "MinimalDocumentEntry":
        slots = {} if told.subscription.patient else {WHOSE: (write_patient(told.patient),)}
        yield from (
            xml_of(RegistryObject("reference", id=one.uuid, home=community(home), slots=slots)) for one in found.entries
        )
        return
    yield from (xml_of(entry_object(one, told.patient)) for one in found.entries)
    yield from (xml_of(set_object(one, told.patient, home)) for one in found.sets)
    yield from (xml_of(folder_object(one, told.patient, home)) for one in found.folders)
