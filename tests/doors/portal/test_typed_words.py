"""What nobody could see is no text, wherever a person may write one, and nothing is cut short in silence."""

import re
from collections.abc import Callable

import pytest

from patientoverblik.access import Block
from patientoverblik.demo.organisations import organisations
from patientoverblik.service import House
from patientoverblik.service.typed import MOST_WORDS
from tests.doors.portal.browser import Browser
from tests.doors.portal.test_own_words import plain, token
from tests.doors.portal.test_remarks import say
from tests.doors.portal.test_worklist import answer
from tests.doors.portal.told import KEY_OF, place_of, someone

EYE = organisations()["eye-clinic"].reference
ABOUT = "Fundusfoto og OCT"
Answer = tuple[int, str]
Write = Callable[[House, str], Answer]
UNSEEN = ("\u200b", "\u2060\u200d", "\x01\x02", "\u202e\u202c", " \u00a0\n", "\ufe0f", "\u3164", "\u2800")
TOO_MUCH = "å" * (MOST_WORDS + 1)


@pytest.fixture(scope="module")
def story() -> Callable[[], House]:
    return place_of("F")


@pytest.fixture
def place(story: Callable[[], House]) -> House:
    return story()


def sent(client: Browser, address: str, **form: str) -> Answer:
    """A form filled in and sent: the status, and the page that came of it."""
    got = client.post(address, data={"csrf": token(client.get(address).text), **form})
    return got.status_code, plain(got.text)


def a_goal(place: House, words: str) -> Answer:
    client, base = someone(place, "nancy")
    return sent(client, f"{base}/vigtigt", line="", words=words)


def a_message(place: House, words: str) -> Answer:
    got = say(*someone(place, "nancy"), ABOUT, words)
    return got.status_code, plain(got.text)


def an_answer(place: House, words: str, who: str = "oejenlaege") -> Answer:
    say(*someone(place, "nancy"), ABOUT, "Jeg skal først om to år")
    client, base = someone(place, who)
    remark = re.search(r'name="remark" value="([^"]+)"', client.get(f"{base}/henvendelser").text)
    assert remark
    return sent(client, f"{base}/henvendelser", remark=remark[1], action="answer", words=words)


def writing_again(place: House, words: str) -> Answer:
    return an_answer(place, words, "nancy")


def a_declining(place: House, words: str) -> Answer:
    got = answer(*someone(place, "genoptraening"), "declined", words)
    return got.status_code, plain(got.text)


def blocked(place: House) -> tuple[Browser, str]:
    """A doctor who has looked, and been told that something is blocked."""
    block = Block("b1", origin=EYE)
    place.storage.act(lambda held: held.put_block(KEY_OF(place), block)).result()
    client, base = someone(place, "egen-laege")
    client.get(base)
    return client, base


def an_override(place: House, words: str) -> Answer:
    client, base = blocked(place)
    return sent(client, f"{base}/vaerdispring", ground="consent", reason=words)


def an_account(place: House, words: str) -> Answer:
    client, base = blocked(place)
    sent(client, f"{base}/vaerdispring", ground="consent", reason="Patienten sidder her")
    follow_up = re.search(r'name="follow_up" value="([^"]+)"', client.get("/opfoelgning").text)
    assert follow_up
    return sent(client, "/opfoelgning", follow_up=follow_up[1], answer=words)


WRITES: tuple[tuple[Write, str], ...] = (
    (a_goal, "Skriv, hvad du vil have til at stå"),
    (a_message, "Skriv, hvad du vil have til at stå"),
    (an_answer, "Skriv, hvad du vil have til at stå"),
    (writing_again, "Skriv, hvad du vil have til at stå"),
    (a_declining, "Skriv, hvorfor I siger nej"),
    (an_override, "Skriv, hvorfor spærringen skal ophæves"),
    (an_account, "Skriv et svar"),
)
each_write = pytest.mark.parametrize(("write", "asked"), WRITES, ids=lambda one: getattr(one, "__name__", ""))


@pytest.mark.parametrize("words", UNSEEN, ids=ascii)
@each_write
def test_what_nobody_can_see_is_asked_for_again(place: House, write: Write, asked: str, words: str) -> None:
    status, page = write(place, words)
    assert status in (400, 422)
    assert asked in page


@each_write
def test_what_is_too_long_is_said_to_be_and_not_cut(place: House, write: Write, asked: str) -> None:
    status, page = write(place, TOO_MUCH)
    assert status in (400, 422)
    assert "Teksten er for lang. Skriv højst 2000 tegn" in page


@each_write
def test_what_can_be_seen_is_taken(place: House, write: Write, asked: str) -> None:
    status, page = write(place, "\u200bDet passer \U0001f469\u200d\u2695\ufe0f")
    assert status == 200
    assert asked not in page
