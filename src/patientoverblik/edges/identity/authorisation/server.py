"""The authorisation server: the library's, with our apps, our storage, our clock and our keys behind it.

Everything here waits for the disk and is called from a thread. Nothing of a request, code or token is logged: the
library's own log, which writes tokens when it is asked for debugging, is held to warnings.
"""

import logging
from collections.abc import Callable
from typing import Any, Literal, TypeVar

import msgspec
from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc6749 import (
    AuthorizationServer,
    InvalidClientError,
    InvalidGrantError,
    InvalidRequestError,
    OAuth2Error,
)

from patientoverblik.access import Actor, Purpose
from patientoverblik.edges.identity.authorisation import office as acts
from patientoverblik.edges.identity.authorisation.client import Client
from patientoverblik.edges.identity.authorisation.grants import BackendGrant, Challenge, CodeGrant, RefreshGrant
from patientoverblik.edges.identity.authorisation.held import Held
from patientoverblik.edges.identity.authorisation.issue import access_token, id_token
from patientoverblik.edges.identity.authorisation.model import (
    ACCESS_LIFETIME,
    BACKEND_LIFETIME,
    CODE_LIFETIME,
    DAY,
    Grant,
    Spendable,
)
from patientoverblik.edges.identity.authorisation.office import Office, digest, new_secret
from patientoverblik.edges.identity.authorisation.proof import AssertionProof, CertificateProof
from patientoverblik.edges.identity.authorisation.revocation import Revocation
from patientoverblik.edges.identity.authorisation.wire import Answer, Asked, Sent

T = TypeVar("T")
OFFLINE = "offline_access"
# What a token is asked for: the service itself, or its FHIR API by the address that apps know it by (SMART's ``aud``).
RESOURCES = ("", "/fhir")
LAUNCH = "launch"
PROOFS_IN_FORM = ("client_secret", "client_assertion")
# Ways to ask that are not there, and what OpenID Connect Core §3.1.2.6 answers to each.
NOT_SUPPORTED = {
    "request": "request_not_supported",
    "request_uri": "request_uri_not_supported",
    "registration": "registration_not_supported",
}


class Allowing(msgspec.Struct, frozen=True):
    """Somebody who presses "Tillad": who they are, whose overview (a patient key and what to call them), in what
    capacity, and when they logged in (milliseconds UTC)."""

    actor: Actor
    patient: int
    label: str
    purpose: Purpose
    authenticated: int


class Wish(msgspec.Struct, frozen=True):
    """A request for permission that is in order: for which app, to be sent where, with which scopes, until when
    (milliseconds UTC). ``launch`` is our own word for the patient it was opened for, empty where it came by itself.
    ``grant`` is the library's own."""

    app: str
    redirect: str
    scopes: tuple[str, ...]
    until: int
    grant: Any
    launch: str = ""


class Server(AuthorizationServer):
    """One authorisation server."""

    def __init__(self, office: Office) -> None:
        """Put together from an office; the library's log is held to warnings."""
        super().__init__()
        logging.getLogger("authlib").setLevel(logging.WARNING)
        self.office = office
        self.register_client_auth_method("private_key_jwt", AssertionProof(office))
        self.register_client_auth_method("tls_client_auth", CertificateProof(office))
        self.register_grant(CodeGrant, [Challenge()])
        self.register_grant(RefreshGrant)
        self.register_grant(BackendGrant)
        self.register_endpoint(Revocation)

    def wish(self, sent: Sent) -> Wish | Answer:
        """What an app asks a citizen for; an answer where it is not in order, sent to the app only where we know that
        the address is its own."""
        found = self._orderly(sent, lambda: self._wished(sent))
        if isinstance(found, Answer):
            return self._with_issuer(found)
        return found

    def _wished(self, sent: Sent) -> Wish | Answer:
        try:
            grant = self.get_consent_grant(sent)
            self._for_us(grant)
        except OAuth2Error as error:
            return self.handle_error_response(None, error)
        request = grant.request
        scopes = tuple(request.scope.split())
        until = self._until(request.client, scopes)
        launch = request.payload.data.get(LAUNCH, "") if LAUNCH in scopes else ""
        return Wish(request.client.app.id, grant.redirect_uri, scopes, until, grant, launch)

    def decided(self, wish: Wish, allowing: Allowing | None) -> Answer:
        """Send the browser back to the app, with a code where somebody allows it."""
        return self._with_issuer(self.create_authorization_response(wish.grant.request, allowing, wish.grant))

    def token(self, sent: Sent) -> Answer:
        """The token endpoint."""
        answer: Answer = self._orderly(sent, lambda: self.create_token_response(sent))
        return answer

    def revoke(self, sent: Sent) -> Answer:
        """The revocation endpoint (RFC 7009)."""
        answer: Answer = self._orderly(sent, lambda: self.create_endpoint_response("revocation", sent))
        return answer

    def query_client(self, client_id: str) -> Client | None:
        """A registered app."""
        app = self.office.apps.get(client_id)
        return Client(app) if app else None

    def authenticate_client(self, request: Asked, methods: list[str], endpoint: str = "token") -> Client:
        """Who asks, by one proof (RFC 6749 §2.3); an id in the form must be the one proved (RFC 7521 §4.2)."""
        if sum((_basic(request), *(name in request.form for name in PROOFS_IN_FORM))) > 1:
            raise InvalidRequestError("More than one proof of who asks.")
        client: Client = super().authenticate_client(request, methods, endpoint)
        if request.auth_method == "none" and (_basic(request) or PROOFS_IN_FORM[1] in request.form):
            raise InvalidClientError(description="The app is registered without a proof.", status_code=401)
        if (request.payload.client_id or client.app.id) != client.app.id:
            raise InvalidClientError(description="The client_id is another than the one proved.", status_code=401)
        return client

    def allowed(self, code: str, request: Asked) -> None:
        """Keep a grant with its code."""
        allowing: Allowing = request.user
        now, scopes = self.office.clock(), tuple(request.scope.split())
        grant = Grant(
            id=new_secret(),
            patient=allowing.patient,
            app=request.client.app.id,
            actor=msgspec.structs.replace(allowing.actor, session=""),
            purpose=allowing.purpose,
            scopes=scopes,
            at=now,
            until=self._until(request.client, scopes),
            subject=self._subject(allowing, request.client),
            handle=self.office.patient_id(allowing.patient),
            label=allowing.label,
        )
        held = Spendable(
            kind="code",
            grant=grant.id,
            patient=grant.patient,
            until=now + CODE_LIFETIME,
            scopes=scopes,
            redirect=request.payload.redirect_uri,
            challenge=request.payload.data["code_challenge"],
            nonce=request.payload.data.get("nonce", ""),
            authenticated=allowing.authenticated,
        )
        acts.allow(self.office, grant, code, held)

    def held(self, secret: str, kind: Literal["code", "refresh"], client: Client) -> Held | None:
        """What a secret stands for, if it was given to this app and is in force. One that was spent before ends the
        whole grant."""
        found = acts.find_secret(self.office, secret)
        what, is_good = found or (None, False)
        grant = acts.grant_by_id(self.office.storage.reader(), what.grant) if what else None
        if what is None or grant is None or what.kind != kind or grant.app != client.app.id:
            return None
        if not is_good:
            acts.spend(self.office, secret)
            return None
        now = self.office.clock()
        return Held(secret, what, grant) if now < what.until and grant.live(now) else None

    def issue(self, request: Asked, grant: Grant | None, scope: str) -> dict[str, object]:
        """The token's answer; what it was given for is spent first, in the act that keeps the next refresh token."""
        now = self.office.clock()
        lifetime = ACCESS_LIFETIME if grant else BACKEND_LIFETIME
        until = min(now + lifetime, grant.until) if grant else now + lifetime
        body: dict[str, object] = {"token_type": "Bearer", "expires_in": (until - now) // 1000, "scope": scope}
        body["access_token"] = access = access_token(self.office, request, grant, scope, until)
        if grant is not None:
            body |= self._following(request)
            words = scope.split()
            if "launch/patient" in words or LAUNCH in words:
                body["patient"] = grant.handle
            if "openid" in words and request.authorization_code:
                body["id_token"] = id_token(self.office, request.authorization_code, words, access, until)
        return body

    def save_token(self, token: dict[str, object], request: Asked) -> None:
        """Nothing: a token is not kept, and what follows it was kept when it was issued."""

    def create_oauth2_request(self, request: Sent | Asked) -> Asked:
        """A request as the library wants it."""
        return request if isinstance(request, Asked) else Asked(request)

    def handle_response(self, status: int, body: Any, headers: list[tuple[str, str]]) -> Answer:
        """An answer of the library."""
        return Answer(status, body, dict(headers).get("Location", ""))

    def handle_error_response(self, _request: object, error: OAuth2Error) -> Answer:
        """An error of the library, without the words it quotes from a request."""
        if error.error in ("unsupported_grant_type", "unsupported_response_type"):
            error.description = ""
        if error.error == "invalid_client":
            error.status_code = 401
        return self.handle_response(*error())

    def send_signal(self, name: str, *_: Any, **__: Any) -> None:
        """Nobody listens."""

    def _following(self, request: Asked) -> dict[str, object]:
        spent: Held = request.authorization_code or request.refresh_token
        following = acts.spend(self.office, spent.secret, OFFLINE in spent.what.scopes)
        if following is None:
            raise InvalidGrantError()
        return {"refresh_token": following} if following else {}

    def _orderly(self, sent: Sent, act: Callable[[], T]) -> T | Answer:
        """An act on a request that the library can read; on what it cannot read it raises ``ValueError``."""
        if sent.repeated():
            return self.handle_error_response(None, InvalidRequestError("A parameter stands twice."))
        try:
            return act()
        except ValueError:
            return self.handle_error_response(None, InvalidRequestError("The request cannot be read."))

    def _for_us(self, grant: Any) -> None:
        """Refuse a request that is meant for another server (SMART's ``aud``, RFC 8707's ``resource``), that is to be
        read from elsewhere than its parameters, or that wants an answer without a page."""
        data = grant.request.payload.data
        state, back = data.get("state"), grant.redirect_uri
        if data.get("aud", data.get("resource", "")).rstrip("/") not in [self.office.base + each for each in RESOURCES]:
            raise InvalidRequestError("The aud must be the address of this service.", state=state, redirect_uri=back)
        if data.get("response_mode", "query") != "query":
            raise InvalidRequestError("The response_mode must be query.", state=state, redirect_uri=back)
        if LAUNCH in (grant.request.payload.scope or "").split() and not data.get(LAUNCH):
            raise InvalidRequestError("The scope launch needs the parameter launch.", state=state, redirect_uri=back)
        for name, error in NOT_SUPPORTED.items():
            if name in data:
                raise OAuth2Error(error=error, state=state, redirect_uri=back)
        if "none" in data.get("prompt", "").split():
            raise OAuth2Error(error="interaction_required", state=state, redirect_uri=back)

    def _until(self, client: Client, scopes: tuple[str, ...]) -> int:
        return self.office.clock() + (client.app.days * DAY if OFFLINE in scopes else ACCESS_LIFETIME + CODE_LIFETIME)

    def _subject(self, allowing: Allowing, client: Client) -> str:
        """What the app has known this person by before, else something new that no other app knows."""
        given = acts.given_by(self.office.storage.reader(), allowing.actor.person)
        return next((grant.subject for grant in given if grant.app == client.app.id), digest(new_secret())[:32])

    def _with_issuer(self, answer: Answer) -> Answer:
        """Say who answers, so that an app that knows several servers cannot be led astray (RFC 9207)."""
        if answer.location:
            answer.location = add_params_to_uri(answer.location, [("iss", self.office.base)])
        return answer


def _basic(request: Asked) -> bool:
    return "Authorization" in request.headers
