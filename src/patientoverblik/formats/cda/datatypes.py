"""The data types of a CDA document as frozen values, near the wire (HL7 v3 Data Types Abstract, ITS XML R1).

White space is collapsed; digits, times and codes stand as the author wrote them. Every type has a null flavour of its
own (``null``, empty where a value stands), so that nothing is said differently from how the source said it.
An attribute equal to the schema's default says nothing and is not kept.
"""

import msgspec


class Wire(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="is", gc=False):
    """Base of everything in a record: frozen, compared by content, stored without its defaults."""


class II(Wire, frozen=True, kw_only=True, tag="II"):
    """An instance identifier: an OID or UUID, and a value within it."""

    root: str = ""
    extension: str = ""
    authority: str = ""
    null: str = ""


class CD(Wire, frozen=True, kw_only=True, tag="CD"):
    """A code (CD, CE, CV, CO and CS alike) with the display text its author wrote, and other codes for the same."""

    code: str = ""
    system: str = ""
    system_name: str = ""
    system_version: str = ""
    display: str = ""
    original_text: str = ""
    translations: tuple["CD", ...] = ()
    null: str = ""


class Edge(Wire, frozen=True, kw_only=True):
    """One end of a time interval; ``inclusive`` is empty, ``true`` or ``false`` as written."""

    value: str = ""
    inclusive: str = ""
    null: str = ""


class Time(Wire, frozen=True, kw_only=True, tag="TS"):
    """A point (``value``) or an interval (``low``, ``high``) of time, in HL7's own text with the author's precision.

    ``<high nullFlavor="NI"/>`` is an open end and is kept. An element that says "no information" of itself and of both
    ends says it once: ``Time(null="NI")``.
    """

    value: str = ""
    low: Edge | None = None
    high: Edge | None = None
    null: str = ""


class PQ(Wire, frozen=True, kw_only=True, tag="PQ"):
    """A physical quantity: the source's digits and its unit."""

    value: str = ""
    unit: str = ""
    null: str = ""


class Limit(Wire, frozen=True, kw_only=True):
    """One end of an interval of quantities; ``inclusive`` is empty (meaning true), ``true`` or ``false`` as written."""

    value: str = ""
    unit: str = ""
    inclusive: str = ""
    null: str = ""


class IVLPQ(Wire, frozen=True, kw_only=True, tag="IVL_PQ"):
    """An interval of quantities; the unit may stand on the interval (not the schema's place, yet seen) or its ends."""

    low: Limit | None = None
    high: Limit | None = None
    unit: str = ""
    null: str = ""


class ST(Wire, frozen=True, kw_only=True, tag="ST"):
    """A character string."""

    text: str = ""
    null: str = ""


class ED(Wire, frozen=True, kw_only=True, tag="ED"):
    """Encapsulated words: inline text, or the address of a thing elsewhere."""

    text: str = ""
    reference: str = ""
    null: str = ""


class BL(Wire, frozen=True, kw_only=True, tag="BL"):
    """A truth value: ``true`` or ``false`` as written."""

    value: str = ""
    null: str = ""


class INT(Wire, frozen=True, kw_only=True, tag="INT"):
    """A whole number as written."""

    value: str = ""
    null: str = ""


class TEL(Wire, frozen=True, kw_only=True, tag="TEL"):
    """A telephone number, mail or web address as a URI."""

    value: str = ""
    use: str = ""
    null: str = ""


class Piece(Wire, frozen=True, kw_only=True):
    """One part of a name or an address: the element's name (empty for plain text between parts) and its text."""

    kind: str = ""
    text: str = ""
    qualifier: str = ""
    null: str = ""


class AD(Wire, frozen=True, kw_only=True, tag="AD"):
    """A postal address: its parts in document order, plain text included."""

    use: str = ""
    parts: tuple[Piece, ...] = ()
    null: str = ""

    def of(self, kind: str) -> tuple[str, ...]:
        """The texts of one kind of part, such as ``city``; the empty kind is plain text."""
        return tuple(part.text for part in self.parts if part.kind == kind and part.text)


class PN(Wire, frozen=True, kw_only=True, tag="PN"):
    """A name: its parts in document order, plain text included.

    ``type`` is the xsi:type where it is a value told apart by it (EN, ON, TN); empty means PN.
    """

    type: str = ""
    use: str = ""
    parts: tuple[Piece, ...] = ()
    null: str = ""

    def of(self, kind: str) -> tuple[str, ...]:
        """The texts of one kind of part, such as ``given``; the empty kind is plain text."""
        return tuple(part.text for part in self.parts if part.kind == kind and part.text)


class Null(Wire, frozen=True, kw_only=True, tag="null"):
    """A value without a type that says why it is absent."""

    flavor: str


Any = PQ | IVLPQ | CD | ST | ED | II | BL | INT | Time | TEL | AD | PN | Null
