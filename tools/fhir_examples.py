"""Write docs/fhir-examples.md: what becomes of every published FHIR example, from delivery to what is written of it.

``python -m tools.fhir_examples``; needs the folder of published examples and definitions (``PATIENTOVERBLIK_SHARED``,
as the tests). ``tests/docs/test_fhir_examples.py`` holds the page to it.
"""

import asyncio
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from tests.conformance.fhir.packages import ABSENT, HERE, shared_profiles
from tests.conformance.formats.fhir_samples import fhir_samples
from tools.write_docs import code, table

from patientoverblik import formats
from patientoverblik.access import Actor
from patientoverblik.app.settings import Settings
from patientoverblik.app.workshop import opened
from patientoverblik.conformance.fhir import claimed, structure
from patientoverblik.conformance.model import Findings
from patientoverblik.formats import fhir
from patientoverblik.service import House
from patientoverblik.service.deliver import deliver
from patientoverblik.service.delivery import Delivery, Handed
from patientoverblik.service.model import Received
from patientoverblik.sharing.stated import Stated

PAGE = Path(__file__).resolve().parent.parent / "docs" / "fhir-examples.md"
HEAD = ("Example", "In", "Read by", "Values read", "Lost", "Written of it", "By R4", "By the profiles it claims")
ABOUT = """# What becomes of the published FHIR examples

<!-- Written by `python -m tools.fhir_examples` from the code and the published examples. Do not edit. -->

Every example of HL7 (R4), HL7 Denmark, MedCom, KL and FUT that is at hand is delivered as a sender would: on its own,
and where that is refused since nobody can tell whose it is, in a Bundle with its patient: the one published beside it,
else, where there is none or one without a number, a test person. None ends in an unforeseen error; what is refused says
why.

What is stored is given back byte for byte. *Values read* and *lost* are JSON values of the example: each is read, quiet
by declaration (narrative, ids) or lost with its place and reason. *Written of it* counts the resources that are made of
what was read. The last columns count errors, of R4's structure and of the profiles the example claims; nothing is
refused for them. A resource that stands alone breaks the profiles of KL that want what it refers to beside it.
"""
NAMELESS, STORED, BASE = "sharing.no-patient-id", "stored", "https://sender.example/fhir/"
NANCY = {"resourceType": "Patient", "identifier": [{"system": "urn:oid:1.2.208.176.1.2", "value": "2512489996"}]}
OPERATOR = Actor(kind="job", id="examples", role="operator")


class Told(NamedTuple):
    """What became of one example."""

    folder: str
    name: str
    delivered: str
    profile: str
    read: int
    lost: int
    written: int
    by_r4: str
    by_profile: str


def main() -> int:
    """Write the page; one line where the examples are not here."""
    if not HERE:
        print(ABSENT)
        return 0
    PAGE.write_text(page(examples()), encoding="utf-8")
    return 0


def examples() -> list[Told]:
    """What became of every example."""
    with opened(Settings(database="memory:")) as house:
        return [_told(house, path) for path in fhir_samples()]


def _told(house: House, path: Path) -> Told:
    data = path.read_bytes()
    delivered = asyncio.run(_delivered(house, data))
    together, who = _with_patient(path) if delivered == f"refused: {code(NAMELESS)}" else (b"", "")
    if together:
        again = asyncio.run(_delivered(house, together))
        delivered = f"{again} with {who}" if again == STORED else again
    parsed = formats.parse(data)
    assert isinstance(parsed, fhir.FhirParsed)
    reading = formats.read(parsed)
    faults = (_counted(structure(parsed.resource)), _counted(claimed(shared_profiles(), parsed.resource)))
    name, folder = path.stem, path.parent.parent.name
    if isinstance(reading, formats.Unread):
        return Told(folder, name, delivered, "", 0, 0, 0, *faults)
    books, made = reading.books, fhir.write_document(reading.care)["entry"]
    return Told(folder, name, delivered, reading.profile, books.read, books.lost, len(made), *faults)


async def _delivered(house: House, data: bytes) -> str:
    """Whether it is stored, or the code of why not."""
    told = await deliver(house, OPERATOR, Delivery((Handed(data, Stated(mime_type="application/fhir+json")),)))
    return STORED if isinstance(told, Received) else f"refused: {code(told.findings[0].code)}"


def _with_patient(path: Path) -> tuple[bytes, str]:
    """A resource in a Bundle with its patient, and who that is: as published beside it, else a test person in their
    place; nothing where it names none."""
    text = path.read_bytes()
    named = re.search(rb'"reference":"((?:http[^"]*/)?Patient/([^"/]+))"', text)
    if named is None or path.name.startswith("Bundle"):
        return b"", ""
    resource, address, name = fhir.decode_json(text), named[1].decode(), named[2].decode()
    published = _published(path.parent / f"Patient-{name}.json")
    patient = published or {**NANCY, "id": name}
    base = address.rpartition("Patient/")[0] or BASE
    places = {f"{base}{one['resourceType']}/{one.get('id', 'example')}": one for one in (resource, patient)}
    entries = [{"fullUrl": place, "resource": one} for place, one in places.items()]
    who = "its patient" if published else "a test person"
    return fhir.encode_json({"resourceType": "Bundle", "type": "collection", "entry": entries}), who


def _published(path: Path) -> fhir.Resource | None:
    """A patient, where one is published that bears a number."""
    patient = fhir.decode_json(path.read_bytes()) if path.is_file() else {}
    return patient if any("system" in one for one in patient.get("identifier", ())) else None


def _counted(found: Findings) -> str:
    codes = Counter(one.code.partition(".")[2] for one in found if one.severity == "error")
    return ", ".join(f"{name} {count}" for name, count in sorted(codes.items()))


def page(told: Iterable[Told]) -> str:
    """The page: what became of them together, and of each by its publisher's folder."""
    every = list(told)
    return "\n".join([ABOUT, _together(every), *_folders(every)])


def _together(told: list[Told]) -> str:
    counts = Counter(one.folder for one in told)
    rows = [_sums(folder, [one for one in told if one.folder == folder]) for folder in counts]
    head = ("Folder", "Examples", "Stored", "Refused", "Values read", "Lost", "With errors by R4", "By their profiles")
    return f"{table(head, [*rows, _sums('together', told)])}\n"


def _sums(folder: str, told: list[Told]) -> list[str]:
    stored = sum(one.delivered.startswith(STORED) for one in told)
    read, lost = sum(one.read for one in told), sum(one.lost for one in told)
    wrong = sum(bool(one.by_r4) for one in told), sum(bool(one.by_profile) for one in told)
    return [folder, *map(str, (len(told), stored, len(told) - stored, read, lost, *wrong))]


def _folders(told: list[Told]) -> Iterator[str]:
    for folder in dict.fromkeys(one.folder for one in told):
        yield f"## {folder}\n"
        yield f"{table(HEAD, [_cells(one) for one in told if one.folder == folder])}\n"


def _cells(one: Told) -> list[str]:
    counts = [str(count) if one.profile else "" for count in (one.read, one.lost, one.written)]
    return [one.name, one.delivered, one.profile, *counts, one.by_r4, one.by_profile]


if __name__ == "__main__":
    sys.exit(main())
