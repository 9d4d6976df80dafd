"""The feed of rest-hooks: each notification is decided in one act, written by the FHIR door, and settled in another."""

from ipaddress import ip_network

import httpx

from patientoverblik.app.fhir import opaque_of, outside_secret
from patientoverblik.app.settings import Settings
from patientoverblik.app.soap_faults import listed
from patientoverblik.connectors import RestHooks
from patientoverblik.connectors.outward import Network
from patientoverblik.edges.fhir.notified import Letter, letter
from patientoverblik.edges.fhir.opaque import Opaque
from patientoverblik.notify import WAIT_FOR_COMMIT
from patientoverblik.service.house import House
from patientoverblik.service.outbox import Message
from patientoverblik.service.rest_hook import HookNotification, offer, settle


def rest_hooks(settings: Settings, house: House, client: httpx.Client) -> RestHooks:
    """The feed of an installation."""
    return hooks_of(house, opaque_of(house, outside_secret(settings)), client, networks_let(settings))


def networks_let(settings: Settings) -> tuple[Network, ...]:
    """The networks, besides the internet, where endpoints may be."""
    return tuple(ip_network(each) for each in listed(settings.consumer_networks))


def hooks_of(house: House, opaque: Opaque, client: httpx.Client, networks: tuple[Network, ...]) -> RestHooks:
    """The feed of a house."""

    def offered(message: Message) -> HookNotification | None:
        return house.storage.act(lambda transaction: offer(house, transaction, message)).result(WAIT_FOR_COMMIT)

    def written(sent: HookNotification) -> Letter | None:
        return letter(sent, opaque, house.ids, house.clock())

    def settled(message: Message, sent: HookNotification, took: bool) -> bool:
        act = house.storage.act(lambda transaction: settle(house, transaction, message, sent, took=took))
        return act.result(WAIT_FOR_COMMIT)

    return RestHooks(offered, written, settled, client, networks)
