"""What somebody hostile sends to the doors of tokens: secrets with something added, towers of brackets, keys without end."""

import asyncio
import base64
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from patientoverblik.edges.identity.bearer import identify
from patientoverblik.edges.identity.keys import TrustedKeys, from_address
from tests.doors.identity.tokens.place import ASSERTION_TYPE, EC, OTHER_EC, Place, jwks
from tests.doors.identity.tokens.test_bearer import code, issuer, token
from tests.unit.portal import sample

TOWER = base64.urlsafe_b64encode(b"[" * 5000).decode().rstrip("=")
TOWERS = (f"{TOWER}.e30.e30", f"e30.{TOWER}.e30", f"{TOWER}.{TOWER}.{TOWER}")
ENDLESS = 8 << 20


@pytest.fixture
def place() -> Place:
    return Place()


def test_a_code_with_something_added_is_no_code_and_leaves_the_code_alone(place):
    code = place.code()
    assert place.token(f"{code}.x").json()["error"] == "invalid_grant"
    first = place.token(code)
    assert first.status_code == 200
    assert place.token(code).json()["error"] == "invalid_grant"
    assert place.overview(first.json()["access_token"]).status_code == 401, "a code used twice ends what it gave"


@pytest.mark.parametrize("tower", TOWERS)
def test_a_tower_of_brackets_is_refused_like_any_other_nonsense(place, tower):
    given = place.backend(assertion=tower)
    assert given.status_code in (400, 401)
    assert given.json()["error"] in ("invalid_client", "invalid_request")
    back = place.world.post("/oauth/revoke", data={"token": tower, "client_id": "dagbog"})
    assert back.status_code in (200, 400)
    sent = {"token": "x", "client_assertion_type": ASSERTION_TYPE, "client_assertion": tower}
    assert place.world.post("/oauth/revoke", data=sent).status_code in (400, 401)
    assert place.overview(tower).status_code == 401


def test_while_keys_are_being_read_those_who_come_wait_and_are_not_turned_away():
    reading, may_end = threading.Event(), threading.Event()

    def slow() -> bytes:
        reading.set()
        assert may_end.wait(60)
        return jwks(EC)

    async def two() -> list[str]:
        believed = (issuer(keys=TrustedKeys(slow)),)
        first = asyncio.create_task(identify(token(), believed, sample.NOW))
        await asyncio.to_thread(reading.wait, 10)
        second = asyncio.create_task(identify(token(jti="t-2"), believed, sample.NOW))
        await asyncio.sleep(0)
        may_end.set()
        return [getattr(found, "code", "") for found in await asyncio.gather(first, second)]

    assert asyncio.run(two()) == ["", ""]


@pytest.mark.parametrize(
    "claim", [{"at_hash": "x"}, {"c_hash": "x"}, {"events": {"http://schemas.openid.net/event/backchannel-logout": {}}}]
)
@pytest.mark.parametrize("kind", ["JWT", "at+jwt"])
def test_an_id_token_or_a_logout_token_is_no_access_token_however_loose_its_issuer_is(claim, kind):
    loose = issuer(profile="smart")
    assert code(token(header={"typ": kind}), loose) == ""
    assert code(token(header={"typ": kind}, **claim), loose) == "identity.token-type"


class _Endless(BaseHTTPRequestHandler):
    """Sends a key set that does not end, up to a limit that the test can bear."""

    sent = 0

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            while type(self).sent < ENDLESS:
                self.wfile.write(b" " * 65_536)
                type(self).sent += 65_536
        except OSError:
            pass

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_a_key_set_without_end_is_not_read_to_its_end(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with ThreadingHTTPServer(("127.0.0.1", 0), _Endless) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with pytest.raises(ValueError, match="too large"):
            from_address(f"http://127.0.0.1:{server.server_port}/jwks")()
        server.shutdown()
    assert _Endless.sent < ENDLESS


def test_a_key_of_another_issuer_is_not_believed_by_the_name_of_ours():
    both = (issuer(), issuer(issuer="https://other.example", keys=TrustedKeys(lambda: jwks(OTHER_EC))))
    assert code(token(OTHER_EC), *both) == "identity.token-key"
    assert code(token(OTHER_EC, header={"kid": EC.kid}), *both) == "identity.token-signature"
    assert code(token(OTHER_EC, iss="https://other.example"), *both) == ""


@pytest.mark.parametrize("read", [from_address("https://["), from_address("https://"), lambda: b"[" * 50_000])
def test_keys_that_cannot_be_had_refuse_the_token_and_break_nothing(read):
    assert code(token(), issuer(keys=TrustedKeys(read))) == "identity.token-key"
