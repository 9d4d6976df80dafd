"""What the authorisation server says of itself: what works here, for the apps that are registered here, and no more.

RFC 8414, OpenID Connect Discovery 1.0, and SMART App Launch 2.2 (Conformance).
"""

from typing import Any

from patientoverblik.edges.identity.authorisation.apps import App
from patientoverblik.edges.identity.authorisation.office import Office
from patientoverblik.edges.identity.authorisation.proof import ALGORITHMS
from patientoverblik.edges.identity.authorisation.signing import ALGORITHM

AUTHORIZE, TOKEN, REVOKE, KEYS = "/oauth/authorize", "/oauth/token", "/oauth/revoke", "/oauth/jwks"
MANAGE = "/apps"
LAUNCH_CAPABILITIES = ("launch-ehr", "context-ehr-patient")
CITIZEN_CAPABILITIES = ("launch-standalone", "context-standalone-patient", "permission-patient")


def server_metadata(office: Office) -> dict[str, Any]:
    """RFC 8414, which OpenID Connect's discovery is a reading of too."""
    apps = tuple(office.apps.values())
    methods: list[str] = sorted({app.authentication for app in apps})
    found: dict[str, Any] = {
        "issuer": office.base,
        "token_endpoint": f"{office.base}{TOKEN}",
        "jwks_uri": f"{office.base}{KEYS}",
        "grant_types_supported": _grant_types(apps),
        "scopes_supported": sorted({scope for app in apps for scope in app.scopes}),
        "response_types_supported": [],
        "token_endpoint_auth_methods_supported": methods,
    }
    if "private_key_jwt" in methods:
        found["token_endpoint_auth_signing_alg_values_supported"] = [*ALGORITHMS]
    if "tls_client_auth" in methods:
        found["tls_client_certificate_bound_access_tokens"] = True
    return found | (_citizens(office, methods) if _has(apps, "citizen") else {})


def smart_configuration(office: Office) -> dict[str, Any]:
    """SMART's own document: the same endpoints, and capabilities by name."""
    found = server_metadata(office)
    left_out = (
        "tls_client_certificate_bound_access_tokens",
        "subject_types_supported",
        "request_uri_parameter_supported",
    )
    kept = {name: value for name, value in found.items() if name not in left_out}
    return {**kept, "capabilities": _capabilities(tuple(office.apps.values()))}


def _citizens(office: Office, methods: list[str]) -> dict[str, Any]:
    """What there is because citizens' apps are registered."""
    return {
        "authorization_endpoint": f"{office.base}{AUTHORIZE}",
        "revocation_endpoint": f"{office.base}{REVOKE}",
        "revocation_endpoint_auth_methods_supported": methods,
        "management_endpoint": f"{office.base}{MANAGE}",
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "request_uri_parameter_supported": False,
    }


def _grant_types(apps: tuple[App, ...]) -> list[str]:
    offline = any("offline_access" in app.scopes for app in apps)
    given = {
        "authorization_code": _has(apps, "citizen"),
        "refresh_token": offline,
        "client_credentials": _has(apps, "backend"),
    }
    return [name for name, is_given in given.items() if is_given]


def _capabilities(apps: tuple[App, ...]) -> list[str]:
    citizens = [app for app in apps if app.kind == "citizen"]
    scopes = {scope for app in citizens for scope in app.scopes}
    proofs = {app.authentication for app in apps}
    given = {
        **dict.fromkeys(CITIZEN_CAPABILITIES, bool(citizens)),
        **dict.fromkeys(LAUNCH_CAPABILITIES, any(app.launch for app in citizens)),
        "permission-v2": True,
        "permission-offline": "offline_access" in scopes,
        "sso-openid-connect": "openid" in scopes,
        "client-public": "none" in proofs,
        "client-confidential-symmetric": "client_secret_basic" in proofs,
        "client-confidential-asymmetric": "private_key_jwt" in proofs,
    }
    return [name for name, is_given in given.items() if is_given]


def _has(apps: tuple[App, ...], kind: str) -> bool:
    return any(app.kind == kind for app in apps)
