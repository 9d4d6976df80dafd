"""A record system with a SMART server of its own, run as a program: Authlib's authorisation server, none of our code.

``python record_server.py PORT OUR_ADDRESS`` serves, on 127.0.0.1, a FHIR API with two patients at ``/fhir``, OAuth 2 with
OpenID Connect at its side, and pages that open the overview for one of them, in a frame or in a window of its own. The
doctor is logged in there already.
"""

import secrets
import sys
import time
from typing import Any
from urllib.parse import parse_qsl, urlencode

import uvicorn
from authlib.oauth2.rfc6749 import (
    AuthorizationCodeMixin,
    AuthorizationServer,
    ClientMixin,
    OAuth2Payload,
    OAuth2Request,
)
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import OpenIDCode, UserInfo
from joserfc.jwk import KeySet, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT, SECRET = "overblik", "en-hemmelighed-paa-mindst-32-tegn-0123"
PATIENTS = {"anne": "2512489996", "bent": "7102509989"}
DOCTOR = {
    "name": "Anna Læge",
    "kind": "sundhedsfaglig",
    "role": "Læge",
    "sor": "990001000016001",
    "org_name": "Lægehuset",
}
KEY = RSAKey.generate_key(2048, auto_kid=True)
codes: dict[str, "Code"] = {}
launches: dict[str, str] = {}
tokens: dict[str, str] = {}


class Client(ClientMixin):
    def __init__(self, redirect: str) -> None:
        self.redirect = redirect

    def get_client_id(self) -> str:
        return CLIENT

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == self.redirect

    def check_client_secret(self, client_secret: str) -> bool:
        return secrets.compare_digest(client_secret, SECRET)

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


class Code(AuthorizationCodeMixin):
    def __init__(self, code: str, data: dict[str, str]) -> None:
        self.code, self.data = code, data
        self.code_challenge, self.code_challenge_method = data["code_challenge"], data["code_challenge_method"]

    def get_redirect_uri(self) -> str:
        return self.data["redirect_uri"]

    def get_scope(self) -> str:
        return self.data["scope"]

    def get_nonce(self) -> str:
        return self.data["nonce"]

    def get_auth_time(self) -> int:
        return int(time.time())

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


class Grant(AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic"]

    def save_authorization_code(self, code: str, request: Any) -> None:
        codes[code] = Code(code, request.payload.data)

    def query_authorization_code(self, code: str, _client: Any) -> Code | None:
        return codes.get(code)

    def delete_authorization_code(self, authorization_code: Code) -> None:
        del codes[authorization_code.code]

    def authenticate_user(self, _authorization_code: Code) -> dict[str, str]:
        return DOCTOR


class Identity(OpenIDCode):
    def __init__(self, base: str) -> None:
        super().__init__(require_nonce=True)
        self.base = base

    def exists_nonce(self, nonce: str, _request: Any) -> bool:
        return any(code.data.get("nonce") == nonce for code in codes.values())

    def resolve_client_private_key(self, _client: Any) -> RSAKey:
        return KEY

    def get_client_algorithm(self, _client: Any) -> str:
        return "RS256"

    def get_encode_header(self, _client: Any) -> dict[str, str]:
        return {"alg": "RS256", "kid": KEY.kid}

    def get_client_claims(self, _client: Any) -> dict[str, str]:
        return {"iss": self.base}

    def generate_user_info(self, user: dict[str, str], _scope: str) -> UserInfo:
        return UserInfo(sub="laege-7", fhirUser=f"{self.base}/fhir/Practitioner/laege-7", **user)


class Payload(OAuth2Payload):
    def __init__(self, data: dict[str, str]) -> None:
        self._data = data

    @property
    def data(self) -> dict[str, str]:
        return self._data

    @property
    def datalist(self) -> dict[str, list[str]]:
        return {name: [value] for name, value in self._data.items()}


class Asked(OAuth2Request):
    def __init__(self, method: str, uri: str, data: dict[str, str], headers: Any) -> None:
        super().__init__(method, uri.replace("http://", "https://"), headers={k.title(): v for k, v in headers.items()})
        self.payload = Payload(data)
        self._given = data

    @property
    def args(self) -> dict[str, str]:
        return self._given

    @property
    def form(self) -> dict[str, str]:
        return self._given


class Server(AuthorizationServer):
    def __init__(self, base: str, redirect: str) -> None:
        super().__init__()
        self.client = Client(redirect)
        self.register_grant(Grant, [CodeChallenge(required=True), Identity(base)])
        self.register_token_generator(
            "default", BearerTokenGenerator(lambda **_: secrets.token_urlsafe(24), expires_generator=3600)
        )

    def query_client(self, client_id: str) -> Client | None:
        return self.client if client_id == CLIENT else None

    def save_token(self, token: dict[str, Any], request: Any) -> None:
        """SMART's launch context goes with the token."""
        patient = launches.pop(request.authorization_code.data["launch"])
        token.update(
            patient=patient, need_patient_banner=False, encounter="e-1", smart_style_url="https://x.example/s.json"
        )
        tokens[token["access_token"]] = patient

    def create_oauth2_request(self, request: Any) -> Any:
        return request

    def handle_response(self, status: int, body: Any, headers: Any) -> Response:
        given = dict(headers)
        return RedirectResponse(given["Location"], 302) if "Location" in given else JSONResponse(body, status, given)

    def send_signal(self, *_: Any, **__: Any) -> None:
        pass


def application(base: str, ours: str) -> Starlette:
    server = Server(base, f"{ours}/indlejret/smart/epj/svar")

    def opening(patient: str) -> str:
        launch = secrets.token_urlsafe(8)
        launches[launch] = patient
        return f"{ours}/indlejret/smart?{urlencode({'iss': f'{base}/fhir', 'launch': launch})}"

    async def page(request: Request) -> HTMLResponse:
        patient = request.query_params.get("patient", "anne")
        inside = f'<iframe title="Overblik" src="{opening(patient)}" style="width:100%;height:800px"></iframe>'
        outside = f'<p><a href="{opening(patient)}">Åbn overblikket</a></p>'
        how = outside if "window" in request.query_params else inside
        return HTMLResponse(
            f'<!DOCTYPE html><html lang="da"><title>EPJ</title><link rel="icon" href="data:,"><h1>EPJ</h1>{how}'
        )

    async def configuration(_: Request) -> JSONResponse:
        return JSONResponse(
            {
                "issuer": base,
                "jwks_uri": f"{base}/jwks",
                "authorization_endpoint": f"{base}/authorize",
                "token_endpoint": f"{base}/token",
                "token_endpoint_auth_methods_supported": ["client_secret_basic"],
                "grant_types_supported": ["authorization_code"],
                "code_challenge_methods_supported": ["S256"],
                "capabilities": ["launch-ehr", "context-ehr-patient", "sso-openid-connect", "permission-v2"],
            }
        )

    async def authorize(request: Request) -> Response:
        data = dict(request.query_params)
        if data.get("aud") != f"{base}/fhir" or data.get("launch") not in launches:
            return JSONResponse({"error": "invalid_request"}, 400)
        asked = Asked("GET", str(request.url), data, request.headers)
        grant = server.get_consent_grant(asked, DOCTOR)
        return server.create_authorization_response(asked, DOCTOR, grant)

    async def token(request: Request) -> Response:
        data = dict(parse_qsl((await request.body()).decode()))
        return server.create_token_response(Asked("POST", str(request.url), data, request.headers))

    async def keys(_: Request) -> JSONResponse:
        return JSONResponse(KeySet([KEY]).as_dict(private=False))

    async def patient(request: Request) -> JSONResponse:
        name = request.path_params["id"]
        if tokens.get(request.headers.get("authorization", "").removeprefix("Bearer ")) != name:
            return JSONResponse({"resourceType": "OperationOutcome"}, 401)
        identifier = {"system": "urn:oid:1.2.208.176.1.2", "value": PATIENTS[name]}
        return JSONResponse({"resourceType": "Patient", "id": name, "identifier": [identifier]})

    return Starlette(
        routes=[
            Route("/", page),
            Route("/fhir/.well-known/smart-configuration", configuration),
            Route("/authorize", authorize),
            Route("/token", token, methods=["POST"]),
            Route("/jwks", keys),
            Route("/fhir/Patient/{id}", patient),
        ]
    )


if __name__ == "__main__":
    port, ours = sys.argv[1:]
    uvicorn.run(application(f"http://127.0.0.1:{port}", ours), port=int(port), log_level="error")
