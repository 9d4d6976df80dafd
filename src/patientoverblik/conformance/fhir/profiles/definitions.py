"""What a folder of FHIR packages holds: StructureDefinitions, ValueSets and CodeSystems, by their canonical addresses.

The files are foreign and a deployment's own; nothing of them is part of this program. They are read as they were
published (packages of FHIR in the form of npm, or the JSON files themselves), StructureDefinitions with snapshots.
"""

import io
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

Json = Mapping[str, Any]
KINDS = ("StructureDefinition", "ValueSet", "CodeSystem")
_FILE = msgspec.json.Decoder(dict[str, Any])


class Definitions(msgspec.Struct, frozen=True):
    """Definitions by canonical address, without a version; a code system in several files is all of them."""

    structures: Mapping[str, Json]
    value_sets: Mapping[str, Json]
    code_systems: Mapping[str, tuple[Json, ...]]


def definitions(files: Iterable[bytes]) -> Definitions:
    """The definitions in the bytes of JSON files and packages; what is no definition is passed over.

    Of two with one address the later holds. ``ValueError`` where bytes are neither JSON nor a package.
    """
    structures: dict[str, Json] = {}
    value_sets: dict[str, Json] = {}
    code_systems: dict[str, tuple[Json, ...]] = {}
    for one in _resources(files):
        url = one["url"]
        if one["resourceType"] == "CodeSystem":
            code_systems[url] = (*code_systems.get(url, ()), one)
        else:
            (structures if one["resourceType"] == "StructureDefinition" else value_sets)[url] = one
    return Definitions(structures, value_sets, code_systems)


def _resources(files: Iterable[bytes]) -> Iterator[Json]:
    for data in files:
        for text in _packed(data) if data[:2] == b"\x1f\x8b" else (data,):
            one = _decoded(text)
            if one.get("resourceType") in KINDS and isinstance(one.get("url"), str):
                yield one


def _decoded(text: bytes) -> Json:
    try:
        return _FILE.decode(text)
    except msgspec.DecodeError as fault:
        raise ValueError("neither JSON nor a package") from fault


def _packed(data: bytes) -> Iterator[bytes]:
    """The JSON files of a package; what it brings of examples is not wanted."""
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as package:
            for member in package:
                held = package.extractfile(member) if member.name.endswith(".json") else None
                if held is not None and "/example" not in member.name:
                    yield held.read()
    except (tarfile.TarError, EOFError, OSError) as fault:
        raise ValueError("neither JSON nor a package") from fault
