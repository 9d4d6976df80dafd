"""How people log in here: by the provider of the settings, or in the demo by its own test login.

What every worker must agree on (the seals, the test login's key) is kept in the database, made by the first that asks.
"""

from collections.abc import Awaitable, Callable
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import httpx
import msgspec
from starlette.applications import Starlette
from starlette.routing import Mount

from patientoverblik.app.login_faults import TEST_LOGIN
from patientoverblik.app.settings import Settings
from patientoverblik.edges.identity import testlogin
from patientoverblik.edges.identity.web import (
    ClaimsMap,
    Client,
    Known,
    Network,
    Party,
    Seal,
    Secret,
    load_claims,
    new_key,
)
from patientoverblik.edges.identity.web.claims import SYSTEMS
from patientoverblik.edges.portal.assets import load_assets
from patientoverblik.edges.portal.portal import portal
from patientoverblik.edges.portal.settings import Persona, PortalSettings
from patientoverblik.edges.portal.testlogin import choosing_page
from patientoverblik.problems import Fault
from patientoverblik.service.house import House

LOGIN_SEAL = "login-seal"
ORIGINS_KNOWN = 16


def pages(settings: Settings, house: House, asked: PortalSettings) -> Starlette:
    """The pages with the way to log in that the settings ask for; without one they let nobody in."""
    if settings.login_issuer == TEST_LOGIN or (settings.demo and not settings.login_issuer):
        return with_test_login(house, asked, settings.demo)
    return portal(house, with_provider(settings, house, asked) if settings.login_issuer else asked)


def with_provider(settings: Settings, house: House, asked: PortalSettings) -> PortalSettings:
    """The pages' settings with the provider of the settings."""
    client = Client(settings.login_issuer, settings.login_client, settings.origin, settings.client_secret)
    party = party_for(house, client, claims_of(settings), Network())
    return msgspec.structs.replace(asked, party=lambda _origin: party)


def claims_of(settings: Settings) -> ClaimsMap:
    """The claims file of the settings, read when they were; :class:`Fault` where it has been broken since."""
    try:
        found = load_claims(Path(settings.login_claims).read_text(encoding="utf-8"))
    except OSError:
        raise Fault("identity.claims-missing") from None
    if not isinstance(found, ClaimsMap):
        raise Fault(found[0].code)
    return found


def party_for(house: House, client: Client, rules: ClaimsMap, network: Network, seal: Seal | None = None) -> Party:
    """We as the relying party of a provider; the seal is the database's where none is given."""
    return Party(
        client=client,
        rules=rules,
        network=network,
        known=Known(network, client.issuer),
        seal=seal or Seal(kept_secret(house, LOGIN_SEAL, new_key())),
        once=once_in(house),
        clock=house.clock,
    )


def with_test_login(house: House, asked: PortalSettings, demo: bool) -> Starlette:
    """The demo's pages and its test login at one origin; :class:`Fault` outside the demo. They talk by the wire's own
    messages, but within the process, so that it matters to nobody by which name or port the demo is reached."""
    keys = testlogin.Keys(
        signing=testlogin.signing_key(kept_secret(house, "testlogin-key", testlogin.new_signing_key())),
        seal=Seal(kept_secret(house, "testlogin-seal", new_key())),
        client_secret=kept_secret(house, "testlogin-client", new_key()).hex(),
    )
    rules = load_claims(files("patientoverblik.demo").joinpath("tables", "claims.toml").read_text(encoding="utf-8"))
    seal = Seal(kept_secret(house, LOGIN_SEAL, new_key()))
    whole: Starlette

    def network() -> Network:
        return Network(httpx.ASGITransport(whole, raise_app_exceptions=False))

    @lru_cache(maxsize=ORIGINS_KNOWN)
    def party(origin: str) -> Party:
        client = Client(origin + testlogin.PATH, testlogin.CLIENT, origin, Secret(keys.client_secret), within="")
        return party_for(house, client, msgspec.convert(rules, ClaimsMap), network(), seal)

    provider = testlogin.House(
        people=tuple(invented(each) for each in asked.personas),
        keys=keys,
        choose=choosing_page(load_assets(), asked.personas, f"{testlogin.PATH}/authorize"),
        once=once_in(house),
        clock=house.clock,
        network=network,
    )
    inside = portal(house, msgspec.structs.replace(asked, party=party, straight=True))
    whole = Starlette(routes=[testlogin.demo_provider(provider, demo), Mount("", inside)])
    return whole


def invented(persona: Persona) -> testlogin.Invented:
    """What the test login says of one of its people."""
    actor, place = persona.actor, persona.actor.organisation
    said = {
        "kind": actor.kind,
        "name": actor.name,
        "role": actor.role,
        "authorisation": actor.authorisation,
        "national_role": actor.national_role,
        "cpr": persona.own.value if persona.own else "",
        "principal": msgspec.to_builtins(actor.principal) if actor.principal else None,
    }
    systems = {oid: name for name, oid in SYSTEMS.items()}
    known = {"organisation": {systems[place.system]: place.value, "name": place.name}} if place else {}
    return testlogin.Invented(actor.id, {name: value for name, value in said.items() if value} | known)


def kept_secret(house: House, name: str, fresh: bytes) -> bytes:
    """A secret of the database; ``fresh`` where it had none."""
    return house.storage.act(lambda transaction: transaction.keep_secret(name, fresh)).result()


def once_in(house: House) -> Callable[[str, int], Awaitable[bool]]:
    """Whether a key is used for the first time, by the database that every worker shares."""

    async def once(key: str, until: int) -> bool:
        at = house.clock()
        return await house.wait(house.storage.act(lambda transaction: transaction.use_once(key, until, at)))

    return once
