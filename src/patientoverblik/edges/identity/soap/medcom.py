"""The MedCom header of DGWS 1.0.1: what the caller asks for beside the card, and the header of the answer.

MedCom, "Den Gode Web Service" 1.0.1, 5 (``dgws-1.0.xsd``). Its values are not signed: nothing is believed because of
them.
"""

import re
from collections.abc import Mapping
from typing import Final
from xml.sax.saxutils import escape

import msgspec

from patientoverblik.edges.identity.model import Unidentified
from patientoverblik.edges.identity.soap.names import MEDCOM, medcom
from patientoverblik.edges.identity.soap.reading import Element, elements, only, whole

DONE: Final = "flow_finalized_succesfully"
"""The flow status of an answer, spelt as the schema spells it."""

_VALUES: Mapping[str, frozenset[str]] = {
    "SecurityLevel": frozenset("12345"),
    "TimeOut": frozenset({"5", "30", "480", "1440", "unbound"}),
    "FlowStatus": frozenset({"flow_running", DONE}),
    "Priority": frozenset({"AKUT", "HASTER", "RUTINE"}),
    "RequireNonRepudiationReceipt": frozenset({"yes", "no"}),
}
_KNOWN = {medcom(name) for name in (*_VALUES, "Linking")}
_LINK = re.compile(r"[\x21-\x7e]{1,100}")


class Asked(msgspec.Struct, frozen=True):
    """A caller's MedCom header; what is not stated is empty. ``message`` and ``flow`` are its own ids."""

    message: str
    flow: str = ""
    answers: str = ""
    level: str = ""
    timeout: str = ""
    status: str = ""
    priority: str = ""
    receipt: bool = False


def read_header(header: Element | None) -> Asked | Unidentified:
    """The header as values, or why not."""
    if header is None:
        return Unidentified("identity.dgws-no-header")
    names = [child.tag for child in elements(header)]
    stated = {name: whole(only(header, medcom(name))) for name in _VALUES if medcom(name) in names}
    linking = only(header, medcom("Linking"))
    ids = {name: whole(only(linking, medcom(name))) for name in ("MessageID", "FlowID", "InResponseToMessageID")}
    wrong = (name for name, value in stated.items() if value not in _VALUES[name])
    if not _KNOWN.issuperset(names) or any(wrong):
        return Unidentified("identity.dgws-header")
    if not ids["MessageID"] or not all(_LINK.fullmatch(value) for value in ids.values() if value):
        return Unidentified("identity.dgws-header")
    return Asked(
        message=ids["MessageID"],
        flow=ids["FlowID"],
        answers=ids["InResponseToMessageID"],
        level=stated.get("SecurityLevel", ""),
        timeout=stated.get("TimeOut", ""),
        status=stated.get("FlowStatus", ""),
        priority=stated.get("Priority", ""),
        receipt=stated.get("RequireNonRepudiationReceipt") == "yes",
    )


def answer_header(asked: Asked, message: str, level: int) -> str:
    """The header of the answer to a call, as XML: in the same flow, linked to the message it answers; ``message`` is
    its new id."""
    flow = f"<medcom:FlowID>{escape(asked.flow)}</medcom:FlowID>" if asked.flow else ""
    return (
        f'<medcom:Header xmlns:medcom="{MEDCOM}"><medcom:SecurityLevel>{level}</medcom:SecurityLevel>'
        f"<medcom:Linking>{flow}<medcom:MessageID>{escape(message)}</medcom:MessageID>"
        f"<medcom:InResponseToMessageID>{escape(asked.message)}</medcom:InResponseToMessageID></medcom:Linking>"
        f"<medcom:FlowStatus>{DONE}</medcom:FlowStatus></medcom:Header>"
    )
