"""The FHIR door beside the pages: whose tokens it believes, and the secret its ids are made with."""

from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Mount

from patientoverblik.app.fhir_packages import profiles_in
from patientoverblik.app.keys import OTHERS
from patientoverblik.app.settings import Settings
from patientoverblik.app.trail import signing_key
from patientoverblik.edges.fhir.door import FhirSettings, routes
from patientoverblik.edges.fhir.opaque import KEPT_AS, Opaque, generated_secret
from patientoverblik.edges.identity.tokens import Tokens
from patientoverblik.problems import Fault
from patientoverblik.service.house import House

MEGABYTE = 1_000_000
LOCK_BYTES = 32


def with_fhir(settings: Settings, house: House, tokens: Tokens, pages: Starlette) -> Starlette:
    """The pages with the door beside them; what the pages keep as the application's state stays its state."""
    most = settings.message_megabytes * MEGABYTE
    known = profiles_in(Path(settings.fhir_packages)) if settings.fhir_packages else None
    opaque = opaque_of(house, outside_secret(settings))
    door = FhirSettings(tokens, opaque, settings.base_url, most, known)
    both = Starlette(routes=[*routes(house, door), Mount("", pages)])
    both.state = pages.state
    return both


def opaque_of(house: House, outside: bytes = b"") -> Opaque:
    """The ids of this installation; every worker makes the same, by a secret that lies with the data they are of.
    ``outside`` is the secret that does not, for what others entrust to us."""
    fresh = generated_secret()
    return Opaque(house.storage.act(lambda transaction: transaction.keep_secret(KEPT_AS, fresh)).result(), outside)


def outside_secret(settings: Settings) -> bytes:
    """The secret that is kept outside the database, none where none is set; the demo's follows from its trail's key.
    :class:`Fault` ``subscription.bad-lock`` where the file is none, or others can read it."""
    if settings.lock_key:
        return _secret_in(Path(settings.lock_key))
    key = signing_key(settings) if settings.demo else None
    return key.mac(b"what others entrust to us") if key else b""


def _secret_in(path: Path) -> bytes:
    try:
        held = path.read_bytes()
        is_ours = not path.stat().st_mode & OTHERS
    except OSError:
        raise Fault("subscription.bad-lock") from None
    if not is_ours or len(held) < LOCK_BYTES:
        raise Fault("subscription.bad-lock")
    return held
