"""The test issuer of the demo: tokens for its personas, and the trust that believes them."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from patientoverblik.app.bearing import access_token
from patientoverblik.app.settings import Settings
from patientoverblik.app.wiring import now
from patientoverblik.demo.identifiers import generated_number
from patientoverblik.demo.people import PERSONAS, Persona
from patientoverblik.edges.identity.soap.issued import HOUR, Subject, Wanted, assertion, id_card, signed
from patientoverblik.edges.identity.soap.issuer import AUDIENCE, DemoIssuer, open_issuer
from patientoverblik.edges.identity.soap.messages import Call, header_text, message
from patientoverblik.problems import Fault

MINUTE = 60_000
BORN = date(1975, 6, 1)
AUTHORISED = frozenset({"Læge", "Sygeplejerske"})


def make_token(settings: Settings, kind: str, persona: str) -> str:
    """A SOAP header for a persona about the first of its patients, or an access token; valid for an hour from now.

    Raises :class:`Fault` outside the demo, for a persona that is not there, and for a card that nobody would issue.
    """
    issuer = demo_issuer(settings)
    who = next((one for one in PERSONAS if persona in ("", one.id)), None)
    if who is None:
        raise Fault("identity.no-such-persona")
    return MAKERS[kind](issuer, who)


def demo_issuer(settings: Settings) -> DemoIssuer:
    """The test issuer of an installation; its keys lie beside the database. A :class:`Fault` outside the demo."""
    database = settings.database_file or Path("var/memory")
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


def _saml(issuer: DemoIssuer, persona: Persona) -> str:
    subject, at = subject_of(persona), now()
    wanted = Wanted(audience=AUDIENCE, start=at - MINUTE, end=at + HOUR)
    return header_text(message(signed(assertion(subject, wanted), "ID", issuer.service), _call(persona, subject)))


def _dgws(issuer: DemoIssuer, persona: Persona) -> str:
    subject, at = subject_of(persona), now()
    if subject.kind != "professional":
        raise Fault("identity.card-for-citizen")
    card = signed(id_card(subject, at - MINUTE, at + HOUR), "id", issuer.service, before=None)
    return header_text(message(card, _call(persona, subject), level="4"))


def _call(persona: Persona, subject: Subject) -> Call:
    return Call(at=now(), subject=subject, patient=persona.patients[0], organisation=subject.organisation)


MAKERS: Mapping[str, Callable[[DemoIssuer, Persona], str]] = {"saml": _saml, "dgws": _dgws, "jwt": access_token}
