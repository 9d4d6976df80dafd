"""Tokens as the test issuer makes them: a SAML 2.0 assertion as IDWS has it, and a DGWS id card, signed by xmlsec."""

import base64
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Literal

import msgspec
import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from patientoverblik.access import OrganisationRef
from patientoverblik.edges.identity.soap.issuer import CVR, NAME, Signer
from patientoverblik.edges.identity.soap.names import (
    BEARER,
    DS,
    ENVELOPED,
    EXC_C14N,
    HL7,
    HOLDER_OF_KEY,
    SAML,
    ds,
    saml,
)
from patientoverblik.edges.identity.soap.reading import Element

SIGNED_BY = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
DIGEST = "http://www.w3.org/2001/04/xmlenc#sha256"
_BASIC = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic"
_COMPANY = "Demoens sundhedshus"
CLIENT = "Demosystem"
HOUR = 3_600_000


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody a token is made for; ``number`` is their own, ``given`` and ``family`` their names."""

    kind: Literal["professional", "citizen"]
    number: str
    given: str
    family: str
    role: str = ""
    authorisation: str = ""
    organisation: OrganisationRef | None = None


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """How a SAML assertion is wanted: for whom it is, how long it holds (milliseconds UTC), and who may use it.

    ``holder`` makes it count only with that key; without it whoever bears it may use it. ``once`` forbids a second use.
    """

    audience: str
    start: int
    end: int
    holder: Signer | None = None
    once: bool = False
    patient: str = ""
    purpose: str = ""
    issuer: str = NAME


def assertion(subject: Subject, wanted: Wanted) -> Element:
    """An assertion, not signed yet."""
    top = etree.Element(saml("Assertion"), nsmap={"saml": SAML, "ds": DS})
    top.set("ID", f"_{uuid.uuid4().hex}")
    top.set("Version", "2.0")
    top.set("IssueInstant", stamp(wanted.start))
    add(top, saml("Issuer"), wanted.issuer)
    who = add(top, saml("Subject"))
    persistent = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
    add(who, saml("NameID"), f"demo-{uuid.uuid5(uuid.NAMESPACE_OID, subject.number)}", Format=persistent)
    _confirmation(who, wanted)
    conditions = add(top, saml("Conditions"), NotBefore=stamp(wanted.start), NotOnOrAfter=stamp(wanted.end))
    add(add(conditions, saml("AudienceRestriction")), saml("Audience"), wanted.audience)
    if wanted.once:
        add(conditions, saml("OneTimeUse"))
    statement = add(top, saml("AttributeStatement"))
    for name, value in _stated(subject, wanted):
        add(add(statement, saml("Attribute"), Name=name, NameFormat=_BASIC), saml("AttributeValue"), value)
    if subject.organisation is not None:
        _provider(statement, subject.organisation)
    return top


def id_card(subject: Subject | None, start: int, end: int, issuer: str = NAME) -> Element:
    """An id card, not signed yet: a person's (level 4), or without a subject the system's own (level 3)."""
    top = etree.Element(saml("Assertion"), nsmap={"saml": SAML, "ds": DS})
    for name, value in (("IssueInstant", stamp(start)), ("Version", "2.0"), ("id", "IDCard")):
        top.set(name, value)
    add(top, saml("Issuer"), issuer)
    who = add(top, saml("Subject"))
    number, form = (subject.number, "medcom:cprnumber") if subject else (CVR, "medcom:cvrnumber")
    add(who, saml("NameID"), number, Format=form)
    confirmed = add(who, saml("SubjectConfirmation"))
    add(confirmed, saml("ConfirmationMethod"), HOLDER_OF_KEY)
    add(add(add(confirmed, saml("SubjectConfirmationData")), ds("KeyInfo")), ds("KeyName"), "OCESSignature")
    add(top, saml("Conditions"), NotBefore=stamp(start), NotOnOrAfter=stamp(end))
    _card_data(top, "4" if subject else "3", "user" if subject else "system")
    if subject:
        _card_statement(top, "UserLog", _user_log(subject))
    system = (("medcom:ITSystemName", CLIENT), ("medcom:CareProviderID", CVR), ("medcom:CareProviderName", _COMPANY))
    _card_statement(top, "SystemLog", system)[1].set("NameFormat", "medcom:cvrnumber")
    return top


def signed(token: Element, id_name: str, signer: Signer, before: int | None = 1) -> Element:
    """The token with a signature over itself: as its child number ``before``, or last (an id card's stands there)."""
    place = len(token) if before is None else before
    token.insert(place, signature(((f"#{token.get(id_name)}", (ENVELOPED, EXC_C14N)),)))
    key_info(token[place], signer)
    sign(token[place], signer, ((token, id_name),))
    return token


def signature(references: Iterable[tuple[str, tuple[str, ...]]]) -> Element:
    """An empty signature over these references, each with its transforms."""
    top = etree.Element(ds("Signature"), nsmap={"ds": DS})
    info = add(top, ds("SignedInfo"))
    add(info, ds("CanonicalizationMethod"), Algorithm=EXC_C14N)
    add(info, ds("SignatureMethod"), Algorithm=SIGNED_BY)
    for uri, transforms in references:
        reference = add(info, ds("Reference"), URI=uri)
        listed = add(reference, ds("Transforms"))
        for transform in transforms:
            add(listed, ds("Transform"), Algorithm=transform)
        add(reference, ds("DigestMethod"), Algorithm=DIGEST)
        add(reference, ds("DigestValue"))
    add(top, ds("SignatureValue"))
    return top


def sign(made: Element, signer: Signer, targets: Iterable[tuple[Element, str]]) -> None:
    """Fill in digests and value; each target is an element and the name of the attribute that holds its id."""
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(signer.key, xmlsec.constants.KeyDataFormatPem, None)
    for element, name in targets:
        space, _, local = name.rpartition("}")
        context.register_id(element, local, space.removeprefix("{") or None)
    context.sign(made)


def key_info(parent: Element, signer: Signer) -> Element:
    """The signer's certificate, as norms want it sent; whoever verifies does not believe it."""
    info = add(parent, ds("KeyInfo"))
    der = x509.load_pem_x509_certificate(signer.certificate).public_bytes(Encoding.DER)
    add(add(info, ds("X509Data")), ds("X509Certificate"), base64.b64encode(der).decode())
    return info


def add(parent: Element, name: str, text: str = "", **attributes: str) -> Element:
    """A new child element."""
    made = etree.SubElement(parent, name, attributes)
    made.text = text or None
    return made


def stamp(at: int) -> str:
    """Milliseconds UTC as an xs:dateTime in UTC."""
    return datetime.fromtimestamp(at // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _confirmation(who: Element, wanted: Wanted) -> None:
    method = HOLDER_OF_KEY if wanted.holder else BEARER
    confirmed = add(who, saml("SubjectConfirmation"), Method=method)
    data = add(confirmed, saml("SubjectConfirmationData"))
    if wanted.holder:
        key_info(data, wanted.holder)
    else:
        data.set("NotOnOrAfter", stamp(wanted.end))


def _stated(subject: Subject, wanted: Wanted) -> Iterable[tuple[str, str]]:
    healthcare, government = "dk:healthcare:saml:attribute", "dk:gov:saml:attribute"
    professional = subject.kind == "professional"
    rows = (
        (f"{healthcare}:UserType", "HealthcareProfessional" if professional else "Citizen"),
        (f"{government}:CprNumberIdentifier", subject.number),
        (f"{government}:AssuranceLevel", "3"),
        ("urn:oasis:names:tc:xspa:1.0:subject:subject-id", f"{subject.given} {subject.family}"),
        (f"{government}:CvrNumberIdentifier", CVR if professional else ""),
        (f"{healthcare}:UserAuthorizationCode", subject.authorisation),
        ("urn:oasis:names:tc:xacml:2.0:subject:role", subject.role if professional else ""),
        (f"{healthcare}:SystemName", CLIENT),
        ("urn:oasis:names:tc:xacml:2.0:resource:resource-id", _cx(wanted.patient)),
        ("urn:oasis:names:tc:xspa:1.0:subject:purposeofuse", wanted.purpose),
    )
    return (row for row in rows if row[1])


def _cx(number: str) -> str:
    return f"{number}^^^&1.2.208.176.1.2&ISO" if number else ""


def _provider(statement: Element, organisation: OrganisationRef) -> None:
    attribute = add(statement, saml("Attribute"), Name="urn:ihe:iti:xua:2017:subject:provider-identifier")
    value = add(attribute, saml("AttributeValue"))
    etree.SubElement(
        value, f"{{{HL7}}}id", {"root": organisation.system, "extension": organisation.value}, nsmap={"hl7": HL7}
    )


def _card_data(top: Element, level: str, kind: str) -> None:
    rows = (
        ("sosi:IDCardID", base64.b64encode(uuid.uuid4().bytes).decode()),
        ("sosi:IDCardVersion", "1.0.1"),
        ("sosi:IDCardType", kind),
        ("sosi:AuthenticationLevel", level),
    )
    _card_statement(top, "IDCardData", rows)


def _user_log(subject: Subject) -> Iterable[tuple[str, str]]:
    rows = (
        ("medcom:UserCivilRegistrationNumber", subject.number),
        ("medcom:UserGivenName", subject.given),
        ("medcom:UserSurName", subject.family),
        ("medcom:UserRole", subject.role),
        ("medcom:UserAuthorizationCode", subject.authorisation),
    )
    return (row for row in rows if row[1])


def _card_statement(top: Element, name: str, rows: Iterable[tuple[str, str]]) -> Element:
    statement = add(top, saml("AttributeStatement"), id=name)
    for attribute, value in rows:
        add(add(statement, saml("Attribute"), Name=attribute), saml("AttributeValue"), value)
    return statement
