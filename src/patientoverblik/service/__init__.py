"""The few acts every door calls: deliver, look, retrieve, replay."""

from patientoverblik.overview.recent import Recent
from patientoverblik.service.blocks import Previewed, blocks, end_block, preview_block, put_block
from patientoverblik.service.consents import register_consent
from patientoverblik.service.deliver import deliver
from patientoverblik.service.delivery import Delivery, Handed
from patientoverblik.service.documents import list_documents, retrieve
from patientoverblik.service.explain import explain
from patientoverblik.service.follow_up import answer_follow_up, follow_ups, settle_follow_ups
from patientoverblik.service.heartbeat import heartbeat
from patientoverblik.service.house import House
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
from patientoverblik.service.notices import notices, seen
from patientoverblik.service.override import override
from patientoverblik.service.people import PersonEvent, person_event
from patientoverblik.service.picture import Asked, Picture, picture
from patientoverblik.service.replay import replay
from patientoverblik.service.sources import Source
from patientoverblik.service.why import CanSee, Decided, explain_access, who_can_see
from patientoverblik.service.withdraw import withdraw

__all__ = [
    "Asked",
    "CanSee",
    "Decided",
    "Delivery",
    "Explained",
    "Explanation",
    "Handed",
    "House",
    "Listed",
    "PersonEvent",
    "Picture",
    "Previewed",
    "Receipt",
    "Received",
    "Recent",
    "Refused",
    "Replayed",
    "Retrieved",
    "Shown",
    "Source",
    "answer_follow_up",
    "blocks",
    "deliver",
    "end_block",
    "explain",
    "explain_access",
    "follow_ups",
    "heartbeat",
    "list_documents",
    "log",
    "look",
    "notices",
    "override",
    "person_event",
    "picture",
    "preview_block",
    "put_block",
    "register_consent",
    "replay",
    "retrieve",
    "seen",
    "settle_follow_ups",
    "who_can_see",
    "withdraw",
]
