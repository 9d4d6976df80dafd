"""``token``: a ready SOAP header for a persona, from the demo's own issuer; nothing of it outside the demo."""

import asyncio
import json
import stat
from base64 import urlsafe_b64decode
from pathlib import Path

import pytest
from lxml import etree

from patientoverblik.app.issuing import MAKERS, demo_issuer
from patientoverblik.app.settings import Settings
from patientoverblik.app.wiring import now
from patientoverblik.demo.people import PERSONAS
from patientoverblik.edges.cli.ports import WantedToken
from patientoverblik.edges.cli.token import KINDS
from patientoverblik.edges.identity import Identified
from patientoverblik.edges.identity.soap import Demands, envelope_of, identify
from tests.doors.cli.program import call


def believed(header: str, database: Path) -> Identified:
    """Who the header of a call stands for, at the installation that made it."""
    envelope = etree.fromstring("<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope'><s:Body/></s:Envelope>")
    envelope.insert(0, etree.fromstring(header))
    read = envelope_of(envelope, len(header))
    trust = demo_issuer(Settings(f"sqlite:///{database}", demo=True)).trust()
    found = asyncio.run(identify(read, now(), trust, _first, Demands()))
    assert isinstance(found, Identified), found
    return found


async def _first(name: str, until: int, at: int) -> bool:
    return True


@pytest.mark.parametrize("kind", ["dgws", "saml"])
def test_a_professional_gets_a_token_that_is_believed(kind, tmp_path):
    database = tmp_path / "demo.sqlite3"
    made = call("token", "--as", "egen-laege", "--kind", kind, database=database)
    assert (made.code, made.err) == (0, "")
    found = believed(made.out, database)
    assert (found.actor.kind, found.actor.name, found.purpose) == ("professional", "Testlæge Praksis", "treatment")
    assert found.actor.organisation is not None
    assert found.actor.organisation.value == "990001000016001"


def test_every_persona_has_a_token_and_keeps_its_identity(tmp_path):
    settings = Settings(f"sqlite:///{tmp_path / 'demo.sqlite3'}", demo=True)
    issuer = demo_issuer(settings)
    for persona in PERSONAS:
        found = believed(MAKERS["saml"](issuer, persona, WantedToken("saml", persona.id)), tmp_path / "demo.sqlite3")
        assert found.actor.kind == persona.kind
        assert not persona.number or found.own.value == persona.number


def test_it_is_written_to_a_file_that_only_its_owner_reads(tmp_path):
    target = tmp_path / "header.xml"
    made = call("token", "--as", "nancy", "--out", target, database=tmp_path / "demo.sqlite3")
    assert (made.code, made.out) == (0, "")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert believed(target.read_text(encoding="utf-8"), tmp_path / "demo.sqlite3").purpose == "own-overview"


def test_a_file_that_others_could_read_is_theirs_no_longer(tmp_path):
    target = tmp_path / "token.txt"
    target.write_text("an earlier token that is longer than nothing" * 200)
    target.chmod(0o666)
    assert call("token", "--as", "nancy", "--out", target, database=tmp_path / "demo.sqlite3").code == 0
    assert target.stat().st_mode & 0o777 == 0o600
    assert "earlier" not in target.read_text()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--as", "nobody"), "identity.no-such-persona"),
        (("--for", "iti40"), "identity.no-such-transaction"),
        (("--as", "nancy", "--kind", "dgws"), "identity.card-for-citizen"),
        (("--as", "nancy", "--out", "/nowhere/at/all"), "cli.file-not-written"),
    ],
)
def test_what_cannot_be_made_is_one_line_with_a_code(words, code, tmp_path):
    made = call("token", *words, database=tmp_path / "demo.sqlite3")
    assert (made.code, made.err.split(":")[0]) == (2, code)


def test_there_is_no_issuer_outside_the_demo(tmp_path):
    made = call("token", "--as", "nancy", database=tmp_path / "own.sqlite3", PATIENTOVERBLIK_DEMO="false")
    assert (made.code, made.err.split(":")[0]) == (2, "identity.issuer-outside-demo")
    assert list(tmp_path.iterdir()) == []


def test_every_kind_that_is_offered_can_be_made():
    assert set(MAKERS) == set(KINDS)


@pytest.mark.parametrize("said", ["iti41", "ITI-41"])
def test_a_header_is_for_the_transaction_that_is_named(said, tmp_path):
    made = call("token", "--as", "egen-laege", "--for", said, database=tmp_path / "demo.sqlite3")
    action = etree.fromstring(made.out).findtext("{http://www.w3.org/2005/08/addressing}Action")
    assert action == "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b"


def test_an_access_token_holds_the_scope_that_is_asked_for(tmp_path):
    def scope(*words: str) -> str:
        made = call("token", "--kind", "jwt", *words, database=tmp_path / "demo.sqlite3")
        return json.loads(urlsafe_b64decode(made.out.split(".")[1] + "=="))["scope"]

    assert (scope(), scope("--scope", "user/*.crus")) == ("user/*.rs", "user/*.crus")
