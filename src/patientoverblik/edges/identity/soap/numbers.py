"""People's numbers as tokens and headers carry them: CPR, or the national replacement number (X-eCPR), in one form."""

import re

from patientoverblik.care.systems import CPR, X_ECPR
from patientoverblik.sharing.identify import identify
from patientoverblik.sharing.model import PatientId

_CX = re.compile(r"'?([0-9A-Za-z-]{10,11})\^\^\^[^&^]*&([0-9.]+)&ISO'?")
_INSIDE = re.compile(r"(?<!\d)\d{6}-?\d{4}(?!\d)")


def patient_id(text: str) -> PatientId | None:
    """The identifier a bare number is; None where it has the form of none."""
    return identify(CPR, text) or identify(X_ECPR, text)


def number(text: str) -> str:
    """A bare number in its one form, empty where it is none: two that mean the same person are equal."""
    found = patient_id(text)
    return found.value if found else ""


def of_cx(text: str) -> str:
    """The number of an HL7 CX with an assigning authority (``number^^^&OID&ISO``), or a bare one; empty otherwise."""
    parts = _CX.fullmatch(text)
    if parts is None:
        return number(text)
    found = identify(parts[2], parts[1])
    return found.value if found and found == patient_id(found.value) else ""


def holds_number(text: str) -> bool:
    """Whether a name somebody gave holds what may be a person's number."""
    return _INSIDE.search(text) is not None or bool(number(text))
