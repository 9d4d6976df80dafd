"""The small values every care concept is made of: codes, quantities, names, addresses, identifiers, and what is not known."""

from typing import Annotated, ClassVar, Literal

from patientoverblik.care.moment import Moment
from patientoverblik.care.terms import Term, Value

Reason = Literal[
    "no-information", "not-applicable", "unknown", "masked", "asked-unknown", "not-asked", "other", "not-readable"
]


class Unknown(Value, frozen=True, kw_only=True, tag_field="is", tag="unknown"):
    """A value that ought to be there and is not, with the reason the source gave."""

    term: ClassVar[Term] = Term("ukendt", "unknown", "værdi som mangler, med kildens begrundelse", "HL7 v3 NullFlavor")
    reason: Annotated[Reason, Term("begrundelse", "reason", "hvorfor værdien mangler", "HL7 v3 NullFlavor")] = (
        "no-information"
    )


class Identifier(Value, frozen=True, kw_only=True):
    """An identifier: an assigning system (OID, UUID or URI) and the value within it; the value is empty where the system is a UUID."""

    term: ClassVar[Term] = Term(
        "identifikator", "identifier", "navn der entydigt udpeger én ting i et system", "HL7 v3 II; FHIR Identifier"
    )
    system: Annotated[str, Term("system", "system", "den der udsteder værdien", "HL7 v3 II.root")]
    value: Annotated[str, Term("værdi", "value", "værdien i systemet", "HL7 v3 II.extension")] = ""
    authority: Annotated[
        str, Term("udsteder", "authority", "udstederens navn som det er skrevet", "HL7 v3 II.assigningAuthorityName")
    ] = ""


class Coding(Value, frozen=True, kw_only=True):
    """One code in one code system, with the display text its author wrote."""

    term: ClassVar[Term] = Term("kode", "coding", "emne i en klassifikation", "KL byggeblok Klassifikation 2.0")
    system: Annotated[str, Term("kodesystem", "system", "OID eller URI for klassifikationen", "HL7 v3 CD.codeSystem")]
    code: Annotated[str, Term("kode", "code", "emnets kode", "HL7 v3 CD.code")]
    display: Annotated[
        str, Term("visning", "display", "emnets navn som forfatteren skrev det", "HL7 v3 CD.displayName")
    ] = ""
    system_name: Annotated[
        str,
        Term(
            "kodesystemets navn",
            "system name",
            "klassifikationens navn som forfatteren skrev det",
            "HL7 v3 CD.codeSystemName",
        ),
    ] = ""


class Concept(Value, frozen=True, kw_only=True, tag_field="is", tag="concept"):
    """A coded meaning: codings that all say the same, and the author's own words for it."""

    term: ClassVar[Term] = Term("kodet begreb", "concept", "betydning udtrykt med koder og ord", "FHIR CodeableConcept")
    codings: Annotated[
        tuple[Coding, ...], Term("koder", "codings", "koder der siger det samme", "FHIR CodeableConcept.coding")
    ] = ()
    text: Annotated[str, Term("tekst", "text", "forfatterens ord", "FHIR CodeableConcept.text")] = ""


class Quantity(Value, frozen=True, kw_only=True, tag_field="is", tag="quantity"):
    """A measured amount: the source's own digits, and the unit as written; an absent unit is never guessed (DESIGN 16)."""

    term: ClassVar[Term] = Term("mængde", "quantity", "talværdi med enhed", "HL7 v3 PQ")
    value: Annotated[str, Term("værdi", "value", "tallets cifre som kilden skrev dem", "HL7 v3 PQ.value")]
    unit: Annotated[str, Term("enhed", "unit", "enheden som kilden skrev den", "HL7 v3 PQ.unit")] = ""


class Bound(Value, frozen=True, kw_only=True):
    """One end of a range: digits, and whether the end itself is inside."""

    term: ClassVar[Term] = Term("grænse", "bound", "den ene ende af et interval", "HL7 v3 IVXB_PQ")
    value: Annotated[str, Term("værdi", "value", "grænsens cifre som kilden skrev dem", "HL7 v3 IVXB_PQ.value")]
    inclusive: Annotated[bool, Term("inklusiv", "inclusive", "om grænsen selv er med", "HL7 v3 IVXB_PQ.inclusive")] = (
        True
    )


class Range(Value, frozen=True, kw_only=True, tag_field="is", tag="range"):
    """An interval of amounts in one unit; an absent bound is open."""

    term: ClassVar[Term] = Term("interval", "range", "værdier mellem to grænser", "HL7 v3 IVL_PQ")
    low: Annotated[Bound | None, Term("nedre grænse", "low", "mindste værdi", "HL7 v3 IVL_PQ.low")] = None
    high: Annotated[Bound | None, Term("øvre grænse", "high", "største værdi", "HL7 v3 IVL_PQ.high")] = None
    unit: Annotated[str, Term("enhed", "unit", "enheden som kilden skrev den", "HL7 v3 PQ.unit")] = ""


class Text(Value, frozen=True, kw_only=True, tag_field="is", tag="text"):
    """A value given in words only."""

    term: ClassVar[Term] = Term("tekstværdi", "text value", "værdi udtrykt i ord", "HL7 v3 ST")
    words: Annotated[str, Term("ord", "words", "forfatterens ord", "HL7 v3 ST")]


Amount = Quantity | Range | Concept | Text | Unknown


class Period(Value, frozen=True, kw_only=True, tag_field="is", tag="period"):
    """From a moment to a moment; an absent end is open."""

    term: ClassVar[Term] = Term("periode", "period", "tid mellem to tidspunkter", "HL7 v3 IVL_TS")
    start: Annotated[Moment | None, Term("start", "start", "første tidspunkt", "HL7 v3 IVL_TS.low")] = None
    end: Annotated[Moment | None, Term("slut", "end", "sidste tidspunkt", "HL7 v3 IVL_TS.high")] = None


class PersonName(Value, frozen=True, kw_only=True):
    """A person's name as written: its parts where the source has parts, else the text."""

    term: ClassVar[Term] = Term("personnavn", "person name", "en persons navn som kilden skrev det", "HL7 v3 PN")
    prefix: Annotated[tuple[str, ...], Term("titel", "prefix", "titel før navnet", "HL7 v3 PN.prefix")] = ()
    given: Annotated[tuple[str, ...], Term("fornavn", "given", "fornavne og mellemnavne", "HL7 v3 PN.given")] = ()
    family: Annotated[tuple[str, ...], Term("efternavn", "family", "efternavne", "HL7 v3 PN.family")] = ()
    text: Annotated[str, Term("tekst", "text", "navnet hvor kilden ikke deler det op", "HL7 v3 PN")] = ""


class Address(Value, frozen=True, kw_only=True):
    """A postal address as written."""

    term: ClassVar[Term] = Term("adresse", "address", "sted hvor nogen bor eller virker", "KL byggeblok Adresse 1.0.0")
    use: Annotated[
        str, Term("anvendelse", "use", "hjem (H), arbejde (WP) eller midlertidig (TMP)", "HL7 v3 AD.use")
    ] = ""
    lines: Annotated[
        tuple[str, ...], Term("adresselinjer", "lines", "vej, nummer og etage", "HL7 v3 AD.streetAddressLine")
    ] = ()
    postal_code: Annotated[str, Term("postnummer", "postal code", "postnummer", "HL7 v3 AD.postalCode")] = ""
    city: Annotated[str, Term("by", "city", "postdistrikt", "HL7 v3 AD.city")] = ""
    country: Annotated[str, Term("land", "country", "land som skrevet", "HL7 v3 AD.country")] = ""
    text: Annotated[str, Term("tekst", "text", "adressen hvor kilden ikke deler den op", "HL7 v3 AD")] = ""


class Telecom(Value, frozen=True, kw_only=True):
    """A telephone number, mail or web address as a URI, with its use."""

    term: ClassVar[Term] = Term("kontaktvej", "telecom", "vej ad hvilken nogen kan nås", "HL7 v3 TEL")
    value: Annotated[str, Term("værdi", "value", "URI, fx tel: eller mailto:", "HL7 v3 TEL.value")]
    use: Annotated[str, Term("anvendelse", "use", "hjem (H), arbejde (WP) eller mobil (MC)", "HL7 v3 TEL.use")] = ""
