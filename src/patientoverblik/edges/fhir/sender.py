"""Who sends a request: believed by an access token, limited by its scopes, known by their own patient key."""

from collections.abc import Iterable

import msgspec
from starlette.requests import Request

from patientoverblik.access import Actor, Principal, Purpose
from patientoverblik.edges.identity import Identified, Unidentified
from patientoverblik.edges.identity.scopes import Interaction, Scopes, parse_scopes, permits
from patientoverblik.edges.identity.tokens import Tokens, identified
from patientoverblik.service import House
from patientoverblik.service.ports import Reader
from patientoverblik.sharing.model import PatientId

READING: dict[str, Purpose] = {"citizen": "own-overview", "relative": "on-behalf"}
"""What each kind of actor reads for; systems and officers are refused as readers for treatment are."""
PERSONAL = frozenset({"treatment", "own-overview", "on-behalf"})


class Sender(msgspec.Struct, frozen=True):
    """Somebody a token stands for, within its scopes; ``purpose`` is what it says it is for.

    ``bound`` is the key of the one patient it is about, 0 for one never seen, None where it is bound to nobody.
    """

    actor: Actor
    scopes: Scopes = Scopes()
    bound: int | None = None
    purpose: Purpose | None = None

    def may(self, resource: str, letter: str, asked: Iterable[tuple[str, str]] = ()) -> bool:
        """Whether the scopes hold an interaction (``c`` ``r`` ``u`` ``d`` ``s``) with a type of resource; ``asked`` are
        the search parameters that narrow it."""
        usual = "delivery" if self.actor.kind == "system" else READING.get(self.actor.kind, "treatment")
        purpose = self.purpose or usual
        bound = self.bound is not None
        return permits(self.scopes, Interaction(resource, letter, purpose, bound, frozenset(asked)))

    def purpose_with(self, reader: Reader, patient: int) -> Purpose:
        """What they are here for with a patient: their own is theirs, unless they are at work."""
        if self.purpose in PERSONAL and self.purpose is not None:
            return self.purpose
        person = self.actor.person if self.actor.kind != "professional" else 0
        if person and patient and person in (patient, *reader.linked_keys(patient)):
            return "own-overview"
        return READING.get(self.actor.kind, "treatment")

    @property
    def submitter(self) -> Actor:
        """Who delivers: always the organisation's system; a person who sends is who it acts for."""
        actor = self.actor
        if actor.kind != "professional":
            return actor
        person = Principal(actor.id, actor.name, actor.role, actor.authorisation)
        return Actor(
            "system", actor.client or actor.id, actor.client, organisation=actor.organisation, principal=person
        )


NOBODY = Sender(Actor("job", "nobody"))
"""Who asks for what is open to all."""


async def sender_of(request: Request, tokens: Tokens, house: House) -> Sender | Unidentified:
    """Who a request's bearer token stands for; ``rest.no-token`` where it has none."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        return Unidentified("rest.no-token")
    found = await identified(tokens, request, token.strip(), house.clock())
    return found if isinstance(found, Unidentified) else known(found, house.storage.reader())


def known(found: Identified, reader: Reader) -> Sender:
    """Somebody identified, with the keys of their own and their patient's numbers."""
    own = _key(reader, found.own)
    actor = msgspec.structs.replace(found.actor, person=own or found.actor.person)
    return Sender(actor, parse_scopes(found.scopes or ()), _key(reader, found.patient), found.purpose)


def _key(reader: Reader, patient: PatientId | int | None) -> int | None:
    """The key a token names a person by; 0 for somebody never seen here, None where it names nobody."""
    return (reader.patient_key(patient) or 0) if isinstance(patient, PatientId) else patient
