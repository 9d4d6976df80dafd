"""Settings: what differs between installations, read from a file and the environment; all faults are told at once."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from patientoverblik.app.access import access_faults
from patientoverblik.app.database import file_of
from patientoverblik.app.feed_faults import feed_faults
from patientoverblik.app.login_faults import login_faults, secret_in
from patientoverblik.app.parties import parties_faults
from patientoverblik.app.plain_faults import plain_faults
from patientoverblik.app.running import DEMO_DATABASE, Running
from patientoverblik.app.settings_file import read_settings_file
from patientoverblik.app.soap_faults import soap_faults
from patientoverblik.app.tls_faults import tls_faults
from patientoverblik.app.token_faults import revocation_faults, token_faults
from patientoverblik.edges.identity.web import Secret

PREFIX = "PATIENTOVERBLIK_"


class SettingsFault(ValueError):  # noqa: N818 - a fault is the field's word
    """One or more settings are wrong; the message names each, never its value."""


class Settings(Running, frozen=True):
    """One installation: how it runs, and who comes in by which door. What each setting means is published."""

    show_refused: Annotated[
        bool, Meta(description="`true` shows refused attempts in the citizen's own log (where the law lets them be)")
    ] = False
    access_file: Annotated[
        str,
        Meta(
            description="a TOML file that configures access: organisation tree, roles, types that cannot be blocked, "
            "periods (`docs/access.md`); without it the built-in tables hold"
        ),
    ] = ""
    parties_file: Annotated[
        str,
        Meta(
            description="a TOML file that names who shares here: sources, organisations, who delivers for whom "
            "(`docs/operation.md`); without it no overview can tell who is missing. The demo has parties of its own"
        ),
    ] = ""
    base_url: Annotated[
        str,
        Meta(
            description="the origin people open the pages on, `https://overblik.example`; needed where login is by a "
            "provider, which sends them back to it; `https` also means `SECURE_COOKIES`"
        ),
    ] = ""
    login_issuer: Annotated[
        str,
        Meta(
            description="the OpenID provider that people log in with, by its issuer address exactly as it writes it "
            "itself; in the demo nothing means the test login, which nobody can ask for elsewhere"
        ),
    ] = ""
    login_client: Annotated[str, Meta(description="what the provider knows this installation as (client id)")] = ""
    login_secret: Annotated[
        Secret, Meta(description="the client secret; better kept in a file (`LOGIN_SECRET_FILE`)")
    ] = Secret("")
    login_secret_file: Annotated[str, Meta(description="a file that holds the client secret and nothing else")] = ""
    login_claims: Annotated[
        str, Meta(description="the TOML file that says which claim of the provider holds what (see `docs/identity.md`)")
    ] = ""
    login_ends_session: Annotated[
        bool, Meta(description="`true` lets no session last beyond the expiry of the provider's ID token")
    ] = False
    session_minutes: Annotated[
        int, Meta(description="how long a session lasts after it was last used, in minutes, at most 60")
    ] = 30
    session_hours: Annotated[
        int, Meta(description="how long a session lasts however much it is used, in hours, at most 24")
    ] = 8

    apps: Annotated[
        str,
        Meta(
            description="the TOML file of the apps and systems registered here (see `docs/apps.md`); without it there "
            "is no authorisation server, but for the demo's own app in the demo"
        ),
    ] = ""
    signing_keys: Annotated[
        str,
        Meta(
            description="files of private keys (RSA, PEM or JWK) with commas between them: the first signs the tokens "
            "apps are given, all of them are believed; the demo makes one and keeps it in its database"
        ),
    ] = ""
    record_systems: Annotated[
        str,
        Meta(
            description="the TOML file of the record systems that may open the overview inside themselves (see "
            "`docs/embedding.md`); without it nobody may"
        ),
    ] = ""
    fhir_packages: Annotated[
        str,
        Meta(
            description="a folder of FHIR packages (`.tgz`) or definitions (`.json`) by whose profiles `$validate` "
            "judges as well (see `docs/fhir.md`); without it by R4's structure alone"
        ),
    ] = ""
    token_issuers: Annotated[
        str,
        Meta(description="the TOML file of other issuers whose access tokens are believed (see `docs/identity.md`)"),
    ] = ""
    certificate_proxies: Annotated[
        str,
        Meta(
            description="networks of the reverse proxies that hand over client certificates (`10.0.0.0/8`), with "
            "commas between them; nobody else's header is looked at"
        ),
    ] = ""
    certificate_header: Annotated[
        str,
        Meta(
            description="the header those proxies use, in RFC 9440's form or as a percent-encoded PEM; they must take "
            "it out of what comes to them"
        ),
    ] = "Client-Cert"

    trust: Annotated[
        str,
        Meta(
            description="the TOML file of the token services and systems that the XDS.b door believes (see "
            "`docs/identity-soap.md`); without it there is no such door, but for the demo's own issuer in the demo"
        ),
    ] = ""
    crl_folder: Annotated[
        str,
        Meta(
            description="a folder of certificate revocation lists (`*.crl`, PEM or DER), read again each minute; "
            "whatever fetches them puts them there"
        ),
    ] = ""
    crl_authorities: Annotated[
        str,
        Meta(description="a file of the authorities' certificates (PEM): theirs are believed only by a list in force"),
    ] = ""
    crl_hours: Annotated[
        int, Meta(description="how old a list may be, in hours, 1 to 8760; without it as old as it says itself")
    ] = 0
    message_megabytes: Annotated[
        int, Meta(description="how large a message to the XDS.b door may be, in megabytes, 1 to 2000")
    ] = 100
    removers: Annotated[
        str,
        Meta(
            description="who may remove registry objects and documents for good by the XDS.b door (ITI-62, ITI-86): "
            "organisations as `OID:number`, meaning their systems, and people's national roles as `role:NAME`, with "
            "commas between them; else nobody"
        ),
    ] = ""
    consumers: Annotated[
        str,
        Meta(
            description="where subscribers may be told of what is registered (ITI-53, FHIR Subscription), as "
            "`OID:number=https://address` with commas between them: that organisation's subscribers, at that address "
            "and all below it, and with our own `/dsub/pullpoints` they may fetch (ITI-70); else nobody"
        ),
    ] = ""
    consumer_networks: Annotated[
        str,
        Meta(
            description="networks (`10.0.0.0/8`), with commas between them, where endpoints of FHIR subscriptions may "
            "be besides the internet; else an endpoint whose name leads to a private address is not asked"
        ),
    ] = ""
    rule_levels: Annotated[
        str,
        Meta(
            description="how strict transactions of the XDS.b door are, as `iti41.codes=REJECT` with commas between "
            "them: groups `ihe`, `danish`, `codes`, `cpr`; levels `OFF`, `LOG`, `WARNING`, `REJECT` (`docs/xds.md`)"
        ),
    ] = ""

    @property
    def database_file(self) -> Path | None:
        """The SQLite file, None where the database is none."""
        return file_of(self.database)

    @property
    def origin(self) -> str:
        """The origin people open the pages on: the setting's, else where they are served."""
        return self.base_url or self.served_at

    @property
    def served_at(self) -> str:
        """The origin of the server itself."""
        return f"{'https' if self.tls_certificate else 'http'}://{self.host}:{self.port}"

    @property
    def secure(self) -> bool:
        """Whether cookies go over HTTPS only."""
        return self.secure_cookies or bool(self.tls_certificate) or self.base_url.startswith("https:")

    @property
    def client_secret(self) -> Secret:
        """The client secret, from wherever it is kept."""
        return self.login_secret or Secret(secret_in(self.login_secret_file) if self.login_secret_file else "")


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of an environment, and of the file it names; :class:`SettingsFault` names every fault."""
    names = Settings.__struct_fields__
    given, faults = read_settings_file(environment.get(PREFIX + "SETTINGS", ""), names, PREFIX)
    given |= {name: environment[PREFIX + name.upper()] for name in names if environment.get(PREFIX + name.upper())}
    faults += plain_faults(given, PREFIX)
    faults += login_faults(given, PREFIX)
    faults += feed_faults(given, PREFIX)
    faults += access_faults(given, PREFIX)
    faults += parties_faults(given, PREFIX)
    faults += soap_faults(given, PREFIX)
    given.setdefault("demo", "true" if given.get("database", DEMO_DATABASE) == DEMO_DATABASE else "false")
    demo = given["demo"].lower() in ("true", "1")
    faults += token_faults(given, PREFIX, demo)
    faults += revocation_faults(given, PREFIX)
    faults += tls_faults(given, PREFIX, demo, bool(given.get("proxies") or environment.get("FORWARDED_ALLOW_IPS")))
    if faults:
        raise SettingsFault("; ".join(faults))
    return msgspec.convert(given, Settings, strict=False, dec_hook=lambda kind, value: kind(value))
