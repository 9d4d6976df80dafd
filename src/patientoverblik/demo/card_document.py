"""The demo's own system of the card register: writes a master-data card as PDC-DK 3.0 (reference: PDC-DK 3.0, 2023).

The product reads cards and never writes them, so the register that the demo plays has a writer of its own.
"""

from collections.abc import Iterator
from html import escape

from patientoverblik.care import (
    Address,
    CardField,
    CardItem,
    Contribution,
    Identifier,
    Moment,
    Participation,
    PersonName,
    Relative,
    Telecom,
    Unknown,
)

TEMPLATE = "1.2.208.184.16.1"
ENTRY = f"{TEMPLATE}.10.20.1"
CODES: dict[CardField, tuple[str, str, str]] = {
    "name-and-address": ("26", "CitizenNameAddr", "Borgerens navn og adresse"),
    "insurance-group": ("27", "CoverageGroup", "Sygesikringsgruppe"),
    "organ-donor": ("28", "OrganDonorRegistration", "Registreret organdonor"),
    "treatment-will": ("29", "TreatmentWillRegistration", "Behandlingstestamente"),
    "living-will": ("30", "LivingWillRegistration", "Livstestamente"),
    "no-resuscitation": ("31", "NoResuscitationRegistration", "Fravalg af genoplivning v. hjertestop"),
    "language": ("20", "LanguageTypedIn", "Talt sprog"),
    "temporary-address": ("21", "TempAddrTypedIn", "Midlertidig adresse"),
    "patient-contact": ("24", "PatientContactTypedIn", "Kontaktoplysninger"),
}
REGISTERS: dict[CardField, str] = {
    "organ-donor": "1.2.208.176.1.10",
    "treatment-will": "1.2.208.176.1.9",
    "living-will": "1.2.208.176.1.8",
    "no-resuscitation": "1.2.208.176.1.11",
    "insurance-group": "1.2.208.176.2.7",
}
PN_VALUE, AD_VALUE, TEL_VALUE = (f'value xsi:type="{kind}"' for kind in ("PN", "AD", "TEL"))
ANSWERS = {"true": "Ja", "false": "Nej", "not-available": "Ikke oplyst"}
NAMESPACES = 'xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'


def write_card(care: Contribution) -> bytes:
    """The card as a document in UTF-8."""
    told = "".join((*_header(care), _body(care)))
    return f'<?xml version="1.0" encoding="UTF-8"?><ClinicalDocument {NAMESPACES}>{told}</ClinicalDocument>'.encode()


def _header(care: Contribution) -> Iterator[str]:
    facts = care.document
    created = _time(facts.created)
    yield '<realmCode code="DK"/><typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>'
    yield f'<templateId root="{TEMPLATE}" extension="3.0"/>{_id(facts.id)}'
    yield _code("code", "PDC", "Stamkort")
    yield f'<title>{escape(facts.title)}</title><effectiveTime value="{created}"/>'
    yield '<confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/><languageCode code="da-DK"/>'
    if facts.series:
        yield _id(facts.series, "setId") + f'<versionNumber value="{facts.version}"/>'
    yield _patient(care) + _register_as_author(care) + _custodian(care)
    yield _service(f'<templateId root="1.2.208.184.10.1.11"/>{_period(created)}')
    marker = '<id root="1.2.208.184.100.10" extension="pdc-v3.0" assigningAuthorityName="MedCom"/>'
    yield _service(f'<templateId root="1.2.208.184.10.1.10" extension="2019-09-10"/>{marker}')
    for replaced in facts.replaces:
        yield f'<relatedDocument typeCode="RPLC"><parentDocument>{_id(replaced)}</parentDocument></relatedDocument>'


def _patient(care: Contribution) -> str:
    who = care.patient
    practice = who.general_practice
    birth = who.birth.text.replace("-", "") if who.birth else ""
    provider = ""
    if practice:
        phone, where = _telecoms(practice.telecoms), _address(practice.addresses[0])
        provider = (
            f"<providerOrganization>{_id(practice.ids[0])}<name>{escape(practice.name)}</name>"
            f"{phone}{where}</providerOrganization>"
        )
    return (
        f"<recordTarget><patientRole>{_id(who.ids[0])}{_address(who.addresses[0])}"
        f"<patient>{_name(who.name)}"
        f'<administrativeGenderCode code="{who.gender}" codeSystem="2.16.840.1.113883.5.1"/>'
        f'<birthTime value="{birth}"/></patient>{provider}</patientRole></recordTarget>'
    )


def _register_as_author(care: Contribution) -> str:
    author = care.document.authors[0]
    register = author.party.organisation or care.document.custodian
    if register is None:
        raise ValueError("a card has a register that keeps it")
    return (
        f'<author><time value="{_time(care.document.created)}"/><assignedAuthor>{_id(register.ids[0])}'
        f"{_address(register.addresses[0])}{_telecoms(register.telecoms)}"
        f"<representedOrganization>{_id(register.ids[0])}<name>{escape(register.name)}</name>"
        "</representedOrganization></assignedAuthor></author>"
    )


def _custodian(care: Contribution) -> str:
    keeper = care.document.custodian
    if keeper is None:
        raise ValueError("a card has a register that keeps it")
    return (
        f"<custodian><assignedCustodian><representedCustodianOrganization>{_id(keeper.ids[0])}"
        f"<name>{escape(keeper.name)}</name>{_telecoms(keeper.telecoms)}{_address(keeper.addresses[0])}"
        "</representedCustodianOrganization></assignedCustodian></custodian>"
    )


def _service(inside: str) -> str:
    event = f'<serviceEvent classCode="MPROT" moodCode="EVN">{inside}</serviceEvent>'
    return f'<documentationOf typeCode="DOC">{event}</documentationOf>'


def _body(care: Contribution) -> str:
    rows = "".join((*map(_row, care.card), *map(_relative_row, care.relatives)))
    heads = "".join(f"<th>{head}</th>" for head in ("Oplysning", "Værdi", "Kilde/Indtastet af", "Sidst ændret"))
    entries = "".join((*map(_observation, care.card), *map(_relative, care.relatives)))
    return (
        "<component><structuredBody><component><section>"
        f'<templateId root="{ENTRY}" extension="2019-08-14"/>'
        f"<text><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></text>"
        f"{entries}</section></component></structuredBody></component>"
    )


def _observation(item: CardItem) -> str:
    number, code, display = CODES[item.field]
    period = _period(_time(item.period.start), _time(item.period.end)) if item.period else ""
    version = "2023-07-01" if item.field == "no-resuscitation" else "2019-08-14"
    ids = "".join(map(_id, item.ids))
    return _entry(number, version, f"{ids}{_code('code', code, display)}{period}{_values(item)}{_source(item.source)}")


def _entry(number: str, version: str, inside: str) -> str:
    template = f'<templateId root="{ENTRY}.{number}" extension="{version}"/>'
    observation = f'<observation classCode="OBS" moodCode="EVN">{template}{inside}</observation>'
    return f'<entry typeCode="COMP">{observation}</entry>'


def _values(item: CardItem) -> str:
    register = REGISTERS.get(item.field)
    if register:
        answer = "NAV" if item.answer == "not-available" else item.answer or item.text
        return f'<value xsi:type="II" root="{register}" extension="{escape(answer)}"/>'
    coded = item.concept.codings[0] if item.concept else None
    language = (
        f'<value xsi:type="CD" code="{coded.code}" codeSystem="{coded.system}" displayName="{escape(coded.display)}"/>'
        if coded
        else ""
    )
    names = "".join(_name(name, PN_VALUE) for name in item.names)
    addresses = "".join(_address(one, AD_VALUE) for one in item.addresses)
    return f"{names}{language}{addresses}{_telecoms(item.telecoms, TEL_VALUE)}"


def _relative(of: Relative) -> str:
    coded = of.relation.codings[0] if of.relation else None
    relation = (
        f'<value xsi:type="CD" code="{coded.code}" codeSystem="{coded.system}" displayName="{escape(coded.display)}"/>'
        if coded
        else ""
    )
    inside = (
        f"{_code('code', 'RelativeTypedIn', 'Pårørende')}{_name(of.name, PN_VALUE)}"
        f"{relation}{_telecoms(of.telecoms, TEL_VALUE)}{_source(of.entered)}"
    )
    return _entry("25", "2019-08-14", inside)


def _source(source: Participation | None) -> str:
    """Who says it: a register, or the person who typed it in, whose number is masked (3.0)."""
    if source is None:
        return ""
    party, time = source.party, source.time
    when = f'<time value="{_time(time)}"/>' if time else '<time nullFlavor="NI"/>'
    if party.kind == "system":
        name = escape(party.organisation.name) if party.organisation else ""
        who = f'<id root="1.2.208.176" extension="NI"/><representedOrganization><name>{name}</name>'
        return _author("31", f"{when}<assignedAuthor>{who}</representedOrganization></assignedAuthor>")
    entered = "EnteredCitizenRelative" if party.kind == "relative" else "EnteredCitizen"
    masked = '<id root="1.2.208.176.1.2" extension="MSK" assigningAuthorityName="CPR"/>'
    person = f"<assignedPerson>{_name(party.name)}</assignedPerson>"
    return _author("30", f"{when}<assignedAuthor>{masked}{_code('code', entered, '')}{person}</assignedAuthor>")


def _author(number: str, inside: str) -> str:
    return f'<author><templateId root="{TEMPLATE}.10.20.{number}" extension="2019-08-14"/>{inside}</author>'


def _row(item: CardItem) -> str:
    value = "; ".join(
        (
            *(" ".join((*name.given, *name.family)) for name in item.names),
            *(", ".join((*one.lines, f"{one.postal_code} {one.city}")) for one in item.addresses),
            *(one.value.partition(":")[2] for one in item.telecoms),
            *((item.concept.codings[0].display,) if item.concept else ()),
            *((ANSWERS[item.answer],) if item.answer else ()),
            *((item.text,) if item.text else ()),
        )
    )
    return _cells(CODES[item.field][2], value, item.source)


def _relative_row(of: Relative) -> str:
    given = " ".join(of.name.given) if of.name else ""
    phones = ", ".join(one.value.partition(":")[2] for one in of.telecoms)
    return _cells("Pårørende", f"{given}; {phones}", of.entered)


def _cells(label: str, value: str, source: Participation | None) -> str:
    party = source.party if source else None
    by = " ".join((*party.name.given, *party.name.family)) if party and party.name else ""
    by = by or (party.organisation.name if party and party.organisation else "")
    when = source.time.text[:10] if source and source.time else ""
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in (label, value, by, when)) + "</tr>"


def _code(tag: str, code: str, display: str) -> str:
    shown = f' displayName="{escape(display)}"' if display else ""
    system = 'codeSystem="1.2.208.184.100.1" codeSystemName="MedCom Message Codes"'
    return f'<{tag} code="{code}" {system}{shown}/>'


def _id(of: Identifier, tag: str = "id") -> str:
    authority = f' assigningAuthorityName="{escape(of.authority)}"' if of.authority else ""
    return f'<{tag} root="{of.system}" extension="{escape(of.value)}"{authority}/>'


def _name(of: PersonName | None, tag: str = "name") -> str:
    if of is None:
        return ""
    given = "".join(f"<given>{escape(part)}</given>" for part in of.given)
    family = "".join(f"<family>{escape(part)}</family>" for part in of.family)
    return f"<{tag}>{given}{family}</{tag.partition(' ')[0]}>"


def _address(of: Address, tag: str = "addr") -> str:
    use = f' use="{of.use}"' if of.use else ""
    lines = "".join(f"<streetAddressLine>{escape(line)}</streetAddressLine>" for line in of.lines)
    parts = (("postalCode", of.postal_code), ("city", of.city), ("country", of.country))
    rest = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in parts if value)
    return f"<{tag}{use}>{lines}{rest}</{tag.partition(' ')[0]}>"


def _telecoms(of: tuple[Telecom, ...], tag: str = "telecom") -> str:
    return "".join(f'<{tag} value="{escape(one.value)}" use="{one.use}"/>' for one in of)


def _period(low: str, high: str = "") -> str:
    end = f'<high value="{high}"/>' if high else '<high nullFlavor="NA"/>'
    return f'<effectiveTime><low value="{low}"/>{end}</effectiveTime>'


def _time(moment: Moment | Unknown | None) -> str:
    """A moment in HL7's form; a date as its midnight in Danish time."""
    return moment.local().strftime("%Y%m%d%H%M%S%z") if isinstance(moment, Moment) else ""
