"""The few acts every door calls: deliver, look, retrieve, replay."""

from patientoverblik.service.blocks import blocks, end_block, put_block
from patientoverblik.service.deliver import deliver
from patientoverblik.service.delivery import Delivery, Handed
from patientoverblik.service.documents import list_documents, retrieve
from patientoverblik.service.explain import explain
from patientoverblik.service.heartbeat import heartbeat
from patientoverblik.service.house import House
from patientoverblik.service.kept import Recent
from patientoverblik.service.log import log
from patientoverblik.service.look import look
from patientoverblik.service.model import (
    Explained,
    Explanation,
    Listed,
    Receipt,
    Received,
    Refused,
    Replayed,
    Retrieved,
    Shown,
)
from patientoverblik.service.picture import Asked, Picture, picture
from patientoverblik.service.replay import replay
from patientoverblik.service.sources import Source
from patientoverblik.service.withdraw import withdraw

__all__ = [
    "Asked",
    "Delivery",
    "Explained",
    "Explanation",
    "Handed",
    "House",
    "Listed",
    "Picture",
    "Receipt",
    "Received",
    "Recent",
    "Refused",
    "Replayed",
    "Retrieved",
    "Shown",
    "Source",
    "blocks",
    "deliver",
    "end_block",
    "explain",
    "heartbeat",
    "list_documents",
    "log",
    "look",
    "picture",
    "put_block",
    "replay",
    "retrieve",
    "withdraw",
]
