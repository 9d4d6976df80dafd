"""The pages on who may see what: an override, blocks, the log, and a page that ends with its permit."""

import html
import re

import msgspec
import pytest

from patientoverblik import service
from patientoverblik.access import Actor, Block, Custody, Notice, Opening, Override, PersonFacts
from patientoverblik.app.login import with_test_login
from patientoverblik.edges.portal.dates import clock_text, danish_time, instant_text
from patientoverblik.service import Previewed, Shown
from tests.doors.portal.browser import Browser
from tests.doors.portal.test_pages import CPR, logged_in, search, token
from tests.unit.portal import house as made
from tests.unit.portal import sample

NOW = sample.NOW
HOUR = 3_600_000


def acts(**changes):
    return msgspec.structs.replace(made.acts(), **changes)


def looking(**fields):
    """Acts whose look gives an overview on these terms."""

    async def look(house, actor, patient, purpose, view):
        return made.given(Shown, overview=sample.overview(view), **fields)

    return acts(look=look)


def at_house(persona, given):
    """Somebody logged in, and the storage of the house they are in."""
    house = made.house()
    client = Browser(with_test_login(house, made.settings(acts=given), demo=True))
    client.log_in(persona)
    return client, house.storage


def own(client):
    """The address of the citizen's own overview."""
    return client.post("/vaelg", data={"whose": "0", "csrf": token(client.get("/").text)}).url.path


def plain(page: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", page))


class Opened:
    """Remembers whether an override was asked for, and on what ground."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    async def __call__(self, house, actor, patient, ground, reason):
        self.asked.append((ground, reason))
        return Opening("urn:uuid:o", actor.id, actor.session, actor.organisation, NOW, NOW + HOUR, ground, reason)


@pytest.mark.parametrize(
    ("sent", "missing"),
    [
        ({"reason": "Bevidstløs"}, "Vælg en grund"),
        ({"ground": "consent", "reason": "  "}, "Skriv, hvorfor spærringen skal ophæves"),
        ({"ground": "curiosity", "reason": "Bevidstløs"}, "Vælg en grund"),
        ({"ground": "unstated", "reason": "Bevidstløs"}, "Vælg en grund"),
    ],
)
def test_an_override_without_ground_or_reason_opens_nothing_and_says_what_is_missing(sent, missing):
    opened = Opened()
    client = logged_in(acts=acts(override=opened))
    address = f"{search(client).url.path}/vaerdispring"
    answer = client.post(address, data={"csrf": token(client.get(address).text), **sent})
    assert (answer.status_code, opened.asked) == (400, [])
    assert missing in plain(answer.text)


def test_an_override_is_asked_for_with_ground_and_reason_and_leads_to_the_overview():
    opened = Opened()
    client = logged_in(acts=acts(override=opened))
    base = search(client).url.path
    page = client.get(f"{base}/vaerdispring").text
    assert not re.search(r'type="radio"[^>]*checked', page)
    answer = client.post(
        f"{base}/vaerdispring", data={"csrf": token(page), "ground": "unreachable", "reason": "Bevidstløs"}
    )
    assert opened.asked == [("unreachable", "Bevidstløs")]
    assert answer.url.path == base


@pytest.mark.parametrize("persona", ["nancy", "paaroerende"])
def test_only_a_professional_is_given_the_form_of_an_override(persona):
    opened = Opened()
    client = logged_in(persona, acts=acts(override=opened))
    base = own(client)
    for answer in (
        client.get(f"{base}/vaerdispring"),
        client.post(
            f"{base}/vaerdispring", data={"csrf": token(client.get("/").text), "ground": "consent", "reason": "x"}
        ),
    ):
        assert answer.status_code == 403
    assert opened.asked == []


def test_an_override_is_seen_as_long_as_it_holds_and_on_the_print():
    client = logged_in(acts=looking(override=Override("consent", "Patienten sidder her"), asked_again_at=NOW + HOUR))
    page = search(client).text
    told = (
        "Værdispring: du ser alt, også det patienten har spærret for. Grund: patienten har sagt ja. Det varer til kl. "
    )
    assert page.count(told) == 2
    assert "Patienten sidder her" not in page


def test_a_page_says_when_its_permit_ends_with_and_without_a_script():
    page = search(logged_in(acts=looking(asked_again_at=NOW + 90_500))).text
    assert 'data-permit-seconds="91"' in page
    assert '<noscript><meta http-equiv="refresh" content="91;url=?igen=1"></noscript>' in page


@pytest.mark.parametrize("until", [0, NOW + 9 * HOUR])
def test_a_permit_that_outlasts_the_session_is_not_told(until):
    assert "data-permit-seconds" not in search(logged_in(acts=looking(asked_again_at=until))).text


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"dead": True}, "Patienten er død"),
        ({"follow_ups": ("unconfirmed-relation",)}, "Din adgang efterprøves"),
        ({"follow_ups": ("own-data",)}, "Du slår dig selv op"),
        ({"follow_ups": ("family",)}, "Du slår en fra din familie op"),
        ({"follow_ups": ("colleague",)}, "Du slår en kollega op"),
    ],
)
def test_what_a_look_stands_on_is_said_above_the_overview(fields, told):
    page = search(logged_in(acts=looking(**fields))).text
    assert page.index(told) < page.index("Det er vigtigt for mig")
    assert told not in search(logged_in(acts=looking())).text


def test_an_override_is_offered_only_where_it_may_be_asked_for():
    assert "/vaerdispring" in html.unescape(search(logged_in(acts=looking(may_override=True))).text)
    assert "/vaerdispring" not in html.unescape(search(logged_in(acts=looking())).text)


def test_the_citizen_is_told_at_once_and_says_when_they_have_seen_it():
    doctor = Actor("professional", "laege", "Anna Læge", "læge", made.GP)
    asked = []

    async def notices(house, actor, patient):
        told = Notice("urn:uuid:n", made.KEY, "override", NOW, doctor, "urn:uuid:o")
        return (told, msgspec.structs.replace(told, id="urn:uuid:old", seen=NOW))

    async def seen(house, actor, patient, notice):
        asked.append(notice)
        return Notice(notice, made.KEY, "override", NOW, doctor)

    client = logged_in("nancy", acts=acts(notices=notices, seen=seen))
    base = own(client)
    page = client.get(base).text
    assert plain(page).count("Nogen har brugt værdispring") == 1
    assert "Anna Læge, Lægerne Testvej" in plain(page)
    client.post(f"{base}/beskeder", data={"csrf": token(page), "notice": "urn:uuid:n"})
    assert asked == ["urn:uuid:n"]


def test_overrides_by_one_person_are_told_together_and_seen_together():
    doctor = Actor("professional", "laege", "Anna Læge", "læge", made.GP)
    another = msgspec.structs.replace(doctor, id="anden", name="Bo Læge")
    told = Notice("urn:uuid:3", made.KEY, "override", NOW, doctor, "urn:uuid:o")
    asked = []

    async def notices(house, actor, patient):
        others = (
            msgspec.structs.replace(told, id="urn:uuid:2", at=NOW - HOUR, actor=another),
            msgspec.structs.replace(told, id="urn:uuid:1", at=NOW - 2 * HOUR),
            msgspec.structs.replace(told, id="urn:uuid:w", at=NOW - 3 * HOUR, kind="withdrawn"),
        )
        return (told, *others)

    async def seen(house, actor, patient, notice):
        asked.append(notice)
        return told

    client = logged_in("nancy", acts=acts(notices=notices, seen=seen))
    base = own(client)
    page = client.get(base).text
    first, once, last = (instant_text(NOW - number * HOUR) for number in (2, 1, 0))
    assert plain(page).count("Nogen har brugt værdispring") == 2
    assert f"Anna Læge, Lægerne Testvej brugte værdispring 2 gange, første gang {first} og senest {last}." in plain(
        page
    )
    assert f"Bo Læge, Lægerne Testvej brugte værdispring {once}." in plain(page)
    both = html.unescape(re.search(r'name="notice" value="(urn:uuid:3[^"]*)"', page)[1])
    client.post(f"{base}/beskeder", data={"csrf": token(page), "notice": both.replace("\n", "\r\n")})
    assert asked == ["urn:uuid:3", "urn:uuid:1"]


class Blocks:
    """Remembers the blocks that were put, and what was previewed."""

    def __init__(self) -> None:
        self.put: list[Block] = []
        self.seen: list[Block | None] = []

    async def put_block(self, house, actor, patient, block):
        self.put.append(block)
        return block

    async def preview_block(self, house, actor, patient, block, party, view):
        self.seen.append(block)
        return Previewed(sample.overview(view))

    async def blocks(self, house, actor, patient):
        return tuple(self.put)

    async def who_can_see(self, house, actor, patient, document=""):
        return ()

    @property
    def acts(self):
        return acts(
            put_block=self.put_block, preview_block=self.preview_block, blocks=self.blocks, who_can_see=self.who_can_see
        )


def option(page: str, select: str, text: str) -> str:
    """The value of a choice by its text."""
    part = re.search(rf'<select[^>]*name="{select}".*?</select>', page, re.DOTALL)[0]
    return next(
        value
        for value, shown in re.findall(r'<option value="([^"]*)"[^>]*>([^<]*)<', part)
        if html.unescape(shown) == text
    )


def test_a_preview_shows_what_a_block_would_do_and_makes_none():
    held = Blocks()
    client = logged_in("nancy", acts=held.acts)
    base = own(client)
    form = client.get(f"{base}/spaerringer/ny").text
    asked = {"csrf": token(form), "kind": "block", "who": option(form, "who", sample.GP), "action": "preview"}
    page = client.post(f"{base}/spaerringer", data=asked).text
    assert f"Sådan ser {sample.GP} dit overblik" in page
    assert (len(held.seen), held.put) == (1, [])


def test_a_block_is_made_as_it_was_described_in_danish_days():
    held = Blocks()
    client = logged_in("nancy", acts=held.acts)
    base = own(client)
    form = client.get(f"{base}/spaerringer/ny").text
    asked = {
        "csrf": token(form),
        "kind": "block",
        "who": option(form, "who", sample.GP),
        "units": "on",
        "from": "2026-03-29",
        "to": "2026-03-29",
        "action": "put",
    }
    page = client.post(f"{base}/spaerringer", data=asked).text
    made_block = held.put[0]
    assert (made_block.organisation.value, made_block.with_units, made_block.kind) == (made.GP.value, True, "block")
    assert made_block.origin_until - made_block.origin_from == 23 * HOUR  # the night the clocks go forward
    assert (
        f"{sample.GP} med alle afdelinger kan ikke se dine oplysninger fra 29. marts 2026 til og med 29. marts 2026"
        in page
    )


@pytest.mark.parametrize(
    "sent", [{}, {"who": "0" * 20}, {"who": "all", "until": "2026-02-30"}, {"kind": "consent", "who": "all"}]
)
def test_a_block_that_says_too_little_is_not_made(sent):
    held = Blocks()
    client = logged_in("nancy", acts=held.acts)
    base = own(client)
    asked = {"csrf": token(client.get(f"{base}/spaerringer/ny").text), "kind": "block", **sent}
    assert client.post(f"{base}/spaerringer", data=asked).status_code == 400
    assert held.put == []


def test_no_form_of_a_block_holds_anybodys_identifier():
    """Who has looked is chosen by name; the id of a professional or a patient key stands on no page."""
    client = logged_in("nancy", acts=Blocks().acts)
    page = client.get(f"{own(client)}/spaerringer/ny").text
    values = re.findall(r'value="([^"]*)"', page)
    assert "Anna Læge" in page
    assert not [value for value in values if value in ("laege", made.GP.value, str(made.KEY))]
    assert CPR not in page


def test_the_log_is_had_as_a_sheet_that_is_no_program():
    async def log_page(house, actor, patient, asked):
        found = await made.acts().log_page(house, actor, patient, asked)
        evil = msgspec.structs.replace(found.entries[0], who="=HYPERLINK(1)")
        return msgspec.structs.replace(found, entries=(evil,))

    client = logged_in("nancy", acts=acts(log_page=log_page))
    answer = client.get(f"{own(client)}/opslag.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "no-store" in answer.headers["cache-control"]
    assert "'=HYPERLINK(1)" in answer.content.decode("utf-8-sig")


def test_a_page_of_a_fault_sends_nobody_away():
    """It does not know the time, so it must not say when the session ends: a script would take that for now."""
    assert "data-seconds-left" not in search(logged_in("fremmed")).text
    assert "data-seconds-left" in search(logged_in()).text


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("relative-power", "Du ser Nancys overblik med fuldmagt"),
        ("relative-custody", "Du ser Nancys overblik, fordi du har forældremyndigheden"),
        ("relative-guardian", "Du ser Nancys overblik som værge"),
    ],
)
def test_somebody_who_acts_for_another_always_sees_for_whom_and_in_what_capacity(rule, told):
    client = logged_in("paaroerende", acts=looking(rule=rule))
    assert told in plain(client.get(own(client)).text)


def test_a_page_that_asks_for_itself_anew_keeps_no_session_alive():
    """Else a screen somebody left would stay open for as long as the longest session."""
    clock = [NOW]
    client = Browser(with_test_login(made.house(clock=clock), made.settings(), demo=True))
    client.log_in("laege")
    address = search(client).url.path
    clock[0] += 20 * 60_000
    seconds = re.search(r'data-seconds-left="(\d+)"', client.get(f"{address}?igen=1").text)[1]
    assert int(seconds) == 10 * 60
    assert 'data-seconds-left="1800"' in client.get(address).text


def test_an_override_says_when_it_ends():
    given = looking(override=Override("consent", "Patienten sidder her"), asked_again_at=NOW + HOUR)
    client, storage = at_house("laege", given)
    (actor,) = [session.actor for session in storage.reader().open_sessions(NOW, 9)]
    opening = Opening("o", actor.id, actor.session, actor.organisation, NOW, NOW + 32 * 60_000, "consent", "Sagt ja")
    storage.act(lambda transaction: transaction.put_opening(made.KEY, opening)).result()
    ends = clock_text(danish_time(NOW + 32 * 60_000))
    assert f"Det varer til kl. {ends}. Patienten har fået besked" in plain(search(client).text)


def test_a_parent_makes_a_block_for_the_child_and_somebody_with_a_power_of_attorney_does_not():
    real = acts(blocks=service.blocks, put_block=service.put_block)
    client, storage = at_house("paaroerende", real)
    page = own(client)
    assert "Spærringer" not in plain(client.get(page).text)
    assert client.get(f"{page}/spaerringer").status_code == 403
    (actor,) = [session.actor for session in storage.reader().open_sessions(NOW, 9)]
    child = PersonFacts(born=NOW - 5 * 365 * 24 * HOUR)
    storage.act(lambda transaction: transaction.put_person(made.KEY, child)).result()
    storage.act(lambda transaction: transaction.put_custody(made.KEY, Custody("c", actor.person))).result()
    assert "Spærringer" in plain(client.get(page).text)
    form = client.get(f"{page}/spaerringer/ny").text
    assert "Se, hvordan det bliver" not in form
    sent = {"kind": "block", "who": "all", "action": "put", "csrf": token(form)}
    told = plain(client.post(f"{page}/spaerringer", data=sent).text)
    assert "Alle, der behandler patienten, kan ikke se patientens oplysninger" in told
    assert "lavet på vegne af patienten af en, der har forældremyndigheden" in told
    assert "dit overblik, som andre ser det" not in told
