"""What the door sends: a resource in the form wanted, or a document as it is; with the headers every answer has."""

from starlette.responses import Response

from patientoverblik.edges.fhir.call import Answer
from patientoverblik.edges.fhir.media import TYPES, Form
from patientoverblik.formats.fhir import decode_json, encode_xml

PRIVATE = {"Cache-Control": "no-store"}
RETRY_SECONDS = "5"
BUSY = 503


def sent(answer: Answer, form: Form, method: str) -> Response:
    """The answer as it goes out; a document as a file, for nothing of it is to run in a browser."""
    headers = {**PRIVATE, **dict(answer.headers)}
    if answer.status == BUSY:
        headers["Retry-After"] = RETRY_SECONDS
    if not answer.data:
        return Response(status_code=answer.status, headers=headers)
    data = answer.data if answer.media or form == "json" else in_xml(answer.data)
    headers["Content-Type"] = answer.media or TYPES[form]
    if answer.media:
        headers["Content-Disposition"] = "attachment"
    if method == "HEAD":
        return Response(status_code=answer.status, headers={**headers, "Content-Length": str(len(data))})
    return Response(data, answer.status, headers)


def in_xml(data: bytes) -> bytes:
    """A resource written as JSON, as XML."""
    return encode_xml(decode_json(data))
