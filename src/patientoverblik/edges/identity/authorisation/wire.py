"""A request and an answer between the web and the library, which knows neither Starlette nor its clock."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import msgspec
from authlib.oauth2.rfc6749 import OAuth2Payload, OAuth2Request

from patientoverblik.edges.identity.certificate import Certificate

# The transport is guarded by the installation's own setting; the library asks an address for it that a reverse proxy
# has already taken apart.
ADDRESS = "https://authorisation.invalid"
LONGEST_VALUE = 8192


class Sent(msgspec.Struct, frozen=True):
    """A request as it came: the parameters in order (of the query or of the form), headers in lower case, and the
    client certificate of the connection."""

    method: str
    parameters: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = {}
    certificate: Certificate | None = None

    def repeated(self) -> bool:
        """Whether a parameter stands twice (RFC 6749 §3.1, §3.2) or is longer than anything meant."""
        names = [name for name, _ in self.parameters]
        return len(set(names)) < len(names) or any(len(value) > LONGEST_VALUE for _, value in self.parameters)


class Answer(msgspec.Struct):
    """What is answered; ``location`` is where the browser is sent. The library's extensions change it."""

    status: int
    body: Any
    location: str = ""


class Payload(OAuth2Payload):
    """The parameters of a request."""

    def __init__(self, sent: Sent) -> None:
        """Keep them by name."""
        self._data = dict(sent.parameters)
        self._lists: defaultdict[str, list[str]] = defaultdict(list)
        for name, value in sent.parameters:
            self._lists[name].append(value)

    @property
    def data(self) -> dict[str, str]:
        """The last value of each."""
        return self._data

    @property
    def datalist(self) -> defaultdict[str, list[str]]:
        """Every value of each."""
        return self._lists


class Asked(OAuth2Request):
    """A request as the library wants it."""

    def __init__(self, sent: Sent) -> None:
        """Wrap what came."""
        headers = {name.title(): value for name, value in sent.headers.items()}
        super().__init__(sent.method, ADDRESS, headers=headers)
        self.sent = sent
        self.payload = Payload(sent)

    @property
    def args(self) -> dict[str, str]:
        """The parameters of the query."""
        return self.payload.data if self.method == "GET" else {}

    @property
    def form(self) -> dict[str, str]:
        """The parameters of the form."""
        return self.payload.data if self.method == "POST" else {}
