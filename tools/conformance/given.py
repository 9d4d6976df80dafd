"""What the client is given: a service's database with a patient in it, signed headers, documents and what to say of
them."""

import asyncio
from collections.abc import Iterator, Mapping
from pathlib import Path

from benches.world import World, fill, number_of, open_session
from benches.xds import BY, Sender, entry_of
from lxml import etree

from patientoverblik.app.running import TEST_REPOSITORY
from patientoverblik.app.workshop import opened
from patientoverblik.care.systems import CPR
from patientoverblik.demo.generator import for_bench
from patientoverblik.edges.identity.soap.names import WSA
from patientoverblik.edges.soap.ebrim.types import write_organisation, write_time
from patientoverblik.sharing.model import Code, DocumentEntry

PATIENT, OTHER = 1, 2
DOCUMENTS = ("first", "second", "third")
CODES: Mapping[str, str] = {
    "classCode": "class_code",
    "typeCode": "type_code",
    "formatCode": "format_code",
    "facilityTypeCode": "facility_type",
    "practiceSettingCode": "practice_setting",
    "confidentialityCode": "confidentiality",
}


def prepare(folder: Path, port: int) -> tuple[Path, dict[str, str]]:
    """The file of properties for the client, and the environment of the service it is to ask."""
    world = fill(folder / "conformance.sqlite3", 1)
    with opened(world.settings) as house:
        asyncio.run(open_session(house, (number_of(PATIENT),)))
    given = folder / "given.properties"
    lines = (f"{name}={_plain(value)}" for name, value in _given(world, folder, port))
    given.write_text("\n".join(lines), encoding="latin-1")
    environment = {
        "PATIENTOVERBLIK_DATABASE": world.settings.database,
        "PATIENTOVERBLIK_DEMO": "true",
        "PATIENTOVERBLIK_PORT": str(port),
    }
    return given, environment


def _given(world: World, folder: Path, port: int) -> Iterator[tuple[str, str]]:
    sender = Sender(world)
    yield "address", f"http://127.0.0.1:{port}"
    yield "patient", _cx(PATIENT)
    yield "otherPatient", _cx(OTHER)
    yield "repository", TEST_REPOSITORY
    yield "now", write_time(sender.at)
    yield "institution", write_organisation(sender.place)
    yield "header.person", _header(sender, sender.token, "", folder / "person.xml")
    yield "header.system", _header(sender, sender.card, "4", folder / "system.xml")
    yield "onDemand.uniqueId", "2.25.1001"
    yield "elsewhere.uniqueId", "2.25.1002"
    handed = [data for by, data in for_bench(PATIENT) if by == BY]
    for name, data in zip(DOCUMENTS, handed, strict=False):
        yield from _document(name, data, folder)
    yield from _codes(entry_of(handed[0]))


def _document(name: str, data: bytes, folder: Path) -> Iterator[tuple[str, str]]:
    entry, file = entry_of(data), folder / f"{name}.xml"
    file.write_bytes(data)
    yield f"{name}.file", str(file)
    yield f"{name}.uniqueId", entry.unique_id
    yield f"{name}.title", entry.title
    yield f"{name}.creationTime", write_time(entry.created)


def _codes(entry: DocumentEntry) -> Iterator[tuple[str, str]]:
    for name, field in CODES.items():
        code: Code = getattr(entry, field)
        yield name, f"{code.code}^{code.display}^{code.scheme}"


def _header(sender: Sender, token: bytes, level: str, file: Path) -> str:
    """A file with the header of a call; its addressing is left to the client."""
    sent = sender.message("/dros/iti41", "<none/>", number_of(PATIENT), token, level)
    header = etree.fromstring(sent)[0]
    for one in header.findall(f"{{{WSA}}}*"):
        header.remove(one)
    file.write_bytes(etree.tostring(header))
    return str(file)


def _cx(patient: int) -> str:
    return f"{number_of(patient)}^^^&{CPR}&ISO"


def _plain(value: str) -> str:
    """A value as a file of properties has it: ASCII, with everything else as escapes."""
    return value.encode("ascii", "backslashreplace").decode().replace("\\x", "\\u00")
