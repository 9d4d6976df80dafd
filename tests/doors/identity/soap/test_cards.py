"""The id card and the MedCom header of DGWS 1.0.1."""

import pytest
from lxml import etree

from patientoverblik.edges.identity import Unidentified
from patientoverblik.edges.identity.soap import answer_header, read_header
from patientoverblik.edges.identity.soap.issued import id_card, signed
from patientoverblik.edges.identity.soap.messages import medcom_header, message
from patientoverblik.edges.identity.soap.names import medcom, saml
from tests.doors.identity.soap.calls import (
    ANY,
    DOCTOR,
    HOUR,
    NOW,
    answer,
    call,
    card,
    envelope_from,
    issuer,
    refused,
    trust,
)


def attribute(token: etree._Element, name: str) -> etree._Element:
    return next(one for one in token.iter(saml("Attribute")) if one.get("Name") == name)


def changed(change, subject=DOCTOR, level: str = "4") -> etree._Element:
    """A message whose card was changed before it was signed."""
    token = id_card(subject, NOW, NOW + HOUR)
    change(token)
    signer = issuer().service if subject else issuer().system
    return message(signed(token, "id", signer, before=None), call(), level)


def value(name: str, text: str):
    def change(token) -> None:
        attribute(token, name)[0].text = text

    return change


@pytest.mark.parametrize("version", ["1.0", "1.0.2", "", "1.1"])
def test_a_card_of_another_version_is_refused(version) -> None:
    expected = "identity.dgws-version" if version else "identity.soap-malformed"
    assert refused(changed(value("sosi:IDCardVersion", version))) == expected


@pytest.mark.parametrize(
    ("subject", "level"),
    [(DOCTOR, "1"), (DOCTOR, "2"), (DOCTOR, "3"), (None, "1"), (None, "2"), (None, "4"), (DOCTOR, "5")],
)
def test_a_card_of_another_level_is_refused(subject, level) -> None:
    sent = changed(value("sosi:AuthenticationLevel", level), subject, "3")
    assert refused(sent) == "identity.dgws-level"


def test_level_3_is_for_listed_companies_only() -> None:
    assert refused(card(None), believed=trust(level_3=frozenset())) == "identity.soap-cvr-not-listed"
    assert not isinstance(answer(card(), believed=trust(level_3=frozenset())), Unidentified)


def test_a_system_known_by_another_number_than_cvr_is_listed_nowhere() -> None:
    sent = changed(
        lambda token: attribute(token, "medcom:CareProviderID").set("NameFormat", "medcom:ynumber"), None, "3"
    )
    assert refused(sent) in ("identity.soap-bad-signature", "identity.soap-cvr-not-listed")


@pytest.mark.parametrize(
    "name",
    [
        "sosi:IDCardID",
        "sosi:IDCardVersion",
        "sosi:IDCardType",
        "sosi:AuthenticationLevel",
        "medcom:UserCivilRegistrationNumber",
        "medcom:UserGivenName",
        "medcom:UserSurName",
        "medcom:ITSystemName",
        "medcom:CareProviderID",
        "medcom:CareProviderName",
    ],
)
def test_a_card_that_lacks_what_the_standard_demands_is_refused(name) -> None:
    def without(token) -> None:
        found = attribute(token, name)
        found.getparent().remove(found)

    assert refused(changed(without)) == "identity.soap-malformed"


def test_a_user_s_name_in_another_statement_is_refused() -> None:
    def move(token) -> None:
        found = attribute(token, "medcom:UserCivilRegistrationNumber")
        token.findall(saml("AttributeStatement"))[-1].append(found)

    assert refused(changed(move)) == "identity.soap-malformed"


def test_an_attribute_twice_is_refused() -> None:
    def double(token) -> None:
        found = attribute(token, "medcom:UserCivilRegistrationNumber")
        found.addnext(etree.fromstring(etree.tostring(found)))

    assert refused(changed(double)) == "identity.soap-malformed"


def test_a_system_s_card_holds_no_user() -> None:
    def pretend(token) -> None:
        other = id_card(DOCTOR, NOW, NOW + HOUR)
        token.insert(4, other.findall(saml("AttributeStatement"))[1])

    assert refused(changed(pretend, None, "3")) == "identity.soap-malformed"


def test_a_card_that_is_an_assertion_as_well_is_refused() -> None:
    assert refused(changed(lambda token: token.set("ID", "_other"))) == "identity.soap-malformed"


def header_of(change) -> etree._Element:
    sent = card()
    old = sent[0].find(medcom("Header"))
    change(old)
    return sent


def set_text(name: str, text: str):
    def change(header) -> None:
        next(header.iter(medcom(name))).text = text

    return change


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("SecurityLevel", "6"),
        ("TimeOut", "7"),
        ("FlowStatus", "flow"),
        ("Priority", "STRAKS"),
        ("RequireNonRepudiationReceipt", "maybe"),
        ("MessageID", ""),
        ("MessageID", "a b"),
        ("FlowID", "x" * 101),
    ],
)
def test_a_header_with_another_value_is_refused(name, text) -> None:
    assert refused(header_of(set_text(name, text))) == "identity.dgws-header"


def test_a_card_without_the_medcom_header_is_refused() -> None:
    assert refused(header_of(lambda header: header.getparent().remove(header))) == "identity.dgws-no-header"


def test_the_medcom_header_stands_once() -> None:
    sent = header_of(lambda header: header.addnext(medcom_header("4")))
    assert refused(sent) == "identity.soap-header-twice"


def test_the_header_claims_no_more_than_the_card() -> None:
    assert refused(header_of(set_text("SecurityLevel", "5"))) == "identity.dgws-level"
    assert not isinstance(answer(header_of(set_text("SecurityLevel", "3"))), Unidentified)


def test_a_receipt_is_not_promised() -> None:
    assert refused(header_of(set_text("RequireNonRepudiationReceipt", "yes"))) == "identity.dgws-receipt"


def test_what_the_header_may_leave_out() -> None:
    def little(header) -> None:
        for child in list(header):
            if child.tag != medcom("Linking"):
                header.remove(child)

    assert not isinstance(answer(header_of(little), demands=ANY), Unidentified)


def test_the_answer_is_linked_to_the_call() -> None:
    sent = card()
    envelope = envelope_from(etree.tostring(sent))
    assert not isinstance(envelope, Unidentified)
    asked = read_header(envelope.medcom)
    assert not isinstance(asked, Unidentified)
    assert (asked.level, asked.timeout, asked.priority, asked.status) == ("4", "1440", "RUTINE", "flow_running")
    made = etree.fromstring(answer_header(asked, "answer-1", 4))
    told = read_header(made)
    assert not isinstance(told, Unidentified)
    assert (told.flow, told.answers, told.message) == (asked.flow, asked.message, "answer-1")
    assert told.status == "flow_finalized_succesfully"


@pytest.mark.parametrize("number", ["123", "9999999999", "2512489996x", "Testa"])
def test_a_card_whose_user_has_no_number_is_refused(number) -> None:
    assert refused(changed(value("medcom:UserCivilRegistrationNumber", number))) == "identity.soap-malformed"


def test_a_header_that_says_a_thing_twice_or_more_than_the_schema_is_refused() -> None:
    def twice(header) -> None:
        header[0].addnext(etree.fromstring(etree.tostring(header[0])))

    assert refused(header_of(twice)) == "identity.dgws-header"
    assert refused(header_of(lambda header: etree.SubElement(header, medcom("Other")))) == "identity.dgws-header"


def test_a_statement_twice_or_of_another_name_is_refused() -> None:
    def twice(token) -> None:
        last = token.findall(saml("AttributeStatement"))[-1]
        last.addnext(etree.fromstring(etree.tostring(last)))

    assert refused(changed(lambda token: token.findall(saml("AttributeStatement"))[-1].set("id", "Log"))) == (
        "identity.soap-malformed"
    )
    assert refused(changed(twice)) in ("identity.soap-duplicate-id", "identity.soap-malformed")
