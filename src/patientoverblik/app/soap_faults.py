"""What is wrong with the settings of the XDS.b door, all of it at once: by name, never by value of a secret."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from patientoverblik.access import OrganisationRef
from patientoverblik.app.token_faults import networks_of
from patientoverblik.edges.identity.soap import TrustFault, read_trust
from patientoverblik.edges.soap.levels import Levels
from patientoverblik.service.house import Removers
from patientoverblik.service.subscription import Consumer

LARGEST = 2000
LEVEL = re.compile(r"\b(iti\d\d)\.(ihe|danish|codes|cpr)=(OFF|LOG|WARNING|REJECT)\b")
CONSUMER = re.compile(r"\d+(?:\.\d+)+:[^:=]+=https://[^\s\\%?#@]+")
REMOVER = re.compile(r"(?:role|\d+(?:\.\d+)+):[^:]+")


def soap_faults(given: Mapping[str, str], prefix: str) -> Iterator[str]:
    """Every fault, for settings by their names in small letters."""
    if given.get("trust"):
        try:
            read_trust(Path(given["trust"]))
        except TrustFault as fault:
            yield f"{prefix}TRUST {fault}"
    most = given.get("message_megabytes", "1")
    if not (most.isdigit() and 0 < int(most) <= LARGEST):
        yield f"{prefix}MESSAGE_MEGABYTES must be a number from 1 to {LARGEST}"
    if any(REMOVER.fullmatch(one) is None for one in listed(given.get("removers", ""))):
        yield f"{prefix}REMOVERS must be OID:number or role:NAME, with commas between them"
    if any(CONSUMER.fullmatch(one) is None for one in listed(given.get("consumers", ""))):
        yield f"{prefix}CONSUMERS must be OID:number=https://address, with commas between them"
    if given.get("consumer_networks") and not _are_networks(given["consumer_networks"]):
        yield f"{prefix}CONSUMER_NETWORKS must be networks as 10.0.0.0/8, with commas between them"
    if any(LEVEL.fullmatch(one) is None for one in listed(given.get("rule_levels", ""))):
        yield f"{prefix}RULE_LEVELS must be as iti41.codes=REJECT, with commas between them"


def _are_networks(text: str) -> bool:
    try:
        return bool(networks_of(text))
    except ValueError:
        return False


def levels_of(text: str) -> Mapping[str, Levels]:
    """The levels of each transaction that the setting names, by its number."""
    found: dict[str, Levels] = {}
    for number, group, level in LEVEL.findall(text):
        found[number] = msgspec.structs.replace(found.get(number, Levels()), **{group: level})
    return found


def removers_of(text: str) -> Removers:
    """Who may remove, as the setting says it."""
    pairs = [one.partition(":")[::2] for one in listed(text)]
    return Removers(
        tuple(OrganisationRef(system, value) for system, value in pairs if system != "role"),
        frozenset(value for system, value in pairs if system == "role"),
    )


def consumers_of(text: str) -> tuple[Consumer, ...]:
    """Where whose subscribers may be told, as the setting says it."""
    pairs = [one.partition("=")[::2] for one in listed(text)]
    return tuple(Consumer(OrganisationRef(*place.split(":", 1)), address) for place, address in pairs)


def listed(text: str) -> tuple[str, ...]:
    """The values of a list with commas between them."""
    return tuple(one.strip() for one in text.split(",") if one.strip())
