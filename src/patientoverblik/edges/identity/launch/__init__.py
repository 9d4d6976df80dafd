"""Launches: a record system opens the overview for somebody at work there, with one patient before them."""

from patientoverblik.edges.identity.launch.leaving import left
from patientoverblik.edges.identity.launch.link import by_link, link_issuer
from patientoverblik.edges.identity.launch.model import Launched, RecordSystem, Smart
from patientoverblik.edges.identity.launch.smart import begin_launch, finish_launch, smart_discovery, system_at
from patientoverblik.edges.identity.launch.systems import SystemsFault, claims_in, is_origin, read_systems

__all__ = [
    "Launched",
    "RecordSystem",
    "Smart",
    "SystemsFault",
    "begin_launch",
    "by_link",
    "claims_in",
    "finish_launch",
    "is_origin",
    "left",
    "link_issuer",
    "read_systems",
    "smart_discovery",
    "system_at",
]
