"""Registry objects from their elements. A child we do not know is named, so that the caller can say it was not kept."""

from collections.abc import Callable, Iterator

from lxml import etree

from patientoverblik.edges.soap.ebrim.model import Classification, Kind, RegistryObject, Slots
from patientoverblik.edges.soap.names import RIM

_KINDS: dict[str, Kind] = {
    f"{{{RIM}}}ExtrinsicObject": "entry",
    f"{{{RIM}}}RegistryPackage": "package",
    f"{{{RIM}}}Association": "association",
    f"{{{RIM}}}ObjectRef": "reference",
}
_SLOT = f"{{{RIM}}}Slot"
_CLASSIFICATION = f"{{{RIM}}}Classification"
_IDENTIFIER = f"{{{RIM}}}ExternalIdentifier"
_NAME = f"{{{RIM}}}Name"
_DESCRIPTION = f"{{{RIM}}}Description"
_VERSION = f"{{{RIM}}}VersionInfo"
_TEXT = f"{{{RIM}}}LocalizedString"
_VALUE = f"{{{RIM}}}Value"


def read_objects(parent: etree._Element) -> tuple[RegistryObject, ...]:
    """Every registry object directly below an element (RegistryObjectList), in order.

    A classification that stands beside its object instead of in it, as some peers write, is put into it.
    """
    beside: dict[str, list[Classification]] = {}
    for one in parent.iterchildren(_CLASSIFICATION):
        beside.setdefault(one.get("classifiedObject", "").strip(), []).append(_classification(one))
    return tuple(_object(one, beside) for one in parent if one.tag in _KINDS)


def slots_of(element: etree._Element) -> Slots:
    """The slots of an element by name; a slot that stands several times has all their values."""
    found: dict[str, tuple[str, ...]] = {}
    for name, values in slot_rows(element):
        found[name] = (*found.get(name, ()), *values)
    return found


def slot_rows(element: etree._Element) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(name, values) of each slot as it stands; in a query, slots of one name are all to be fulfilled."""
    for slot in element.iterchildren(_SLOT):
        values = tuple(text for value in slot.iter(_VALUE) if (text := _collapsed(_whole(value))))
        yield slot.get("name", "").strip(), values


def _object(element: etree._Element, beside: dict[str, list[Classification]]) -> RegistryObject:
    get = _getter(element)
    own = tuple(_classification(one) for one in element.iterchildren(_CLASSIFICATION))
    return RegistryObject(
        kind=_KINDS[str(element.tag)],
        id=get("id"),
        lid=get("lid"),
        object_type=get("objectType"),
        mime_type=get("mimeType"),
        status=get("status"),
        home=get("home"),
        name=_localized(element, _NAME),
        description=_localized(element, _DESCRIPTION),
        version=_version(element),
        slots=slots_of(element),
        classifications=(*own, *beside.get(get("id"), ())),
        identifiers={
            one.get("identificationScheme", "").strip(): _collapsed(one.get("value", ""))
            for one in element.iterchildren(_IDENTIFIER)
        },
        source=get("sourceObject"),
        target=get("targetObject"),
        type=get("associationType"),
    )


def _getter(element: etree._Element) -> Callable[[str], str]:
    return lambda name: element.get(name, "").strip()


def _classification(element: etree._Element) -> Classification:
    get = _getter(element)
    return Classification(
        scheme=get("classificationScheme"),
        node=get("classificationNode"),
        code=get("nodeRepresentation"),
        name=_localized(element, _NAME),
        slots=slots_of(element),
    )


def _version(element: etree._Element) -> str:
    found = element.find(_VERSION)
    return "" if found is None else found.get("versionName", "").strip()


def _localized(element: etree._Element, name: str) -> str:
    found = element.find(name)
    texts = () if found is None else found.iterchildren(_TEXT)
    return next((text for one in texts if (text := _collapsed(one.get("value", "")))), "")


def _whole(element: etree._Element) -> str:
    """All the text of an element; most hold nothing else."""
    return "".join(map(str, element.itertext())) if len(element) else element.text or ""


def _collapsed(text: str) -> str:
    return " ".join(text.split())
