"""HL7 V2 data types inside metadata values (IHE ITI TF-3 4.2.3.1.7), as the Danish profile uses them."""

import re
from datetime import UTC, datetime

from patientoverblik.access import OrganisationRef
from patientoverblik.sharing.identify import identify
from patientoverblik.sharing.model import Author, PatientId

_TIME = re.compile(r"(\d{4})(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\d{2})?", re.ASCII)
_OID = re.compile(r"[0-2](?:\.(?:0|[1-9]\d*))+", re.ASCII)
_FIRST = (1, 1, 1, 0, 0, 0)


def is_oid(text: str) -> bool:
    """Whether a text is an object identifier (TF-3 4.2.3.1.7)."""
    return _OID.fullmatch(text) is not None


def read_time(text: str) -> int | None:
    """A DTM in UTC of any precision as its first instant, milliseconds; None if it is none (TF-3 4.2.3.1.7)."""
    found = _TIME.fullmatch(text)
    if not found or len(text) == 5:
        return None
    year, month, day, hour, minute, second = (
        int(part or first) for part, first in zip(found.groups(), _FIRST, strict=True)
    )
    try:
        return int(datetime(year, month, day, hour, minute, second, tzinfo=UTC).timestamp()) * 1000
    except ValueError:
        return None


def write_time(millis: int) -> str:
    """Milliseconds UTC as DTM to the second."""
    return datetime.fromtimestamp(millis // 1000, UTC).strftime("%Y%m%d%H%M%S")


def read_patient(text: str) -> PatientId | None:
    """A CX (``id^^^&OID&ISO``) as a patient identifier; None if the form or the number is wrong."""
    parts = text.strip("'").split("^")
    authority = parts[3].split("&") if len(parts) > 3 else []
    if len(authority) != 3 or authority[2] != "ISO" or any(parts[1:3]):
        return None
    return identify(authority[1], parts[0])


def write_patient(patient: PatientId) -> str:
    """A patient identifier as CX."""
    return f"{patient.value}^^^&{patient.system}&ISO"


def read_organisation(text: str) -> OrganisationRef | None:
    """An XON (``name^^^^^&OID&ISO^^^^id``); None where it has no identifier, or only an OID in place of one."""
    parts = [*text.split("^"), *[""] * 10]
    authority = [*parts[5].split("&"), "", ""]
    if parts[9] and authority[1]:
        return OrganisationRef(authority[1], parts[9], parts[0])
    return OrganisationRef("", parts[9], parts[0]) if parts[9] else None


def write_organisation(place: OrganisationRef) -> str:
    """An organisation as XON."""
    return f"{place.name}^^^^^&{place.system}&ISO^^^^{place.value}"


def read_person(text: str) -> tuple[str, tuple[str, ...]]:
    """The family name and the given names of an XCN (``id^family^given^second&third``)."""
    parts = [*text.split("^"), *[""] * 4]
    given = (parts[2], *parts[3].replace("&", " ").split())
    return parts[1], tuple(name for name in given if name)


def write_person(author: Author) -> str:
    """A person as XCN without an id (Danish profile); empty where there is no name."""
    if not (author.family or author.given):
        return ""
    first, others = author.given[:1], author.given[1:]
    return f"^{author.family}^{''.join(first)}^{'&'.join(others)}^^^^^&&ISO"
