"""Registry objects to their elements, with the ids the schema wants of every part (ebRIM 3.0)."""

import re
from collections.abc import Iterator
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import escape as sax_escape
from xml.sax.saxutils import quoteattr as sax_quoteattr

from patientoverblik.edges.soap.ebrim.model import Classification, RegistryObject, Slots

_TAGS = {
    "entry": "ExtrinsicObject",
    "package": "RegistryPackage",
    "association": "Association",
    "reference": "ObjectRef",
}
_TYPE = "urn:oasis:names:tc:ebxml-regrep:ObjectType:RegistryObject"
_NAMES = {
    "urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427": "XDSDocumentEntry.patientId",
    "urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab": "XDSDocumentEntry.uniqueId",
    "urn:uuid:6b5aea1a-874d-4603-a4bc-96a0a7b38446": "XDSSubmissionSet.patientId",
    "urn:uuid:96fdda7c-d067-4183-912e-bf5ee74998a8": "XDSSubmissionSet.uniqueId",
    "urn:uuid:554ac39e-e3fe-47fe-b233-965d2a147832": "XDSSubmissionSet.sourceId",
    "urn:uuid:f64ffdf0-4b97-4e06-b79f-a52b38ec2f8a": "XDSFolder.patientId",
    "urn:uuid:75df8f67-9973-4fbe-a900-df66cefecc5a": "XDSFolder.uniqueId",
}


_SPECIAL = re.compile('[&<>"\n\r\t]')


def escape(text: str) -> str:
    """A text as content; most have nothing to be escaped, which is told in one look."""
    return sax_escape(text) if _SPECIAL.search(text) else text


def quoteattr(text: str) -> str:
    """A text as an attribute's value with its quotes."""
    return sax_quoteattr(text) if _SPECIAL.search(text) else f'"{text}"'


def xml_of(one: RegistryObject) -> str:
    """The element of a registry object; the prefix ``rim`` must be bound around it."""
    tag = _TAGS[one.kind]
    return f"<rim:{tag}{''.join(_attributes(one))}>{''.join(_children(one))}</rim:{tag}>"


def _attributes(one: RegistryObject) -> Iterator[str]:
    pairs = (
        ("id", one.id),
        ("lid", one.lid),
        ("home", one.home),
        ("objectType", one.object_type),
        ("mimeType", one.mime_type),
        ("status", one.status),
        ("sourceObject", one.source),
        ("targetObject", one.target),
        ("associationType", one.type),
    )
    return (f" {name}={quoteattr(value)}" for name, value in pairs if value)


def _children(one: RegistryObject) -> Iterator[str]:
    """In the order of the schema: slots, name, description, version, classifications, external identifiers."""
    yield from _slots(one.slots)
    if one.name:
        yield _localized("Name", one.name)
    if one.description:
        yield _localized("Description", one.description)
    if one.version:
        yield f"<rim:VersionInfo versionName={quoteattr(one.version)}/>"
    for number, classification in enumerate(one.classifications):
        yield _classification(one, number, classification)
    for scheme, value in one.identifiers.items():
        yield _identifier(one, scheme, value)


def _slots(slots: Slots) -> Iterator[str]:
    for name, values in slots.items():
        listed = "".join(f"<rim:Value>{escape(value)}</rim:Value>" for value in values)
        yield f"<rim:Slot name={quoteattr(name)}><rim:ValueList>{listed}</rim:ValueList></rim:Slot>"


def _localized(tag: str, text: str) -> str:
    return f"<rim:{tag}><rim:LocalizedString value={quoteattr(text)}/></rim:{tag}>"


def _classification(one: RegistryObject, number: int, said: Classification) -> str:
    by = (
        f"classificationNode={quoteattr(said.node)}"
        if said.node
        else f"classificationScheme={quoteattr(said.scheme)} nodeRepresentation={quoteattr(said.code)}"
    )
    inner = "".join(_slots(said.slots)) + (_localized("Name", said.name) if said.name else "")
    return (
        f'<rim:Classification id="{_part_id(one, f"c{number}")}" objectType="{_TYPE}:Classification" '
        f"classifiedObject={quoteattr(one.id)} {by}>{inner}</rim:Classification>"
    )


def _identifier(one: RegistryObject, scheme: str, value: str) -> str:
    return (
        f'<rim:ExternalIdentifier id="{_part_id(one, scheme)}" objectType="{_TYPE}:ExternalIdentifier" '
        f"registryObject={quoteattr(one.id)} identificationScheme={quoteattr(scheme)} value={quoteattr(value)}>"
        f"{_localized('Name', _NAMES.get(scheme, scheme))}</rim:ExternalIdentifier>"
    )


def _part_id(one: RegistryObject, part: str) -> str:
    """The same part of the same object has the same id in every answer."""
    return uuid5(NAMESPACE_URL, f"{one.id}#{part}").urn
