"""Who sends a request: believed by an access token, limited by its scopes, known by their own patient key."""

from collections.abc import Iterable

import msgspec
from starlette.requests import Request

from patientoverblik.access import Actor, Purpose
from patientoverblik.edges.identity import Identified, Unidentified
from patientoverblik.edges.identity.scopes import Interaction, Scopes, parse_scopes, permits
from patientoverblik.edges.identity.tokens import Tokens, identified
from patientoverblik.service import House
from patientoverblik.service.capacity import deliverer, purpose_with, usual_purpose
from patientoverblik.service.ports import Reader
from patientoverblik.sharing.model import PatientId

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
        purpose = self.purpose or usual_purpose(self.actor.kind)
        bound = self.bound is not None
        return permits(self.scopes, Interaction(resource, letter, purpose, bound, frozenset(asked)))

    def purpose_with(self, reader: Reader, patient: int) -> Purpose:
        """What they are here for with a patient: what the token says, else what they usually are."""
        if self.purpose in PERSONAL and self.purpose is not None:
            return self.purpose
        return purpose_with(reader, self.actor, patient)

    @property
    def submitter(self) -> Actor:
        """Who delivers."""
        return deliverer(self.actor)


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
