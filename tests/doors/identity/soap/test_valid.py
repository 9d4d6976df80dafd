"""Every kind of message that is believed, and what is made of it (SAML 2.0 core, DGWS 1.0.1, HSUID 1.1)."""

import msgspec
from lxml import etree

from patientoverblik.access import OrganisationRef, Principal
from patientoverblik.care.systems import SOR
from patientoverblik.edges.identity import Identified
from patientoverblik.edges.identity.model import Override
from patientoverblik.edges.identity.soap import Demands
from patientoverblik.edges.identity.soap.issued import Subject, add, assertion, id_card, signed
from patientoverblik.edges.identity.soap.issuer import CVR
from patientoverblik.edges.identity.soap.messages import message
from patientoverblik.edges.identity.soap.names import NATIONAL_ROLE, SOAP_11, saml
from patientoverblik.sharing.model import PatientId
from tests.doors.identity.soap.calls import (
    ANY,
    CITIZEN,
    CLINIC,
    DOCTOR,
    HOUR,
    NANCY,
    NOW,
    answer,
    bearer,
    call,
    card,
    holder_of_key,
    issuer,
    refused,
    trust,
    wanted,
)

CPR = "1.2.208.176.1.2"
SPOUSE = "6308461047"


def believed(sent, **how) -> Identified:
    found = answer(sent, **how)
    assert isinstance(found, Identified), found
    return found


def stated(token: etree._Element, name: str, value: str) -> etree._Element:
    """The token with one attribute more, before it is signed."""
    statement = token.find(saml("AttributeStatement"))
    add(add(statement, saml("Attribute"), Name=name), saml("AttributeValue"), value)
    return token


def sent(token: etree._Element, subject: Subject = DOCTOR, **changes) -> etree._Element:
    return message(signed(token, "ID", issuer().service), call(subject, **changes))


def test_a_professional_with_a_bearer_token() -> None:
    found = believed(bearer())
    assert (found.actor.kind, found.actor.id, found.actor.authorisation) == ("professional", "ZZ999", "ZZ999")
    assert found.actor.organisation is not None
    assert found.actor.organisation.same(CLINIC)
    assert (found.purpose, found.own, found.patient) == (
        "treatment",
        PatientId(CPR, DOCTOR.number),
        PatientId(CPR, NANCY),
    )
    assert found.override is None
    assert found.until == NOW + HOUR + trust().leeway
    assert found.actor.client == "Demosystem"


def test_the_holder_of_a_key_who_signs_the_message() -> None:
    same, other = believed(holder_of_key()), believed(bearer())
    assert msgspec.structs.replace(same.actor, session="") == msgspec.structs.replace(other.actor, session="")


def test_a_citizen_about_themselves() -> None:
    found = believed(bearer(CITIZEN))
    assert (found.actor.kind, found.purpose, found.actor.organisation) == ("citizen", "own-overview", None)
    assert found.own == found.patient == PatientId(CPR, NANCY)
    assert NANCY not in str(found.actor)


def test_a_citizen_about_another_comes_as_a_relative() -> None:
    spouse = Subject(kind="citizen", number=SPOUSE, given="Ægte", family="Fælle")
    found = believed(bearer(spouse))
    assert (found.actor.kind, found.purpose) == ("relative", "on-behalf")
    assert (found.own, found.patient) == (PatientId(CPR, SPOUSE), PatientId(CPR, NANCY))


def test_a_citizen_needs_no_header_where_the_transaction_asks_for_none() -> None:
    token = signed(assertion(CITIZEN, wanted()), "ID", issuer().service)
    found = believed(message(token, call(CITIZEN, patient="")), demands=ANY)
    assert found.patient == found.own == PatientId(CPR, NANCY)


def test_a_card_of_level_4() -> None:
    found = believed(card())
    assert (found.actor.kind, found.actor.name, found.actor.role) == ("professional", "Testa Testlæge", "Læge")
    assert found.actor.session.startswith("dgws:")
    assert DOCTOR.number not in str(found.actor)


def test_a_card_of_level_3_speaks_for_the_user_its_system_names() -> None:
    found = believed(card(None))
    assert (found.actor.kind, found.actor.id, found.actor.name) == ("professional", "ZZ999", "")
    assert found.own == PatientId(CPR, DOCTOR.number)


def test_a_card_of_level_3_without_a_user_is_a_system() -> None:
    sent = card(None)
    sent[0].remove(sent[0][-1])
    found = believed(sent, demands=ANY)
    assert (found.actor.kind, found.actor.id, found.purpose) == ("system", f"cvr:{CVR}:Demosystem", "delivery")
    assert found.patient is None


def test_a_card_of_level_3_may_be_signed_by_the_token_service() -> None:
    token = signed(id_card(None, NOW, NOW + HOUR), "id", issuer().service, before=None)
    assert believed(message(token, call(), "3"), believed=trust(systems=())).actor.kind == "professional"


def test_soap_11_is_understood() -> None:
    token = signed(assertion(DOCTOR, wanted()), "ID", issuer().service)
    assert believed(message(token, call(soap=SOAP_11))).actor.id == "ZZ999"


def test_an_override_is_carried_without_a_reason() -> None:
    token = signed(assertion(DOCTOR, wanted()), "ID", issuer().service)
    assert believed(message(token, call(override=True))).override == Override()


def test_breaking_the_glass_is_an_override() -> None:
    assert believed(bearer(purpose="BTG")).override == Override()
    assert believed(bearer(purpose="TREATMENT")).override is None


def test_a_professional_on_behalf_of_another() -> None:
    code = "urn:dk:healthcare:saml:actThroughDelegationByAuthorizedHealthcareProfessional:userAuthorization:"
    token = stated(
        assertion(_assistant(), wanted()),
        "dk:healthcare:saml:attribute:OnBehalfOf",
        f"{code}AuthorizationCode:ZZ998:EducationCode:7170",
    )
    found = believed(message(signed(token, "ID", issuer().service), call(patient="")), demands=ANY)
    assert found.actor.principal == Principal("ZZ998", role="7170", authorisation="ZZ998")
    assert found.actor.authorisation == ""


def test_the_responsible_professional_of_the_header_is_the_principal() -> None:
    sent = card(None)
    _set(sent, "nsi:ResponsibleUserCivilRegistrationNumber", "7202021234")
    found = believed(sent)
    assert found.actor.principal == Principal("ZZ999", authorisation="ZZ999")
    assert found.actor.authorisation == ""
    assert len(found.actor.id) == 32  # a pseudonym: the card's own name is the company's, shared by all its users


def test_somebody_without_authorisation_has_a_pseudonym_and_never_a_number() -> None:
    found = believed(_card_without_code())
    assert len(found.actor.id) == 32
    assert DOCTOR.number not in str(found.actor)
    assert believed(_card_without_code()).actor.id == found.actor.id
    assert believed(_card_without_code(), believed=trust(secret=b"x" * 32)).actor.id != found.actor.id


def test_a_national_role_loses_its_prefix() -> None:
    token = stated(
        assertion(_assistant(), wanted()), "urn:oasis:names:tc:xacml:2.0:subject:role", f"{NATIONAL_ROLE}PlejeAssR3"
    )
    found = believed(message(signed(token, "ID", issuer().service), call(patient="")), demands=ANY)
    assert (found.actor.national_role, found.actor.role) == ("PlejeAssR3", "Assistent")


def test_power_of_attorney_in_the_token_names_the_patient() -> None:
    token = stated(
        assertion(CITIZEN, wanted()),
        "dk:healthcare:saml:attribute:OnBehalfOf",
        f"urn:dk:healthcare:saml:actThroughProcurationBy:cprNumberIdentifier:{SPOUSE}",
    )
    found = believed(message(signed(token, "ID", issuer().service), call(CITIZEN, patient="")), demands=ANY)
    assert (found.actor.kind, found.patient) == ("relative", PatientId(CPR, SPOUSE))


def test_where_the_message_names_no_organisation_the_company_s_first_counts() -> None:
    rows = {CVR: (OrganisationRef(SOR, "1", "Første"), OrganisationRef(SOR, "2"))}
    sent = card(None)
    sent[0].remove(sent[0][-1])
    assert believed(sent, demands=ANY, believed=trust(organisations=rows)).actor.organisation == rows[CVR][0]


def test_a_certificate_that_is_not_in_force_verifies_nothing() -> None:
    assert refused(bearer(start=NOW + 900 * 24 * HOUR, end=NOW + 900 * 24 * HOUR + HOUR), at=NOW + 900 * 24 * HOUR) == (
        "identity.soap-certificate-period"
    )


def test_a_person_may_be_demanded() -> None:
    assert refused(card(None), demands=Demands(person=True)) == "identity.dgws-level"
    assert believed(card(), demands=Demands(person=True)).actor.kind == "professional"


def _assistant() -> Subject:
    return Subject(
        kind="professional",
        number=DOCTOR.number,
        given="Testa",
        family="Hjælper",
        role="Assistent",
        organisation=CLINIC,
    )


def _card_without_code() -> etree._Element:
    sent = card(_assistant())
    for name in ("nsi:ResponsibleUserCivilRegistrationNumber", "nsi:ResponsibleUserAuthorizationCode"):
        _set(sent, name, {"nsi:ResponsibleUserCivilRegistrationNumber": "7202021234"}.get(name, "ZZ999"))
    return sent


def _set(sent: etree._Element, name: str, value: str) -> None:
    for attribute in sent[0][-1].iter("{*}Attribute"):
        if attribute.get("Name") == name:
            attribute[0].text = value
