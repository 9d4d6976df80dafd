"""FHIR's JSON and XML forms of a resource, one made of the other by R4's own table (FHIR R4, 2.6.1 and 2.6.2).

An element of the table says its type, so whether a value is a number, and whether it is a list; and its order. What
XML says that the table does not know becomes a finding, never silence.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from lxml import etree

from patientoverblik.formats.cda.engine.element import Element
from patientoverblik.formats.cda.engine.walk import line_of
from patientoverblik.formats.fhir.r4 import Child, Home, children, resource_types
from patientoverblik.problems import Finding

FHIR = "http://hl7.org/fhir"
XHTML = "http://www.w3.org/1999/xhtml"
_IN_ATTRIBUTE = {"id": "id", "url": "url"}
BESIDE: Home = ("Element", "")
"""What may stand beside a primitive's value: an id and extensions."""
Strangers = list[Finding]


def resource_of(root: etree._Element) -> tuple[dict[str, Any], tuple[Finding, ...]] | None:
    """The JSON form of a resource in XML, and what could not be taken along; None where R4 has no such resource."""
    name = etree.QName(root).localname
    if name not in resource_types():
        return None
    strangers: Strangers = []
    return _resource(root, strangers), tuple(strangers)


def _resource(element: etree._Element, strangers: Strangers) -> dict[str, Any]:
    name = etree.QName(element).localname
    return {"resourceType": name, **_object(element, (name, ""), strangers)}


def _object(element: etree._Element, home: Home, strangers: Strangers) -> dict[str, Any]:
    """The properties of an element: its attributes, then its children; a ``value`` stands beside them."""
    known = children(home)
    found: dict[str, Any] = {}
    for key, value in element.attrib.items():
        if key in _IN_ATTRIBUTE and key in known:
            found[str(key)] = str(value)
        elif key != "value" or home != BESIDE:
            _strange(element, strangers)
    _no_text(element, strangers)
    for inner in element:
        child = known.get(etree.QName(inner).localname) if etree.QName(inner).namespace in (FHIR, XHTML) else None
        if child is None:
            _strange(inner, strangers)
        else:
            _put(found, child, inner, strangers)
    return found


def _put(found: dict[str, Any], child: Child, element: etree._Element, strangers: Strangers) -> None:
    """One child of an element under its property; a second one of what is no list is told."""
    value, beside = _value(child, element, strangers)
    if child.many:
        _append(found, child, value, beside)
        return
    if child.key in found or f"_{child.key}" in found:
        _strange(element, strangers)
        return
    if value is not None:
        found[child.key] = value
    if beside:
        found[f"_{child.key}"] = beside


def _append(found: dict[str, Any], child: Child, value: Any, beside: Any) -> None:
    """A list of primitives and the list of what stands beside them are of one length (FHIR R4 2.6.2.3)."""
    values = found.setdefault(child.key, [])
    values.append(value)
    key = f"_{child.key}"
    if beside or key in found:
        found.setdefault(key, [None] * (len(values) - 1)).append(beside or None)


def _value(child: Child, element: etree._Element, strangers: Strangers) -> tuple[Any, Any]:
    if child.type == "xhtml":
        return _markup(element), None
    if child.primitive:
        return _primitive(child, element, strangers)
    if child.type == "Resource":
        return _inside(element, strangers), None
    return _object(element, child.home, strangers), None


def _inside(element: etree._Element, strangers: Strangers) -> Any:
    """The resource within ``resource`` or ``contained``."""
    inner = next(iter(element), None)
    if inner is None or etree.QName(inner).localname not in resource_types():
        _strange(element, strangers)
        return {}
    return _resource(inner, strangers)


def _markup(element: etree._Element) -> str:
    return str(etree.tostring(element, encoding="unicode", with_tail=False))


def _primitive(child: Child, element: etree._Element, strangers: Strangers) -> tuple[Any, Any]:
    beside = _object(element, BESIDE, strangers)
    text = element.get("value")
    return (None if text is None else _READ.get(child.type, str)(text)), beside


def _truth(text: str) -> Any:
    return {"true": True, "false": False}.get(text, text)


def _whole(text: str) -> Any:
    return int(text) if text.lstrip("-").isdecimal() else text


def _decimal(text: str) -> Any:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    return number if "." in text or "e" in text.lower() else int(number) if number.is_finite() else text


_READ: Mapping[str, Callable[[str], Any]] = {
    "boolean": _truth,
    "integer": _whole,
    "positiveInt": _whole,
    "unsignedInt": _whole,
    "decimal": _decimal,
}


def _no_text(element: etree._Element, strangers: Strangers) -> None:
    texts = (element.text, *(inner.tail for inner in element))
    if any(text and not text.isspace() for text in texts):
        _strange(element, strangers)


def _strange(element: etree._Element, strangers: Strangers) -> None:
    strangers.append(
        Finding("fhir.xml-stranger", element.getroottree().getpath(element), line_of(cast(Element, element)))
    )


# The way back


def encode_xml(resource: Mapping[str, Any]) -> bytes:
    """A resource in XML; ``ValueError`` where it holds what R4 does not know."""
    root = _element_of(resource)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _element_of(resource: Mapping[str, Any]) -> etree._Element:
    name = resource.get("resourceType", "")
    if name not in resource_types():
        raise ValueError("not a resource of R4")
    root = etree.Element(f"{{{FHIR}}}{name}", nsmap=cast(Any, {None: FHIR}))
    _write({key: value for key, value in resource.items() if key != "resourceType"}, (name, ""), root)
    return root


def _write(node: Mapping[str, Any], home: Home, parent: etree._Element) -> None:
    """An object's properties as children, in R4's order."""
    known = children(home)
    keys = {key.removeprefix("_") for key in node}
    if strange := keys - known.keys():
        raise ValueError(f"{home[0]} has no such property ({len(strange)})")
    for key in sorted(keys, key=lambda one: known[one].order):
        child = known[key]
        values, beside = node.get(key), node.get(f"_{key}")
        if key in _IN_ATTRIBUTE and _is_attribute(child, home):
            parent.set(key, str(values))
        elif child.many:
            _write_list(child, values or [], beside or [], parent)
        else:
            _write_one(child, values, beside, parent)


def _is_attribute(child: Child, home: Home) -> bool:
    """An id is an attribute but in a resource, and so is the address of an extension."""
    return home == ("Extension", "") if child.key == "url" else bool(home[1]) or home[0] not in resource_types()


def _write_list(child: Child, values: list[Any], beside: list[Any], parent: etree._Element) -> None:
    for number in range(max(len(values), len(beside))):
        value = values[number] if number < len(values) else None
        _write_one(child, value, beside[number] if number < len(beside) else None, parent)


def _write_one(child: Child, value: Any, beside: Any, parent: etree._Element) -> None:
    if child.type == "xhtml":
        parent.append(_parsed_markup(str(value)))
        return
    element = etree.SubElement(parent, f"{{{FHIR}}}{child.key}")
    if child.primitive:
        if value is not None:
            element.set("value", _text(value))
        if beside:
            _write(beside, BESIDE, element)
    elif child.type == "Resource":
        element.append(_element_of(value))
    else:
        _write(value, child.home, element)


def _parsed_markup(text: str) -> etree._Element:
    try:
        return etree.fromstring(text, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError:
        raise ValueError("narrative that is not well-formed") from None


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return format(value, "f") if isinstance(value, Decimal) and abs(value.adjusted()) < 60 else str(value)
