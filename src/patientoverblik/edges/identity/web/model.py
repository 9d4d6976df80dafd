"""The values of a login by OpenID Connect: who we are to the provider, what it says of itself, and what came of it."""

from collections.abc import Mapping
from typing import Any

import msgspec

from patientoverblik.edges.identity.model import Identified

ANSWER_PATH = "/log-ind/svar"
LOGOUT_PATH = "/log-ud/bagkanal"


class Secret:
    """A text that prints as nothing, so that it stands in no log and no trace."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        """Keep the text."""
        self._value = value

    def __bool__(self) -> bool:
        """Whether there is one."""
        return bool(self._value)

    def __repr__(self) -> str:
        """Nothing of it."""
        return "***" if self._value else ""

    __str__ = __repr__

    def reveal(self) -> str:
        """The text itself, for the one call that needs it."""
        return self._value


class Client(msgspec.Struct, frozen=True):
    """What the provider knows us as. ``base`` is our own origin as browsers see it, without a slash at the end, and
    ``answer_path`` where on it the provider's answer comes to; ``leeway`` is by how many seconds the two clocks may
    differ; ``within`` what the ids of people are scoped by where that is not the issuer."""

    issuer: str
    id: str
    base: str
    secret: Secret = Secret("")
    leeway: int = 60
    within: str | None = None
    answer_path: str = ANSWER_PATH

    @property
    def answer_address(self) -> str:
        """Where the provider sends the browser back to; registered with it, and never taken from a request."""
        return self.base + self.answer_path


class Metadata(msgspec.Struct, frozen=True):
    """What a provider says of itself (OpenID Connect Discovery 1.0 §3), in its own words; checked by
    :func:`~patientoverblik.edges.identity.web.discovery.metadata_of`."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    end_session_endpoint: str = ""
    id_token_signing_alg_values_supported: tuple[str, ...] = ("RS256",)
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    code_challenge_methods_supported: tuple[str, ...] = ()
    authorization_response_iss_parameter_supported: bool = False


class Attempt(msgspec.Struct, frozen=True):
    """A login under way, known to the browser only as a sealed cookie. ``at`` is when it began, ms UTC."""

    issuer: str
    state: str
    nonce: str
    verifier: str
    at: int


class Begun(msgspec.Struct, frozen=True):
    """A login just begun: where to send the browser, and the sealed attempt that it keeps meanwhile."""

    address: str
    sealed: str


class Entered(msgspec.Struct, frozen=True):
    """Somebody logged in: who they are, and the provider's own words for them and for its session. ``context`` is what
    else came with the tokens (SMART's launch context), ``access`` the access token they came with."""

    identified: Identified
    subject: str
    sid: str = ""
    context: Mapping[str, Any] = {}
    access: Secret = Secret("")


class LoggedOut(msgspec.Struct, frozen=True):
    """Whose sessions the provider says have ended: of a subject, of one session of its own, or of both."""

    issuer: str
    subject: str = ""
    sid: str = ""
