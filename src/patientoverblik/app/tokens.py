"""Whose tokens this installation believes, and its own authorisation server where apps are registered."""

from collections.abc import Mapping
from importlib.resources import as_file, files
from pathlib import Path
from typing import cast

import msgspec

from patientoverblik.app.bearing import ALGORITHM, key_set
from patientoverblik.app.fhir import opaque_of
from patientoverblik.app.issuing import demo_issuer
from patientoverblik.app.revoking import proxies_of
from patientoverblik.app.settings import Settings
from patientoverblik.app.token_faults import files_of
from patientoverblik.edges.identity.authorisation import (
    App,
    Office,
    Server,
    SigningKeys,
    generated_key,
    read_apps,
    read_signing_keys,
    signing_keys,
)
from patientoverblik.edges.identity.authorisation.ports import GrantStorage
from patientoverblik.edges.identity.bearer import Issuer
from patientoverblik.edges.identity.issuers import meaning, read_issuers
from patientoverblik.edges.identity.keys import Read, TrustedKeys, from_address, from_file
from patientoverblik.edges.identity.soap.issuer import AUDIENCE, NAME
from patientoverblik.edges.identity.tokens import Tokens, tokens
from patientoverblik.edges.identity.web import ClaimsMap, load_claims
from patientoverblik.service.house import House
from patientoverblik.service.ports import Storage

DEMO_KEY = "apps-signing-key"


def tokens_of(settings: Settings, house: House) -> Tokens:
    """Everything a door needs for tokens, by the settings."""
    others = (*_demo_issuer(settings), *(read_issuers(Path(settings.token_issuers)) if settings.token_issuers else ()))
    return tokens(_server(settings, house), others, proxies_of(settings, house.clock))


def _demo_issuer(settings: Settings) -> tuple[Issuer, ...]:
    """The test issuer, in a demo; the command line that makes its tokens keeps its keys where this reads them."""
    if not settings.demo:
        return ()
    rules = load_claims(files("patientoverblik.demo").joinpath("tables", "claims.toml").read_text(encoding="utf-8"))
    keys = TrustedKeys(lambda: key_set(demo_issuer(settings)))
    return (Issuer(NAME, keys, (AUDIENCE,), meaning(msgspec.convert(rules, ClaimsMap), within=""), (ALGORITHM,)),)


def _server(settings: Settings, house: House) -> Server | None:
    apps, folder = _apps(settings)
    if not apps:
        return None
    keys = {app.id: TrustedKeys(_read(app, folder)) for app in apps.values() if app.jwks_file or app.jwks_address}
    storage = grant_storage(house.storage)
    signing, named = _signing(settings, house), opaque_of(house).patient
    return Server(Office(settings.origin, apps, keys, signing, storage, house.clock, house.ids, named))


def _apps(settings: Settings) -> tuple[Mapping[str, App], Path]:
    """The registered apps, and the folder that their files of keys are in; the demo has an app of its own."""
    if settings.apps:
        return read_apps(Path(settings.apps)), Path(settings.apps).parent
    if not settings.demo:
        return {}, Path()
    with as_file(files("patientoverblik.demo").joinpath("tables", "apps.toml")) as path:
        return read_apps(path), path.parent


def _signing(settings: Settings, house: House) -> SigningKeys:
    """The keys of the settings; the demo keeps one in its database, so that every worker signs by the same."""
    if settings.signing_keys:
        return read_signing_keys(files_of(settings.signing_keys))
    fresh = generated_key()
    return signing_keys((house.storage.act(lambda transaction: transaction.keep_secret(DEMO_KEY, fresh)).result(),))


def _read(app: App, folder: Path) -> Read:
    return from_file(folder / app.jwks_file) if app.jwks_file else from_address(app.jwks_address)


def grant_storage(storage: Storage) -> GrantStorage:
    """The house's storage as one that keeps grants: each of ours does, though no act of the service knows of them."""
    return cast(GrantStorage, storage)
