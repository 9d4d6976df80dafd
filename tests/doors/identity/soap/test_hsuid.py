"""The HSUID header: read in full, every fault at once, and held against the token (nsp.md 3)."""

import pytest
from lxml import etree

from patientoverblik.access import OrganisationRef
from patientoverblik.care.systems import SOR, YDERNUMMER
from patientoverblik.edges.identity import Unidentified
from patientoverblik.edges.identity.soap.hsuid import ROWS, Hsuid, read_hsuid
from patientoverblik.edges.identity.soap.issued import add, assertion, id_card, signed
from patientoverblik.edges.identity.soap.issuer import CVR
from patientoverblik.edges.identity.soap.messages import hsuid_header, hsuid_rows, message
from patientoverblik.edges.identity.soap.names import HSUID, saml
from patientoverblik.problems import CATALOGUE
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
    issuer,
    refused,
    trust,
    wanted,
)
from tests.doors.identity.soap.wrapping import hsuid_of

SPOUSE = "6308461047"


def rows(**changes: str | None) -> dict[str, tuple[str, str]]:
    """The attributes of a faultless professional call, with changes by name (None takes it away)."""
    found = dict(hsuid_rows(DOCTOR, NANCY, CLINIC))
    for name, value in changes.items():
        if value is None:
            del found[f"nsi:{name}"]
        else:
            found[f"nsi:{name}"] = (value, found.get(f"nsi:{name}", ("", ""))[1])
    return found


def read(found: dict[str, tuple[str, str]]) -> Hsuid | list[tuple[str, str]]:
    made = read_hsuid(hsuid_header(found, NOW))
    return made if isinstance(made, Hsuid) else [(one.code, one.about) for one in made]


def with_header(sent: etree._Element, found: dict[str, tuple[str, str]]) -> etree._Element:
    old = hsuid_of(sent)
    old.getparent().replace(old, hsuid_header(found, NOW))
    return sent


def test_every_attribute_is_read() -> None:
    found = read(rows(ConsentOverride="true"))
    assert found == Hsuid(
        professional=True,
        acting=DOCTOR.number,
        patient=NANCY,
        organisation=OrganisationRef(SOR, CLINIC.value),
        responsible=DOCTOR.number,
        authorisation="ZZ999",
        override=True,
        owner="Demo",
        system="Demosystem",
        version="1.0",
        operator="Demo",
    )


def test_a_citizen_needs_none_of_the_professional_s_attributes() -> None:
    found = dict(hsuid_rows(CITIZEN, NANCY, None))
    del found["nsi:CitizenCivilRegistrationNumber"]
    made = read({**found, "nsi:CitizenUserRelation": ("egen", "")})
    assert isinstance(made, Hsuid)
    assert (made.professional, made.patient, made.relation) == (False, NANCY, "egen")


def test_every_fault_is_told_at_once() -> None:
    found = rows(
        UserType="nsi:Robot",
        ActingUserCivilRegistrationNumber="123",
        SystemName=None,
        SystemVersion=None,
        ConsentOverride="TRUE",
        ResponsibleUserAuthorizationCode="toolongforacode",
    )
    found["nsi:OrgUsingID"] = (CLINIC.value, "")
    told = read(found)
    assert isinstance(told, list)
    assert set(told) == {
        ("identity.hsuid-value", "nsi:UserType"),
        ("identity.hsuid-value", "nsi:ActingUserCivilRegistrationNumber"),
        ("identity.hsuid-value", "nsi:ConsentOverride"),
        ("identity.hsuid-value", "nsi:ResponsibleUserAuthorizationCode"),
        ("identity.hsuid-format", "nsi:OrgUsingID"),
        ("identity.hsuid-missing", "nsi:SystemName"),
        ("identity.hsuid-missing", "nsi:SystemVersion"),
    }


def test_an_empty_header_lacks_everything_that_is_always_needed() -> None:
    told = read({})
    assert isinstance(told, list)
    assert {about for _, about in told} >= {name for name, row in ROWS.items() if row.needed == "always"}


@pytest.mark.parametrize("name", sorted(set(ROWS) - {"nsi:CitizenUserRelation", "nsi:ConsentOverride"}))
def test_what_a_professional_s_call_needs(name) -> None:
    found = rows()
    del found[name]
    assert read(found) == [("identity.hsuid-missing", name)]


def test_no_override_is_asked_for_where_nothing_is_said() -> None:
    made = read(rows(ConsentOverride=None))
    assert isinstance(made, Hsuid)
    assert made.override is False


def test_the_formats_of_public_examples_are_tolerated() -> None:
    """NameFormat empty on every attribute, an issuer with blanks, a time of another form."""
    header = hsuid_header(rows(), NOW)
    header[0].set("IssueInstant", "24-06-2026 08:45:31")
    header[0][0].text = "Et system med blanke"
    for attribute in header.iter(f"{{{HSUID}}}Attribute"):
        if "NameFormat" not in attribute.attrib:
            attribute.set("NameFormat", "")
    assert isinstance(read_hsuid(header), Hsuid)


@pytest.mark.parametrize(("form", "system"), [("nsi:sor", SOR), ("nsi:ynumber", YDERNUMMER)])
def test_the_organisation_is_of_the_system_its_format_names(form, system) -> None:
    found = rows()
    found["nsi:OrgUsingID"] = ("123456", form)
    made = read(found)
    assert isinstance(made, Hsuid)
    assert made.organisation == OrganisationRef(system, "123456")


def test_an_attribute_twice_is_a_fault() -> None:
    header = hsuid_header(rows(), NOW)
    first = next(header.iter(f"{{{HSUID}}}Attribute"))
    first.addnext(etree.fromstring(etree.tostring(first)))
    made = read_hsuid(header)
    assert isinstance(made, tuple)
    assert [(one.code, one.about) for one in made] == [("identity.hsuid-twice", "nsi:UserType")]


def test_an_attribute_nobody_knows_is_passed_over_and_never_repeated() -> None:
    header = hsuid_header({**rows(), NANCY: (NANCY, "")}, NOW)
    assert isinstance(read_hsuid(header), Hsuid)
    header[0][1].append(etree.fromstring(etree.tostring(header[0][1][-1])))
    made = read_hsuid(header)
    assert isinstance(made, tuple)
    assert NANCY not in str(made)


def test_a_value_in_two_pieces_is_no_value() -> None:
    header = hsuid_header(rows(), NOW)
    value = header[0][1][1][0]
    value.text = DOCTOR.number[:4]
    etree.SubElement(value, "b").tail = DOCTOR.number[4:]
    made = read_hsuid(header)
    assert isinstance(made, tuple)
    assert [one.code for one in made] == ["identity.hsuid-value"]


@pytest.mark.parametrize("break_it", ["assertion", "statement", "version"])
def test_a_header_of_another_shape_is_refused(break_it) -> None:
    header = hsuid_header(rows(), NOW)
    if break_it == "assertion":
        header.remove(header[0])
    elif break_it == "statement":
        header[0].remove(header[0][1])
    else:
        header[0].set("Version", "1.0")
    made = read_hsuid(header)
    assert isinstance(made, tuple)
    assert [one.code for one in made] == ["identity.hsuid-malformed"]


def test_a_call_without_the_header_is_refused_where_it_is_demanded() -> None:
    sent = bearer()
    sent[0].remove(hsuid_of(sent))
    assert refused(sent) == "identity.hsuid-none"
    assert not isinstance(answer(sent, demands=ANY), Unidentified)


@pytest.mark.parametrize("kind", [bearer, card], ids=["saml", "card"])
def test_the_user_of_the_header_is_the_user_of_the_token(kind) -> None:
    sent = with_header(kind(), rows(ActingUserCivilRegistrationNumber="7001011234"))
    assert refused(sent) == "identity.hsuid-other-person"


def test_a_citizen_s_token_makes_no_professional() -> None:
    sent = with_header(bearer(CITIZEN), rows(ActingUserCivilRegistrationNumber=NANCY))
    assert refused(sent) == "identity.hsuid-other-kind"


def test_a_professional_s_token_is_not_used_as_a_citizen() -> None:
    citizen = dict(hsuid_rows(CITIZEN, NANCY, None))
    citizen["nsi:ActingUserCivilRegistrationNumber"] = (DOCTOR.number, "")
    assert refused(with_header(bearer(), citizen)) == "identity.hsuid-other-kind"


def test_a_system_vouches_for_no_citizen() -> None:
    assert (
        refused(with_header(card(None), dict(hsuid_rows(CITIZEN, NANCY, None)))) == "identity.hsuid-citizen-by-system"
    )


def test_a_token_bound_to_a_patient_opens_no_other() -> None:
    assert refused(with_header(bearer(patient=NANCY), rows(CitizenCivilRegistrationNumber=SPOUSE))) == (
        "identity.hsuid-other-patient"
    )
    assert not isinstance(answer(bearer(patient=NANCY)), Unidentified)


def test_another_s_authorisation_is_not_borrowed() -> None:
    assert refused(with_header(bearer(), rows(ResponsibleUserAuthorizationCode="ZZ111"))) == (
        "identity.hsuid-other-authorisation"
    )


def test_a_token_without_authorisation_gets_none_from_the_header() -> None:
    token = assertion(DOCTOR, wanted())
    for one in list(token.iter(saml("Attribute"))):
        if one.get("Name", "").endswith("UserAuthorizationCode"):
            one.getparent().remove(one)
    found = answer(message(signed(token, "ID", issuer().service), call()))
    assert not isinstance(found, Unidentified)
    assert found.actor.authorisation == ""


def test_a_principal_of_the_token_is_the_one_of_the_header() -> None:
    token = assertion(DOCTOR, wanted())
    attribute = add(token.find(saml("AttributeStatement")), saml("Attribute"))
    attribute.set("Name", "dk:healthcare:saml:attribute:OnBehalfOf")
    code = "urn:dk:healthcare:saml:actThroughDelegationByAuthorizedHealthcareProfessional:userAuthorization"
    add(attribute, saml("AttributeValue"), f"{code}:AuthorizationCode:ZZ998:EducationCode:7170")
    sent = message(signed(token, "ID", issuer().service), call())
    assert refused(sent) == "identity.hsuid-other-authorisation"


def test_a_company_acts_for_its_own_organisations_only() -> None:
    other = {CVR: (OrganisationRef(SOR, "990014000016000"),)}
    own = {CVR: (OrganisationRef(SOR, "990014000016000"), CLINIC)}
    assert refused(card(None), believed=trust(organisations=other)) == "identity.hsuid-organisation"
    found = answer(card(None), believed=trust(organisations=own))
    assert not isinstance(found, Unidentified)
    assert found.actor.organisation == CLINIC


def test_a_citizen_overrides_nothing() -> None:
    found = dict(hsuid_rows(CITIZEN, NANCY, None))
    found["nsi:ConsentOverride"] = ("true", "")
    assert refused(with_header(bearer(CITIZEN), found)) == "identity.hsuid-override"


def test_disagreements_are_told_together_too() -> None:
    sent = with_header(
        bearer(patient=NANCY),
        rows(ActingUserCivilRegistrationNumber="7001011234", CitizenCivilRegistrationNumber=SPOUSE),
    )
    found = answer(sent)
    assert isinstance(found, Unidentified)
    assert [one.code for one in found.findings] == ["identity.hsuid-other-person", "identity.hsuid-other-patient"]
    assert all(one.code in CATALOGUE for one in found.findings)


def test_a_header_nobody_signed_moves_nobody_to_another_organisation_than_the_token_names() -> None:
    elsewhere = OrganisationRef(SOR, "990014000016000")
    sent = message(signed(assertion(DOCTOR, wanted()), "ID", issuer().service), call(organisation=elsewhere))
    assert refused(sent) == "identity.hsuid-organisation"
    both = {CVR: (elsewhere, CLINIC)}
    found = answer(message(signed(assertion(DOCTOR, wanted()), "ID", issuer().service), call(organisation=elsewhere)),
                   believed=trust(organisations=both))  # fmt: skip
    assert not isinstance(found, Unidentified)
    assert found.actor.organisation == elsewhere


def test_where_the_token_names_the_company_alone_the_header_may_say_which_of_its_places() -> None:
    elsewhere = OrganisationRef(SOR, "990014000016000")
    token = signed(id_card(DOCTOR, NOW - 60_000, NOW + HOUR), "id", issuer().service, before=None)
    sent = message(token, call(organisation=elsewhere), "4")
    found = answer(sent, believed=trust(unclaimed=True))
    assert not isinstance(found, Unidentified)
    assert found.actor.organisation == elsewhere


def test_a_company_that_nothing_is_configured_for_speaks_for_no_place_unless_it_is_allowed_to() -> None:
    looks_like_itself = OrganisationRef(SOR, CVR)
    for organisation in (CLINIC, looks_like_itself):
        token = signed(id_card(DOCTOR, NOW - 60_000, NOW + HOUR), "id", issuer().service, before=None)
        sent = message(token, call(organisation=organisation), "4")
        assert refused(sent, believed=trust(unclaimed=False)) == "identity.hsuid-organisation"
        assert not isinstance(answer(sent, believed=trust(unclaimed=True)), Unidentified)


def test_an_organisation_that_a_company_is_configured_for_is_named_by_no_other_company() -> None:
    """What an organisation may do (removing for good, for one) must not be had by writing its number in a header."""
    rows = {"11111111": (CLINIC,)}
    assert refused(card(None), believed=trust(organisations=rows)) == "identity.hsuid-organisation"
    assert refused(card(), believed=trust(organisations=rows)) == "identity.hsuid-organisation"
    vouched = answer(bearer(), believed=trust(organisations=rows))
    assert not isinstance(vouched, Unidentified), "the token itself names it"
