"""When, for whom and from whom a token counts (SAML 2.0 core 2.5.1, IHE ITI TF-2 3.40.4.1.2)."""

import msgspec
import pytest
from lxml import etree

from patientoverblik.edges.identity import Unidentified
from patientoverblik.edges.identity.soap.issued import add, stamp
from patientoverblik.edges.identity.soap.names import saml
from patientoverblik.edges.identity.soap.trust import Issuer
from tests.doors.identity.soap.calls import (
    ANY,
    CITIZEN,
    HOUR,
    NOW,
    Once,
    answer,
    bearer,
    card,
    changed,
    holder_of_key,
    refused,
    trust,
)

MINUTE = 60_000
FORMS = pytest.mark.parametrize("sent", [bearer, card, holder_of_key], ids=["bearer", "card", "holder-of-key"])


@FORMS
def test_an_expired_token_is_refused(sent) -> None:
    assert refused(sent(start=NOW - 2 * HOUR, end=NOW - 2 * MINUTE)) == "identity.soap-expired"


@FORMS
def test_a_token_that_has_not_begun_is_refused(sent) -> None:
    assert refused(sent(start=NOW + 2 * MINUTE, end=NOW + HOUR)) == "identity.soap-not-yet"


@FORMS
def test_clocks_may_differ_by_the_leeway_and_no_more(sent) -> None:
    made = sent(start=NOW, end=NOW + HOUR)
    if sent is not holder_of_key:  # whose message is too old by then
        assert not isinstance(answer(made, at=NOW + HOUR + MINUTE - 1), Unidentified)
    assert refused(made, at=NOW + HOUR + MINUTE) == "identity.soap-expired"
    assert not isinstance(answer(made, at=NOW - MINUTE), Unidentified)
    assert refused(made, at=NOW - MINUTE - 1000) == "identity.soap-not-yet"


def test_a_token_that_lasts_too_long_is_refused() -> None:
    assert refused(bearer(start=NOW, end=NOW + 8 * HOUR + 1000)) == "identity.soap-too-long"
    assert not isinstance(answer(bearer(start=NOW, end=NOW + 8 * HOUR)), Unidentified)


def test_a_card_lasts_a_day_at_most() -> None:
    assert refused(card(start=NOW, end=NOW + 24 * HOUR + 1000)) == "identity.soap-too-long"
    assert not isinstance(answer(card(start=NOW, end=NOW + 24 * HOUR)), Unidentified)


@pytest.mark.parametrize("name", ["NotBefore", "NotOnOrAfter"])
@pytest.mark.parametrize(
    "value", ["", "2026-11-18T00:00:00", "i morgen", "2026-13-18T00:00:00Z", "1970-01-01T00:00:00Z"]
)
def test_a_time_that_is_missing_zoneless_or_none_is_refused(name, value) -> None:
    sent = changed(lambda token: token.find(saml("Conditions")).set(name, value))
    assert refused(sent) in ("identity.soap-time", "identity.soap-too-long")


def test_the_token_s_own_time_must_have_come() -> None:
    assert refused(changed(lambda token: token.set("IssueInstant", stamp(NOW + HOUR)))) == "identity.soap-not-yet"


def test_a_token_ends_with_the_session_at_its_issuer() -> None:
    def end(at: int):
        return lambda token: add(token, saml("AuthnStatement"), SessionNotOnOrAfter=stamp(at))

    assert refused(changed(end(NOW))) == "identity.soap-expired"
    found = answer(changed(end(NOW + MINUTE)))
    assert not isinstance(found, Unidentified)
    assert found.until == NOW + MINUTE


def test_another_s_token_is_refused() -> None:
    assert refused(bearer(audience="urn:somebody:else")) == "identity.soap-audience"


def test_every_restriction_must_name_us() -> None:
    def also(audience: str):
        return lambda token: add(
            add(token.find(saml("Conditions")), saml("AudienceRestriction")), saml("Audience"), audience
        )

    assert refused(changed(also("urn:somebody:else"))) == "identity.soap-audience"


def test_a_token_for_everybody_is_refused() -> None:
    def without(token) -> None:
        conditions = token.find(saml("Conditions"))
        conditions.remove(conditions[0])

    assert refused(changed(without)) == "identity.soap-audience"


def test_a_condition_nobody_knows_is_refused() -> None:
    assert refused(changed(lambda token: add(token.find(saml("Conditions")), saml("Condition")))) == (
        "identity.soap-malformed"
    )


def test_an_unknown_issuer_is_refused() -> None:
    assert refused(bearer(issuer="urn:somebody:else")) == "identity.soap-issuer-not-trusted"


def test_an_issuer_is_trusted_with_its_kinds_of_token_only() -> None:
    rows = trust().issuers[0]
    cards = trust(issuers=(msgspec.structs.replace(rows, kinds=frozenset({"dgws"})),))
    tokens = trust(issuers=(msgspec.structs.replace(rows, kinds=frozenset({"saml"})),))
    assert refused(bearer(), believed=cards) == "identity.soap-issuer-not-trusted"
    assert refused(card(), believed=tokens) == "identity.soap-issuer-not-trusted"
    assert not isinstance(answer(bearer(), believed=tokens), Unidentified)


def test_a_company_that_is_not_listed_is_refused() -> None:
    for sent in (bearer(), card(), card(None), holder_of_key()):
        assert refused(sent, believed=trust(callers=frozenset({"12345678"}))) == "identity.soap-cvr-not-listed"
    assert not isinstance(answer(bearer(CITIZEN), believed=trust(callers=frozenset())), Unidentified)
    assert not isinstance(answer(bearer(), believed=trust(callers=None)), Unidentified)


def test_a_low_level_of_assurance_is_refused() -> None:
    def level(value: str):
        def change(token) -> None:
            for one in token.iter(saml("Attribute")):
                if one.get("Name", "").endswith("AssuranceLevel"):
                    one[0].text = value

        return change

    for value in ("2", "1", "Low", "https://data.gov.dk/concept/core/nsis/loa/Low", "9", "x"):
        assert refused(changed(level(value))) == "identity.soap-assurance"
    for value in ("3", "4", "Substantial", "https://data.gov.dk/concept/core/nsis/loa/High"):
        assert not isinstance(answer(changed(level(value))), Unidentified)


def test_a_token_for_one_use_is_used_once() -> None:
    sent, once = bearer(once=True), Once()
    assert not isinstance(answer(sent, once=once), Unidentified)
    assert refused(sent, once=once) == "identity.soap-replay"


def test_a_bearer_token_is_used_again_until_it_ends() -> None:
    sent, once = bearer(), Once()
    assert not isinstance(answer(sent, once=once), Unidentified)
    assert not isinstance(answer(sent, once=once), Unidentified)
    assert once.names == set()


@pytest.mark.parametrize(
    "change", ["no-method", "sender-vouches", "no-confirmation", "late", "early", "no-time", "other-recipient"]
)
def test_a_confirmation_that_cannot_be_tested_is_refused(change) -> None:
    def confirm(token) -> None:
        confirmed = next(token.iter(saml("SubjectConfirmation")))
        if change == "no-method":
            del confirmed.attrib["Method"]
        elif change == "sender-vouches":
            confirmed.set("Method", "urn:oasis:names:tc:SAML:2.0:cm:sender-vouches")
        elif change == "no-confirmation":
            confirmed.getparent().remove(confirmed)
        elif change == "late":
            confirmed[0].set("NotOnOrAfter", stamp(NOW - 2 * MINUTE))
        elif change == "early":
            confirmed[0].set("NotBefore", stamp(NOW + 2 * MINUTE))
        elif change == "no-time":
            confirmed[0].set("NotBefore", "i morgen")
        else:
            confirmed[0].set("Recipient", "urn:somebody:else")

    assert refused(changed(confirm)) == "identity.soap-confirmation"


def test_a_purpose_that_is_not_served_is_refused() -> None:
    for purpose in ("HPAYMT", "HMARKT", "PATRQT"):
        assert refused(bearer(purpose=purpose)) == "identity.soap-purpose"
    assert refused(bearer(CITIZEN, purpose="TREATMENT")) == "identity.soap-purpose"
    assert not isinstance(answer(bearer(CITIZEN, purpose="PATRQT")), Unidentified)


def test_a_token_that_names_nobody_is_refused() -> None:
    def nobody(token) -> None:
        statement = token.find(saml("AttributeStatement"))
        statement[:] = []

    assert refused(changed(nobody), demands=ANY) == "identity.soap-no-person"


def test_a_fact_stated_in_two_ways_is_refused() -> None:
    def twice(token) -> None:
        statement = token.find(saml("AttributeStatement"))
        name = "https://data.gov.dk/model/core/eid/cprNumber"
        add(add(statement, saml("Attribute"), Name=name), saml("AttributeValue"), "7001011234")

    assert refused(changed(twice)) == "identity.soap-malformed"


def test_a_token_of_another_version_is_refused() -> None:
    assert refused(changed(lambda token: token.set("Version", "1.1"))) == "identity.soap-malformed"


def test_a_statement_nobody_knows_is_refused() -> None:
    assert refused(changed(lambda token: add(token, saml("Statement")))) == "identity.soap-malformed"


def test_a_token_with_two_issuers_is_refused() -> None:
    assert refused(changed(lambda token: token.insert(1, etree.fromstring(etree.tostring(token[0]))))) == (
        "identity.soap-malformed"
    )


def test_nobody_is_trusted_where_nobody_is_configured() -> None:
    for sent in (bearer(), card(), card(None), holder_of_key()):
        assert refused(sent, believed=trust(issuers=(), systems=())) == "identity.soap-issuer-not-trusted"
    empty = Issuer("urn:patientoverblik:test-issuer", frozenset({"saml", "dgws"}), ())
    assert refused(bearer(), believed=trust(issuers=(empty,))) == "identity.soap-issuer-not-trusted"


def test_a_key_that_cannot_be_read_is_not_replaced_by_bearing() -> None:
    def both(token) -> None:
        confirmed = next(token.iter(saml("SubjectConfirmation")))
        add(confirmed.getparent(), saml("SubjectConfirmation"), Method="urn:oasis:names:tc:SAML:2.0:cm:holder-of-key")

    assert refused(changed(both)) == "identity.soap-confirmation"


@pytest.mark.parametrize("name", ["CprNumberIdentifier", "resource-id"])
def test_a_number_that_cannot_be_read_is_never_taken_for_none(name) -> None:
    """A token bound to a patient nobody can read is not a token bound to nobody."""

    def spoil(token) -> None:
        for one in token.iter(saml("Attribute")):
            if one.get("Name", "").endswith(name):
                one[0].text = "1^^^&1.2.3&ISO"

    assert refused(changed(spoil, patient="2512489996")) == "identity.soap-malformed"


@pytest.mark.parametrize("form", ["two", "mixed", "nested", "foreign"])
def test_a_value_of_another_shape_is_refused(form) -> None:
    """A value is a text or one HL7 element: of two, another reader might take the other."""

    def spoil(token) -> None:
        value = next(
            one[0] for one in token.iter(saml("Attribute")) if one.get("Name", "").endswith("provider-identifier")
        )
        if form == "two":
            value.append(etree.fromstring(etree.tostring(value[0])))
        elif form == "mixed":
            value.text = "990014000016000"
        elif form == "nested":
            value[0].append(etree.fromstring(etree.tostring(value[0])))
        else:
            value[0].tag = "{urn:x}id"

    assert refused(changed(spoil)) == "identity.soap-malformed"
