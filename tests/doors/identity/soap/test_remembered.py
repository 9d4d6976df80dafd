"""Tokens verified before: remembered while they hold, by every character of them."""

import msgspec
import pytest

from patientoverblik.edges.identity import Identified, Unidentified
from patientoverblik.edges.identity.soap import remembered as room
from patientoverblik.edges.identity.soap.issued import stamp
from patientoverblik.edges.identity.soap.names import ds, saml
from tests.doors.identity.soap.calls import (
    HOUR,
    NOW,
    Once,
    answer,
    bearer,
    card,
    changed,
    holder_of_key,
    issuer,
    refused,
    trust,
)
from tests.doors.identity.soap.wrapping import hsuid_of, token

KINDS = pytest.mark.parametrize("make", [bearer, card, holder_of_key])


@KINDS
def test_a_remembered_token_says_the_same(make) -> None:
    sent, known = make(), {}
    first = answer(sent, known=known)
    assert isinstance(first, Identified)
    assert len(known) == 1
    assert answer(sent, known=known) == first
    assert len(known) == 1


@KINDS
def test_it_is_not_verified_again(make, monkeypatch) -> None:
    sent, known = make(), {}
    answer(sent, known=known)
    monkeypatch.setattr(room, "read_token", lambda *_: Unidentified("identity.soap-bad-signature"))
    assert isinstance(answer(sent, known=known), Identified)
    assert refused(make(), known=known) == "identity.soap-bad-signature"


@KINDS
def test_a_refused_token_is_not_remembered(make) -> None:
    sent, known = make(), {}
    next(token(sent).iter(ds("DigestValue"))).text = "AAAA"
    assert refused(sent, known=known) == "identity.soap-bad-signature"
    assert known == {}


@KINDS
def test_one_changed_character_is_another_token(make) -> None:
    sent, known = make(), {}
    answer(sent, known=known)
    next(token(sent).iter(saml("NameID"))).text += "0"
    assert refused(sent, known=known) == "identity.soap-bad-signature"


def test_it_is_forgotten_when_it_ends() -> None:
    sent, known = bearer(), {}
    answer(sent, known=known)
    assert refused(sent, known=known, at=NOW + HOUR + trust().leeway) == "identity.soap-expired"


def test_it_is_forgotten_when_its_confirmation_ends() -> None:
    def soon(made) -> None:
        next(made.iter(saml("SubjectConfirmationData"))).set("NotOnOrAfter", stamp(NOW + 60_000))

    sent, known = changed(soon), {}
    assert isinstance(answer(sent, known=known), Identified)
    assert refused(sent, known=known, at=NOW + 60_000 + trust().leeway) == "identity.soap-confirmation"


def test_it_is_verified_anew_when_a_certificate_ends() -> None:
    sent, known = bearer(), {}
    row = issuer().trust().issuers[0]
    key = msgspec.structs.replace(row.keys[0], valid_until=NOW + 1000)
    believed = trust(issuers=(msgspec.structs.replace(row, keys=(key,)),))
    assert isinstance(answer(sent, known=known, believed=believed), Identified)
    assert refused(sent, known=known, believed=believed, at=NOW + 1000) == "identity.soap-certificate-period"


def test_the_lists_the_header_the_holder_and_the_one_use_are_judged_each_time() -> None:
    known: dict = {}
    sent = bearer()
    answer(sent, known=known)
    assert refused(sent, known=known, believed=trust(callers=frozenset())) == "identity.soap-cvr-not-listed"
    sent[0].remove(hsuid_of(sent))
    assert refused(sent, known=known) == "identity.hsuid-none"
    proven, once = holder_of_key(), Once()
    answer(proven, known=known, once=once)
    assert refused(proven, known=known, once=once) == "identity.soap-replay"
    signature = token(proven).getparent().find(ds("Signature"))
    signature.getparent().remove(signature)
    assert refused(proven, known=known) == "identity.soap-holder"


def test_what_is_remembered_is_bounded(monkeypatch) -> None:
    monkeypatch.setattr(room, "MOST_KNOWN", 2)
    known: dict = {}
    for _ in range(5):
        answer(bearer(), known=known)
        assert 0 < len(known) <= 2


def test_a_pinned_certificate_that_has_run_out_makes_nobody_forget_the_others_tokens() -> None:
    old = msgspec.structs.replace(issuer().service.public, valid_until=NOW - 1)
    held = trust().issuers[0]
    both = trust(issuers=(msgspec.structs.replace(held, keys=(*held.keys, old)),))
    sent, known = bearer(), {}
    answer(sent, believed=both, known=known)
    ((_, end),) = known.values()
    assert end > NOW
