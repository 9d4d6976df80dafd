"""Which document it is and whose, from the header alone: for documents whose content cannot be read (DK CDA Header)."""

from patientoverblik.care import Identifier
from patientoverblik.formats.cda.engine.element import Element
from patientoverblik.formats.cda.facts import tag
from patientoverblik.formats.cda.parsing import Parsed

_PATIENT_ID = "/".join(tag(name) for name in ("recordTarget", "patientRole", "id"))


def named(parsed: Parsed) -> tuple[Identifier | None, tuple[Identifier, ...]] | None:
    """The document's identifier, None if it has none, and its patient's identifiers; None if it is no CDA."""
    if parsed.tree.tag != tag("ClinicalDocument"):
        return None
    document = parsed.tree.find(tag("id"))
    own = None if document is None else _identifier(document)
    return own, tuple(found for one in parsed.tree.iterfind(_PATIENT_ID) if (found := _identifier(one)))


def _identifier(element: Element) -> Identifier | None:
    root = (element.get("root") or "").strip()
    return Identifier(system=root, value=(element.get("extension") or "").strip()) if root else None
