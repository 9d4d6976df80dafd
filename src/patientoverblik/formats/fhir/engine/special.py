"""Kinds of value that one property alone cannot say: telecoms, narrative, why something is absent, a point of time."""

import re
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

from patientoverblik.care import Coding, Period, Telecom, Unknown
from patientoverblik.formats.fhir.engine import kinds
from patientoverblik.formats.fhir.engine.compiled import Profile
from patientoverblik.formats.fhir.engine.kinds import Kind, Wire, exact_of, exactly
from patientoverblik.formats.fhir.engine.references import member
from patientoverblik.formats.fhir.engine.tables import extensions, meaning
from patientoverblik.formats.fhir.engine.walk import ABSENT, NOT_THE_TYPE, Walk, Way

Arguments = tuple[str, ...]
SCHEMES = {"tel:": "phone", "fax:": "fax", "mailto:": "email", "sms:": "sms"}
_PREFIX = {system: scheme for scheme, system in SCHEMES.items()}
CONFIDENTIALITY = "2.16.840.1.113883.5.25"
XHTML = "http://www.w3.org/1999/xhtml"


def system(_profile: Profile, _arguments: Arguments) -> Kind:
    """A code or identifier system, as the domain calls it."""
    return kinds.SYSTEM_KIND


def loose(_profile: Profile, arguments: Arguments) -> Kind:
    """A word that a table translates; any other stands beside the code of the second argument, if there is one."""
    table = meaning(arguments[0])
    fallback = arguments[1] if len(arguments) > 1 else None

    def wire_of(word: str) -> str | None:
        row = table.write.get(word)
        return row.code if row else fallback

    def read(value: Any, sibling: Any, way: Way, walk: Walk) -> Any:
        exact = exact_of(sibling)
        if exact and wire_of(exact) == value:
            walk.take([value, sibling])
            return exact
        found = kinds.TEXT.read(value, sibling, way, walk)
        return found if found is ABSENT else table.read.get(("", found), found)

    def write(value: str, _pen: Any) -> Wire:
        wire = wire_of(value)
        return wire, None if table.read.get(("", wire or "")) == value else exactly(value)

    return Kind(read, write, (str,))


def telecom(profile: Profile, _arguments: Arguments) -> Kind:
    """A way of contact: R4's system and value are the scheme and the rest of the domain's address."""
    use = loose(profile, ("telecom_use",))

    def read(value: Any, _sibling: Any, way: Way, walk: Walk) -> Any:
        if not isinstance(value, dict) or not isinstance(value.get("value"), str):
            walk.lose(value, way, NOT_THE_TYPE)
            return ABSENT
        walk.take(value["value"])
        for key, inner in value.items():
            if key == "system" and inner in {*_PREFIX, "url", "other", "pager"}:
                walk.take(inner)
            elif key not in ("value", "use", "_use"):
                walk.lose(inner, (way, key, -1))
        said = use.read(value.get("use"), value.get("_use"), (way, "use", -1), walk) if _has_use(value) else ""
        return Telecom(value=_address(value), use="" if said is ABSENT else said)

    def write(value: Telecom, pen: Any) -> Wire:
        wire = _contact(value.value)
        if value.use:
            code, beside = use.write(value.use, pen)
            wire |= {key: one for key, one in (("use", code), ("_use", beside)) if one is not None}
        return wire, None

    return Kind(read, write, (Telecom,))


def _has_use(value: dict[str, Any]) -> bool:
    return "use" in value or "_use" in value


def _address(value: dict[str, Any]) -> str:
    prefix = _PREFIX.get(value.get("system", ""), "")
    text = str(value["value"])
    return text if not prefix or text.startswith(prefix) else prefix + text


def _contact(address: str) -> dict[str, Any]:
    """The system and value of an address; one whose rest begins with its own scheme again is kept whole."""
    for scheme, system_ in SCHEMES.items():
        rest = address.removeprefix(scheme)
        if rest != address:
            return {"system": system_, "value": rest if rest and not rest.startswith(scheme) else address}
    return {"system": "url" if "://" in address else "other", "value": address}


# Narrative


def markup(_profile: Profile, _arguments: Arguments) -> Kind:
    """Narrative as its words, a line for each block (FHIR R4 Narrative.div)."""

    def read(value: Any, _sibling: Any, way: Way, walk: Walk) -> Any:
        found = words_of(value) if isinstance(value, str) else None
        if found is None:
            walk.lose(value, way, NOT_THE_TYPE)
            return ABSENT
        walk.read += 1
        return found

    return Kind(read, lambda value, _pen: (div_of(value), None), (str,))


_BLOCKS = frozenset({"p", "div", "li", "tr", "table", "ul", "ol", "br", "h1", "h2", "h3", "h4", "h5", "h6", "caption"})
_BLANKS = re.compile(r"[ \t\r\n]+")


def words_of(div: str) -> str | None:
    """The words of narrative; None where it is not well-formed."""
    try:
        root = etree.fromstring(div, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError:
        return None
    texts: list[str] = []
    _words(root, texts)
    lines = (_BLANKS.sub(" ", line).strip() for line in "".join(texts).split("\f"))
    return "\n".join(line for line in lines if line)


def _words(element: etree._Element, texts: list[str]) -> None:
    block = isinstance(element.tag, str) and etree.QName(element).localname in _BLOCKS
    texts.append("\f" if block else "")
    texts.append(element.text or "" if isinstance(element.tag, str) else "")
    for inner in element:
        _words(inner, texts)
        texts.append(inner.tail or "")
    texts.append("\f" if block else " " if isinstance(element.tag, str) and "td" in element.tag else "")


def div_of(words: str) -> str:
    """Words as narrative, a paragraph for each line."""
    lines = "".join(f"<p>{escape(line)}</p>" for line in words.split("\n"))
    return f'<div xmlns="{XHTML}">{lines}</div>'


# Absence, points, and what else is coded in its own way


def reason(_profile: Profile, _arguments: Arguments) -> Kind:
    """Why something is absent, as a code."""

    def read(value: Any, _sibling: Any, way: Way, walk: Walk) -> Any:
        found = value if isinstance(value, str) and value in kinds.REASONS else None
        if found is None:
            walk.lose(value, way, NOT_THE_TYPE)
            return ABSENT
        walk.read += 1
        return Unknown(reason=found)  # type: ignore[arg-type]

    return Kind(read, lambda value, _pen: (value.reason, None), (Unknown,))


ABSENT_SYSTEM = "http://terminology.hl7.org/CodeSystem/data-absent-reason"


def absent(_profile: Profile, _arguments: Arguments) -> Kind:
    """Why an observation has no value (Observation.dataAbsentReason)."""

    def read(value: Any, _sibling: Any, way: Way, walk: Walk) -> Any:
        match value:
            case {"coding": [{"system": system_, "code": str(code), **more}], **beside} if system_ == ABSENT_SYSTEM:
                exact = beside.pop("extension", None)
                written = [{"url": kinds.DATA_ABSENT, "valueCode": code}, *_listed(exact)]
                found = kinds.absent_of(written)
                if found is not None and not more and not beside:
                    walk.take(value)
                    return found
        walk.lose(value, way, NOT_THE_TYPE)
        return ABSENT

    def write(value: Unknown, _pen: Any) -> Wire:
        head, *own = kinds.absence(value)
        return {**({"extension": own} if own else {}), "coding": [_absent_coding(head["valueCode"])]}, None

    return Kind(read, write, (Unknown,))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _absent_coding(code: str) -> dict[str, str]:
    return {"system": ABSENT_SYSTEM, "code": code}


def point(_profile: Profile, _arguments: Arguments) -> Kind:
    """A point of time read as a period that begins there; only read."""
    inner = kinds.moment("dateTime")

    def read(value: Any, sibling: Any, way: Way, walk: Walk) -> Any:
        found = inner.read(value, sibling, way, walk)
        return found if found is ABSENT else Period(start=found)

    return Kind(read, lambda _value, _pen: kinds.NOTHING, ())


def confidentiality(profile: Profile, _arguments: Arguments) -> Kind:
    """How confidential a document is: R4 has the code alone, the rest stands beside it."""
    url = extensions()["confidentiality"].url

    def read(value: Any, sibling: Any, way: Way, walk: Walk) -> Any:
        match sibling:
            case {"extension": [{"url": found, "valueCoding": dict(coding), **more}], **most} if (
                found == url and not more and not most and coding.get("code") == value
            ):
                walk.take([value, found])
                return profile.codecs["Coding"].read(coding, (way, "valueCoding", -1), walk)
        code = kinds.TEXT.read(value, sibling, way, walk)
        return code if code is ABSENT else Coding(system=CONFIDENTIALITY, code=code)

    def write(value: Coding, pen: Any) -> Wire:
        if value == Coding(system=CONFIDENTIALITY, code=value.code):
            return value.code, None
        coding = profile.codecs["Coding"].write(value, pen)
        return value.code, {"extension": [{"url": url, "valueCoding": coding}]}

    return Kind(read, write, (Coding,))


def steps(profile: Profile, arguments: Arguments) -> Kind:
    """The activities of a plan that are resources of their own."""
    inner = member(profile, arguments)

    def read(value: Any, _sibling: Any, way: Way, walk: Walk) -> Any:
        inner.read(value.get("reference"), None, (way, "reference", -1), walk)
        beside = {key: one for key, one in value.items() if key != "reference"}
        if beside:
            walk.lose(beside, way)

    def write(value: Any, pen: Any) -> Wire:
        found = inner.write(value, pen)[0]
        return [{"reference": one} for one in found] if found else None, None

    return Kind(read, write, ())


SPECIAL = {
    "system": system,
    "loose": loose,
    "telecom": telecom,
    "markup": markup,
    "reason": reason,
    "absent": absent,
    "point": point,
    "confidentiality": confidentiality,
    "steps": steps,
}
