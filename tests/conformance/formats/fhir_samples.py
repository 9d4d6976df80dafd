"""The shared FHIR examples, and a walk over their places that knows nothing of the mapping."""

import copy
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from patientoverblik import formats
from patientoverblik.formats import fhir
from tests.conftest import SHARED

CARE = ("AuditEvent", "Consent", "DocumentReference", "Parameters")
Path_ = tuple[str | int, ...]


def fhir_samples() -> list[Path]:
    """Every shared example resource or document."""
    return sorted((SHARED / "data/fhir").glob("*/examples/*.json"))


def care_samples() -> list[Path]:
    """Those that say something of a patient's care, not of access or of documents."""
    return [path for path in fhir_samples() if not path.name.startswith(CARE)]


def name_of(path: Path) -> str:
    """How an example is named in a test's report."""
    return f"{path.parent.parent.name}/{path.stem}"


def resource_of(path: Path) -> dict:
    """An example as plain values, digits kept."""
    return json.loads(path.read_bytes(), parse_float=Decimal)


def places(value: object, at: Path_ = ()) -> Iterator[tuple[Path_, object]]:
    """Every place: the way to a scalar, and the scalar."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, (*at, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from places(inner, (*at, number))
    elif value is not None:
        yield at, value


def with_value(resource: dict, at: Path_, value: object) -> dict:
    """A copy with another value at a place."""
    changed = copy.deepcopy(resource)
    node = changed
    for step in at[:-1]:
        node = node[step]
    node[at[-1]] = value
    return changed


def without(resource: dict, at: Path_) -> dict:
    """A copy without a place."""
    changed = copy.deepcopy(resource)
    node = changed
    for step in at[:-1]:
        node = node[step]
    if isinstance(node, list):
        node[at[-1]] = None
    else:
        del node[at[-1]]
    return changed


def other(value: object, mark: str) -> object:
    """Another value of the same type."""
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, int | Decimal) else f"{mark}{value}"


def read(resource: dict) -> tuple[str, tuple, object]:
    """What a reading says, whatever id was made of the content: care and losses as texts, and the books."""
    found = formats.read(formats.parse(fhir.encode_json(resource)))
    if isinstance(found, formats.Unread):
        return repr(found), (), None
    own = found.care.document.id.system
    care = repr(found.care).replace(own, "OWN") if own.startswith("2.25.") else repr(found.care)
    told = tuple((one.code, one.place, one.about) for one in found.findings)
    return care, (found.losses, told), found.books
