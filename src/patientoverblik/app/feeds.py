"""The feeds of an installation: who is told of looks and events, and the threads that tell them while it is served."""

import contextlib
import os
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from functools import partial
from threading import Event, Thread

import httpx

from patientoverblik.app.feed_faults import place_of
from patientoverblik.app.hooks import rest_hooks
from patientoverblik.app.jobs import outlived
from patientoverblik.app.settings import Settings
from patientoverblik.connectors import FhirAudit, MinLog, Subscribers, SyslogAudit, SyslogPlace
from patientoverblik.edges.soap.iti53_document_metadata_notify import notify_message
from patientoverblik.notify import WAIT_FOR_COMMIT, Feed, Ourselves, Posting, deliver
from patientoverblik.service.house import House
from patientoverblik.service.notification import Notification, notification
from patientoverblik.service.outbox import Kind, Message
from patientoverblik.service.ports import Storage, Transaction

OF_LOOKS: frozenset[Kind] = frozenset({"look"})
OF_EVENTS: frozenset[Kind] = frozenset({"event"})
AUDIT_SECONDS = 2.0


def posting(settings: Settings, storage: Storage) -> Storage:
    """The storage, with an outbox for each feed that is configured; itself where there is none."""
    wanted = tuple(_wanted(settings))
    return Posting(storage, wanted) if wanted else storage


def _wanted(settings: Settings) -> Iterator[tuple[str, frozenset[Kind]]]:
    if settings.minlog_url:
        yield MinLog.name, OF_LOOKS
    if settings.atna_syslog:
        yield SyslogAudit.name, OF_EVENTS
    if settings.atna_fhir_url:
        yield FhirAudit.name, OF_EVENTS


def feeds(settings: Settings, house: House) -> Iterator[tuple[Feed, float]]:
    """Each configured feed, with how many seconds lie between two deliveries."""
    ourselves = Ourselves(name=settings.system_name, id=house.home)
    if settings.minlog_url:
        yield MinLog(settings.minlog_url, ourselves, _client(settings)), float(settings.minlog_seconds)
    if settings.atna_fhir_url:
        yield FhirAudit(settings.atna_fhir_url, ourselves, _client(settings)), AUDIT_SECONDS
    place = place_of(settings.atna_syslog)
    if place:
        where = SyslogPlace(*place, machine=socket.gethostname(), process=str(os.getpid()))
        yield SyslogAudit(where, ourselves, _context(settings)), AUDIT_SECONDS
    if settings.consumers:
        yield subscribers(house, _client(settings)), AUDIT_SECONDS
        yield rest_hooks(settings, house, _client(settings)), AUDIT_SECONDS


def subscribers(house: House, client: httpx.Client) -> Subscribers:
    """The feed of notifications: each is decided, and written down as a look, in an act of its own."""

    def decided(message: Message) -> Notification | None:
        return house.storage.act(partial(_notification, house, message)).result(WAIT_FOR_COMMIT)

    def written(told: Notification) -> bytes:
        return notify_message(told, house.home, house.ids.uuid())

    return Subscribers(decided, written, client)


def _notification(house: House, message: Message, transaction: Transaction) -> Notification | None:
    return notification(house, transaction, message)


@contextlib.asynccontextmanager
async def feeding(settings: Settings, house: House) -> AsyncIterator[None]:
    """While the service runs its feeds are told, each by a thread of its own; what is left waits in the outbox."""
    ending = Event()
    threads = [
        Thread(target=_tell, args=(house, feed, seconds, ending), name=f"feed-{feed.name}", daemon=True)
        for feed, seconds in feeds(settings, house)
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ending.set()
        for thread in threads:
            thread.join(AUDIT_SECONDS)


def _tell(house: House, feed: Feed, seconds: float, ending: Event) -> None:
    """A delivery that the storage could not take part in is made the next time."""
    while not ending.wait(seconds):
        with outlived(f"feed-{feed.name}"):
            while deliver(house.storage, feed, house.clock).taken and seconds <= AUDIT_SECONDS and not ending.is_set():
                pass


def _client(settings: Settings) -> httpx.Client:
    return httpx.Client(verify=_context(settings), trust_env=False)


def _context(settings: Settings) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=settings.feed_ca or None)
    if settings.feed_certificate:
        context.load_cert_chain(settings.feed_certificate, settings.feed_key)
    return context
