"""Two workers over one database: what one has spent or ended the other does not take, however they race."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import parse_qsl

import msgspec
import pytest

from patientoverblik.access import Actor
from patientoverblik.edges.identity.authorisation import Office, Server, signing_keys
from patientoverblik.edges.identity.authorisation import office as acts
from patientoverblik.edges.identity.authorisation.server import Allowing
from patientoverblik.edges.identity.authorisation.wire import Sent
from patientoverblik.edges.identity.keys import TrustedKeys
from patientoverblik.storage.sqlite import SqliteStorage
from tests.doors.identity.tokens.place import BACK, BASE, EC, SIGNING, VERIFIER, Place, address, apps, jwks
from tests.unit.portal import house as made
from tests.unit.portal import sample

NANCY = Actor("citizen", "nancy", "Nancy", person=4711)


@pytest.fixture
def workers(tmp_path: Path):
    storages = [SqliteStorage(tmp_path / "one.sqlite3") for _ in range(2)]
    signing = signing_keys((SIGNING,))
    keys = {"journal": TrustedKeys(lambda: jwks(EC))}
    yield [Server(Office(BASE, apps(), keys, signing, each, lambda: sample.NOW, made.Numbers())) for each in storages]
    for each in storages:
        each.close()


def code(server: Server) -> str:
    wish = server.wish(Sent("GET", tuple(parse_qsl(address().partition("?")[2]))))
    answer = server.decided(wish, Allowing(NANCY, 4711, "Dig selv", "own-overview", sample.NOW))
    return answer.location.partition("code=")[2].partition("&")[0]


def post(server: Server, **parameters: str):
    return server.token(Sent("POST", tuple(parameters.items())))


def redeem(server: Server, code_: str):
    return post(
        server,
        grant_type="authorization_code",
        code=code_,
        redirect_uri=BACK,
        client_id="dagbog",
        code_verifier=VERIFIER,
    )


def refresh(server: Server, token: str):
    return post(server, grant_type="refresh_token", refresh_token=token, client_id="dagbog")


def race(act, workers, value: str) -> list:
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(lambda number: act(workers[number % 2], value), range(8)))


def test_a_code_that_races_is_redeemed_once_at_most_and_then_all_of_it_ends(workers):
    answers = race(redeem, workers, code(workers[0]))
    assert sum(answer.status == 200 for answer in answers) == 1
    grants = acts.given_by(workers[1].office.storage.reader(), 4711)
    assert [grant.end for grant in grants] == ["used-twice"]


def test_a_refresh_token_that_races_gives_one_following_at_most(workers):
    first = redeem(workers[0], code(workers[0])).body["refresh_token"]
    answers = race(refresh, workers, first)
    assert sum(answer.status == 200 for answer in answers) == 1
    following = next(answer.body["refresh_token"] for answer in answers if answer.status == 200)
    assert refresh(workers[1], following).status == 400


def test_what_one_worker_ends_the_other_refuses(workers):
    given = redeem(workers[0], code(workers[0])).body
    grant = acts.given_by(workers[1].office.storage.reader(), 4711)[0]
    acts.end(workers[1].office, grant, NANCY, "withdrawn")
    assert refresh(workers[0], given["refresh_token"]).body["error"] == "invalid_grant"
    assert acts.spend(workers[0].office, given["refresh_token"], offline=True) is None


def test_an_assertion_is_used_once_over_all_workers(workers):
    place = Place()
    assertion = place.assertion()
    sent = {
        "grant_type": "client_credentials", "scope": "system/*.cruds", "client_assertion": assertion,
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    }  # fmt: skip
    answers = race(lambda server, _: post(server, **sent), workers, "")
    assert sum(answer.status == 200 for answer in answers) == 1


def test_a_refresh_token_leaves_one_row_however_often_it_turns(workers):
    token = redeem(workers[0], code(workers[0])).body["refresh_token"]
    for turn in range(5):
        token = refresh(workers[turn % 2], token).body["refresh_token"]
    rows = workers[0].office.storage._open().one("select count(*) from spendable")[0]
    assert rows == 2


def test_a_grant_that_has_ended_stays_as_it_ended(workers):
    redeem(workers[0], code(workers[0]))
    office = workers[0].office
    grant = acts.given_by(office.storage.reader(), 4711)[0]
    acts.end(office, grant, NANCY, "withdrawn")
    acts.end(office, grant, NANCY, "given-back")
    assert acts.grant_by_id(office.storage.reader(), grant.id) == msgspec.structs.replace(
        grant, ended=sample.NOW, end="withdrawn"
    )
