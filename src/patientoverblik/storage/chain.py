"""The trail as a chain: each event carries the digest of all before it, so that a changed or missing one is seen.

One chain per patient; events of acts without a patient have one chain per organisation (DESIGN, Storage and scale).
"""

import msgspec

from patientoverblik.access import SecurityEvent
from patientoverblik.problems import Finding
from patientoverblik.service.seals import Chain, TrailReader, chained
from patientoverblik.service.verify import chain_faults

__all__ = ["broken_chains", "chain_of", "chained", "event_bytes"]


def broken_chains(reader: TrailReader) -> int:
    """How many chains of the trail do not add up; reads the whole trail."""
    return len({finding.place.partition(" entry ")[0] for finding in _faults(reader)})


def chain_of(event: SecurityEvent) -> Chain:
    """The chain an event belongs to: its patient's, else its actor's organisation's, else that of nobody."""
    place = event.actor.organisation
    return Chain(event.patient, "" if event.patient or not place else f"{place.system}|{place.value}")


def event_bytes(event: SecurityEvent) -> bytes:
    """An event as it is kept and chained."""
    return msgspec.msgpack.encode(event)


def _faults(reader: TrailReader) -> list[Finding]:
    return list(chain_faults(reader))
