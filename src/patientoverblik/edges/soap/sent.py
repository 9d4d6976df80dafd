"""What the door sends back: an answer with its parts, or a fault; each with the headers its sender's protocol wants."""

from collections.abc import Iterable, Mapping
from uuid import uuid4

from lxml import etree
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from patientoverblik.access import Actor
from patientoverblik.edges.identity import Unidentified
from patientoverblik.edges.identity.soap import Asked, Envelope, answer_header, fault_element, read_header
from patientoverblik.edges.identity.soap.faults import named
from patientoverblik.edges.soap.call import Reply
from patientoverblik.edges.soap.envelope import Message, answer, fault, must_understand
from patientoverblik.edges.soap.mtom import packed, packed_type
from patientoverblik.edges.soap.names import MEDIA_TYPES, SOAP_12, WSA

FAULT_ACTION = f"{WSA}/soap/fault"


def answered(message: Message, action: str, reply: Reply, header: str = "") -> Response:
    """The answer to a message; one with documents goes out in parts as they are read."""
    envelope = answer(message, reply.fault or action, reply.body, uuid4().urn, header)
    if reply.fault:
        return Response(envelope, 400 if message.soap == SOAP_12 else 500, media_type=_media(message.soap))
    if not reply.parts:
        return Response(envelope, media_type=f"{MEDIA_TYPES[message.soap]}; charset=utf-8")
    boundary = f"part-{uuid4().hex}"
    chunks = tuple(packed(envelope, reply.parts, message.soap, boundary))
    headers = {"content-length": str(sum(map(len, chunks)))}
    return Pieces(chunks, headers=headers, media_type=packed_type(message.soap, boundary))


class Pieces(Response):
    """An answer whose parts are there already, sent one after another, so that no document is held twice."""

    def __init__(self, chunks: tuple[bytes, ...], headers: Mapping[str, str], media_type: str) -> None:
        """Keep the parts; ``headers`` say their length."""
        super().__init__(None, headers=headers, media_type=media_type)
        self._chunks = chunks

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Send them; to a caller who has gone nothing is sent, which the server sees to."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        for chunk in self._chunks:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def medcom_answer(envelope: Envelope, actor: Actor) -> str:
    """The MedCom header of the answer to a call that had one (DGWS 1.0.1, 5): a person's card is level 4."""
    asked = read_header(envelope.medcom) if envelope.medcom is not None else None
    if not isinstance(asked, Asked):
        return ""
    level = int(asked.level or ("4" if actor.kind == "professional" else "3"))
    return answer_header(asked, str(uuid4()), level)


def unidentified(message: Message, refused: Unidentified) -> Response:
    """The fault of a sender who is not believed, by WS-Security's and DGWS's own codes, with every finding."""
    body = etree.tostring(fault_element(refused, message.soap), encoding="unicode")
    status = 400 if named(refused.code).role == "Sender" and message.soap == SOAP_12 else 500
    return Response(answer(message, FAULT_ACTION, body, uuid4().urn), status, media_type=_media(message.soap))


def faulted(soap: str, code: str, subcode: tuple[str, str] | None = None, *, sender: bool = True) -> Response:
    """The fault of a message that cannot be answered; ``sender`` says whether that is its own doing."""
    status = 400 if sender and soap == SOAP_12 else 500
    return Response(fault(soap, code, sender=sender, subcode=subcode), status, media_type=_media(soap))


def misunderstood(soap: str, blocks: Iterable[str]) -> Response:
    """The fault of a message with header blocks that must be understood and are not, with HTTP's 500 as SOAP says."""
    return Response(must_understand(soap, blocks), 500, media_type=_media(soap))


def _media(soap: str) -> str:
    return f"{MEDIA_TYPES[soap]}; charset=utf-8"
