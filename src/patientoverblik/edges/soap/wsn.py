"""WS-BaseNotification 1.3 as IHE DSUB uses it: Subscribe and Renew requests read, times, and the norm's own faults."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import get_args
from xml.sax.saxutils import escape

import msgspec
from lxml import etree

from patientoverblik.edges.soap.call import Reply
from patientoverblik.edges.soap.names import RIM, SOAP_11, WSA, WSN, WSRF_FAULTS, WSRF_RESOURCE
from patientoverblik.edges.soap.query import StoredQuery, read_filter
from patientoverblik.problems import CATALOGUE, Finding
from patientoverblik.service.subscription import Topic

SIMPLE = tuple(f"http://docs.oasis-open.org/wsn/{part}/TopicExpression/Simple" for part in ("t-1", "t1"))
"""The dialect of topics, and the form of its name that examples of the norm have and peers copy."""
LONGEST_NUMBER = 9
"""So many digits of a number are looked at: more would mean no more."""
FAULT_ACTION = "http://docs.oasis-open.org/wsn/fault"
FIND = {
    "FullDocumentEntry": "FindDocuments",
    "MinimalDocumentEntry": "FindDocuments",
    "SubmissionSetMetadata": "FindSubmissionSets",
    "FolderMetadata": "FindFolders",
}
"""The filter that each topic takes (TF-2 table 3.52.5.3-1)."""
FAULTS = {
    "xds.topic-dialect": "TopicExpressionDialectUnknownFault",
    "xds.topic": "TopicNotSupportedFault",
    "service.system-told-ids": "TopicNotSupportedFault",
    "service.subscription-patient": "InvalidFilterFault",
    "xds.no-consumer": "SubscribeCreationFailedFault",
    "xds.termination-time": "UnacceptableInitialTerminationTimeFault",
    "service.subscription-end": "UnacceptableInitialTerminationTimeFault",
    "service.no-subscription": "ResourceUnknownFault",
}
"""The norm's name of a problem; of another it depends on what was asked for."""
OF_RENEWAL = {
    "xds.termination-time": "UnacceptableTerminationTimeFault",
    "service.subscription-end": "UnacceptableTerminationTimeFault",
}
_DURATION = re.compile(r"P(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})(?:\.\d+)?S)?)?", re.ASCII)


class Subscribing(msgspec.Struct, frozen=True):
    """A Subscribe request as it was read; ``ends`` is milliseconds UTC, 0 where it is not said."""

    consumer: str
    topic: Topic
    query: StoredQuery
    ends: int


def read_subscribe(request: etree._Element, at: int) -> Subscribing | Finding:
    """What a Subscribe request asks for, received at ``at`` (milliseconds UTC), or the first thing wrong with it."""
    consumer = _text(request.find(f"{{{WSN}}}ConsumerReference/{{{WSA}}}Address"))
    topic = _topic(request.find(f"{{{WSN}}}Filter/{{{WSN}}}TopicExpression"))
    filters = request.findall(f"{{{WSN}}}Filter/{{{RIM}}}AdhocQuery")
    if not consumer:
        return Finding("xds.no-consumer")
    if isinstance(topic, Finding):
        return topic
    query = read_filter(filters[0]) if len(filters) == 1 else (Finding("xds.topic-filter"),)
    if isinstance(query, tuple):
        return query[0]
    if query.name != FIND[topic]:
        return Finding("xds.topic-filter")
    ends = read_end(_text(request.find(f"{{{WSN}}}InitialTerminationTime")), at)
    return Finding("xds.termination-time") if ends is None else Subscribing(consumer, topic, query, ends)


def read_renewal(request: etree._Element, at: int) -> int | Finding:
    """Until when a Renew request received at ``at`` asks for (milliseconds UTC), 0 for as long as we let it."""
    ends = read_end(_text(request.find(f"{{{WSN}}}TerminationTime")), at)
    return Finding("xds.termination-time") if ends is None else ends


def read_maximum(request: etree._Element) -> int | Finding:
    """How many messages a GetMessages request wants at most; one where it does not say (DSUB 3.70.4.1.2)."""
    text = _text(request.find(f"{{{WSN}}}MaximumNumber")) or "1"
    if not text.isascii() or not text.isdigit() or not text.strip("0"):
        return Finding("xds.maximum-number")
    return int(text[:LONGEST_NUMBER])


def _topic(said: etree._Element | None) -> Topic | Finding:
    """The topic; its prefix is not held against a namespace, because peers do not bind it."""
    if said is None or said.get("Dialect", "").strip() not in SIMPLE:
        return Finding("xds.topic-dialect")
    name = _text(said).rpartition(":")[2]
    return next((topic for topic in get_args(Topic) if topic == name), Finding("xds.topic"))


def read_end(text: str, at: int) -> int | None:
    """An xs:dateTime or xs:duration (from ``at``) as milliseconds UTC; 0 where nothing is said, None if it is none.

    A time without a zone is UTC. Durations are of days and less, because months have no length.
    """
    if not text:
        return 0
    found = _DURATION.fullmatch(text)
    try:
        if found and any(found.groups()):
            days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
            return at + int(timedelta(days, seconds, 0, 0, minutes, hours).total_seconds()) * 1000
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        return None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)


def write_instant(at: int) -> str:
    """Milliseconds UTC as xs:dateTime."""
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def fault_reply(
    finding: Finding, at: int, soap: str, usual: str = "SubscribeCreationFailedFault", names: Mapping[str, str] = FAULTS
) -> Reply:
    """The answer that is a WS-BaseFault of a problem, told at ``at``: by its own of the ``names``, else ``usual``."""
    name = names.get(finding.code, usual)
    space = WSRF_RESOURCE if name == "ResourceUnknownFault" else WSN
    text = escape(f"{finding.code}: {CATALOGUE[finding.code].en.format(about=finding.about)}")
    detail = (
        f'<f:{name} xmlns:f="{space}" xmlns:b="{WSRF_FAULTS}"><b:Timestamp>{write_instant(at)}</b:Timestamp>'
        f'<b:Description xml:lang="en">{text}</b:Description></f:{name}>'
    )
    return Reply(_fault_11(text, detail) if soap == SOAP_11 else _fault_12(text, detail), fault=FAULT_ACTION)


def _fault_12(text: str, detail: str) -> str:
    return (
        "<s:Fault><s:Code><s:Value>s:Sender</s:Value></s:Code>"
        f'<s:Reason><s:Text xml:lang="en">{text}</s:Text></s:Reason><s:Detail>{detail}</s:Detail></s:Fault>'
    )


def _fault_11(text: str, detail: str) -> str:
    return (
        f"<s:Fault><faultcode>s:Client</faultcode><faultstring>{text}</faultstring><detail>{detail}</detail></s:Fault>"
    )


def _text(element: etree._Element | None) -> str:
    return "" if element is None else " ".join("".join(str(text) for text in element.itertext()).split())
