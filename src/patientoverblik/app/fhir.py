"""The FHIR door beside the pages: whose tokens it believes, and the secret its ids are made with."""

from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Mount

from patientoverblik.app.fhir_packages import profiles_in
from patientoverblik.app.settings import Settings
from patientoverblik.edges.fhir.door import FhirSettings, routes
from patientoverblik.edges.fhir.opaque import KEPT_AS, Opaque, generated_secret
from patientoverblik.edges.identity.tokens import Tokens
from patientoverblik.service.house import House

MEGABYTE = 1_000_000


def with_fhir(settings: Settings, house: House, tokens: Tokens, pages: Starlette) -> Starlette:
    """The pages with the door beside them; what the pages keep as the application's state stays its state."""
    most = settings.message_megabytes * MEGABYTE
    known = profiles_in(Path(settings.fhir_packages)) if settings.fhir_packages else None
    door = FhirSettings(tokens, opaque_of(house), settings.base_url, most, known)
    both = Starlette(routes=[*routes(house, door), Mount("", pages)])
    both.state = pages.state
    return both


def opaque_of(house: House) -> Opaque:
    """The ids of this installation; every worker makes the same, by a secret that lies with the data they are of."""
    fresh = generated_secret()
    return Opaque(house.storage.act(lambda transaction: transaction.keep_secret(KEPT_AS, fresh)).result())
