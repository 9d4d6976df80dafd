"""The test issuer of the demo: tokens for its personas, and the trust that believes them."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from patientoverblik.app.bearing import access_token
from patientoverblik.app.settings import Settings
from patientoverblik.app.wiring import now
from patientoverblik.demo.identifiers import generated_number
from patientoverblik.demo.people import PERSONAS, Persona
from patientoverblik.edges.cli.ports import WantedToken
from patientoverblik.edges.identity.soap.issued import HOUR, Subject, Wanted, assertion, id_card, signed
from patientoverblik.edges.identity.soap.issuer import AUDIENCE, DemoIssuer, open_issuer
from patientoverblik.edges.identity.soap.messages import Call, header_text, message
from patientoverblik.edges.soap.transactions import BY_PATH
from patientoverblik.problems import Fault

MINUTE = 60_000
BORN = date(1975, 6, 1)
AUTHORISED = frozenset({"Læge", "Sygeplejerske"})


def make_token(settings: Settings, wanted: WantedToken) -> str:
    """A SOAP header for a persona about the first of its patients, or an access token; valid for an hour from now.

    Raises :class:`Fault` outside the demo, for a persona or a transaction that is not there, and for a card that nobody
    would issue.
    """
    issuer = demo_issuer(settings)
    who = next((one for one in PERSONAS if wanted.persona in ("", one.id)), None)
    if who is None:
        raise Fault("identity.no-such-persona")
    return MAKERS[wanted.kind](issuer, who, wanted)


def demo_issuer(settings: Settings) -> DemoIssuer:
    """The test issuer of an installation; its keys lie beside the database, or in ``var`` of the working folder where
    that is no file. A :class:`Fault` outside the demo."""
    database = settings.database_file or Path("var/demo")
    return open_issuer(database.with_name(f"{database.name}.test-issuer"), settings.demo, now())


def subject_of(persona: Persona) -> Subject:
    """A persona as somebody a token is made for. Professionals have generated numbers and authorisation ids."""
    given, _, family = persona.name.rpartition(" ")
    place = PERSONAS.index(persona) + 1
    professional = persona.kind == "professional"
    return Subject(
        kind="professional" if professional else "citizen",
        number=persona.number or generated_number(BORN, 2000 + place),
        given=given or family,
        family=family,
        role=persona.role if professional else "",
        authorisation=f"TST{place:02}" if persona.role in AUTHORISED else "",
        organisation=persona.actor().organisation,
    )


def _saml(issuer: DemoIssuer, persona: Persona, wanted: WantedToken) -> str:
    subject, at = subject_of(persona), now()
    token = assertion(subject, Wanted(audience=AUDIENCE, start=at - MINUTE, end=at + HOUR))
    return header_text(message(signed(token, "ID", issuer.service), _call(persona, subject, wanted)))


def _dgws(issuer: DemoIssuer, persona: Persona, wanted: WantedToken) -> str:
    subject, at = subject_of(persona), now()
    if subject.kind != "professional":
        raise Fault("identity.card-for-citizen")
    card = signed(id_card(subject, at - MINUTE, at + HOUR), "id", issuer.service, before=None)
    return header_text(message(card, _call(persona, subject, wanted), level="4"))


def _jwt(issuer: DemoIssuer, persona: Persona, wanted: WantedToken) -> str:
    return access_token(issuer, persona, wanted.scope)


def _call(persona: Persona, subject: Subject, wanted: WantedToken) -> Call:
    action = action_of(wanted.transaction)
    patient, place = persona.patients[0], subject.organisation
    return Call(at=now(), subject=subject, patient=patient, organisation=place, action=action)


def action_of(transaction: str) -> str:
    """The WS-Addressing action of a transaction (``iti41``, ``ITI-41``); a :class:`Fault` for one that is not here."""
    number = transaction.lower().replace("iti-", "iti")
    found = [row.action for rows in BY_PATH.values() for row in rows if row.number == number]
    if not found:
        raise Fault("identity.no-such-transaction")
    return found[0]


MAKERS: Mapping[str, Callable[[DemoIssuer, Persona, WantedToken], str]] = {"saml": _saml, "dgws": _dgws, "jwt": _jwt}
