"""What patients' documents say leaves only as an answer: never in a log, an error, an address, a header or an exception.

Unique marks stand in every text of the documents and in the patient's number; every door is opened as it should be, where
it is refused, where it is asked nonsense, and where the storage breaks. Everything logged from DEBUG on is read.
"""

import logging
import re
from contextlib import contextmanager

import msgspec
import pytest

from patientoverblik.access import Actor
from patientoverblik.service import Delivery, Handed, Refused, deliver
from tests.generative.doors.doors import Reader, Visit, certain, command
from tests.generative.doors.every import every_answer
from tests.generative.doors.marks import everywhere, planted
from tests.generative.doors.worlds import (
    CITIZEN,
    DOCTOR,
    RELATIVE,
    Document,
    about,
    furnished,
    named,
    place,
    power,
    synthetic,
    whose,
)
from tests.unit.service.make import run

MARK = "Hemmeligtmaerke"
EVERYTHING = power("plans", "appointments", "card", "measurements", "psychiatry")
STRANGER = Reader("fremmed", Actor("professional", "fremmed", "Fremmed", "læge", place("stranger")))
# A form shown again with what it lacks: its choices name the citizen's own documents.
FORMS_AGAIN = ("own bad block", "own no preview")
CLIENT = ("httpx", "httpcore", "hypothesis")


def marked() -> tuple[Document, ...]:
    """Some documents of each kind, a mark in each of their texts; one of them is malformed where its body should be."""
    made = [
        Document(one.name, one.by, one.at, planted(one.data, everywhere, MARK)[0])
        for one in synthetic(0)
        if one.name in ("d0", "d1", "d3", "d5", "d10", "d12", "d14")
    ]
    body, identifier = re.compile(rb"structuredBody>"), re.compile(rb'(<id root="[^"]*" extension=")')
    broken = identifier.sub(rb"\1x", body.sub(b"structuredBodies>", made[0].data), count=1)
    return (*made, Document("broken", made[0].by, made[-1].at + 1, broken))


@pytest.fixture(scope="module")
def story() -> tuple[Document, ...]:
    return marked()


@pytest.fixture
def secrets_of(story):
    """What must not be told: the mark of every text, and the patient's number."""
    return (MARK, whose(story).value)


@contextmanager
def everything_logged(caplog):
    """Every record of every logger from DEBUG on, but for those of the test's own HTTP client."""
    for name in CLIENT:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with caplog.at_level(logging.DEBUG):
        yield
    for record in caplog.records:
        assert record.exc_info is None, record.name


def is_clean(text: object, secret: tuple[str, ...]) -> bool:
    return not any(one in str(text) for one in secret)


def logged_clean(caplog, secret) -> bool:
    said = [(record.name, record.getMessage(), record.args, record.__dict__) for record in caplog.records]
    return all(is_clean(one, secret) for one in said)


def head(answer: bytes) -> str:
    """Status and headers of a page's answer."""
    return answer.split(b"\n", 2)[1].decode()


def addresses(answer: bytes) -> list[str]:
    """Every address that a page leads to, but for telephones and mail."""
    return [
        one
        for one in re.findall(r'(?:href|action|src)="([^"]*)"', answer.decode())
        if not one.startswith(("tel:", "mailto:"))
    ]


@pytest.mark.parametrize("reader", [DOCTOR, CITIZEN, RELATIVE, STRANGER], ids=lambda reader: reader.name)
def test_success_and_refusal_put_nothing_in_logs_addresses_or_headers(story, secrets_of, reader, caplog, capsys):
    with everything_logged(caplog):
        house = furnished(story, powers=(EVERYTHING,))
        answers = every_answer(house, reader, about(story))
    assert caplog.records
    assert logged_clean(caplog, secrets_of)
    assert capsys.readouterr().err == ""
    if reader is not STRANGER:
        assert MARK.encode() in answers["overview"]
    for asked, answer in answers.items():
        if answer[:3].isdigit():
            assert is_clean(head(answer), secrets_of), asked
            assert all(is_clean(one, secrets_of) for one in addresses(answer)), asked
            if not answer.startswith((b"200", b"303")) and asked not in FORMS_AGAIN:
                assert is_clean(answer.decode(), secrets_of), asked
        else:
            code, _, rest = answer.partition(b"\n")
            errors = rest.rpartition(b"\n--\n")[2]
            assert is_clean(errors.decode(), secrets_of), asked
            assert code == b"0" or is_clean(rest.decode(errors="replace"), secrets_of), asked


def nonsense(visit: Visit, secret: str):
    """Wrong posts, addresses and bodies that hold a patient's words where they do not belong."""
    form = {"persona": secret, "whose": secret, "cpr": secret}
    for path in ("/log-ind", "/patient", "/vaelg", "/log-ud", "/nowhere"):
        for csrf in (visit.csrf, secret, ""):
            yield visit.ask("POST", path, data={**form, "csrf": csrf})
        yield visit.ask("POST", path, files={"cpr": (secret, secret.encode(), "text/plain")})
        yield visit.ask(
            "POST", path, content=secret.encode(), headers={"content-type": "multipart/form-data; boundary=x"}
        )
        yield visit.ask("POST", path, data={f"{secret}{n}": secret for n in range(30)})
    for path in (
        f"/p/{secret}",
        f"/p/{secret}/dokument/{secret}",
        f"{visit.base}/dokument/{secret}",
        f"/{secret}",
        f"/static/{secret}",
    ):
        yield visit.ask("GET", path)
    for body in (
        b'{"patient": "%s"',
        b'{"patient": ["%s"]}',
        b'{"%s": 1}',
        b'{"patient": "%s"}',
        b'{"patient": "x", "system": "%s"}',
        b"\xff%s",
    ):
        for token in (visit.csrf, secret.encode("ascii", "replace").decode()):
            yield visit.ask(
                "POST", "/api/overblik", content=body.replace(b"%s", secret.encode()), headers={"x-csrf-token": token}
            )
    yield visit.ask("GET", "/", headers={"authorization": f"Bearer {secret.encode('ascii', 'replace').decode()}"})


@pytest.mark.parametrize("secret", ["9912310000", "Hemmeligtmaerke"])
@pytest.mark.parametrize("reader", [DOCTOR, CITIZEN], ids=lambda reader: reader.name)
def test_nonsense_is_repeated_nowhere(story, reader, secret, caplog, capsys):
    with everything_logged(caplog), certain():
        visit = Visit(furnished(story, powers=(EVERYTHING,)), reader, whose(story))
        answers = [answer for _, answer in visit.enter()]
        answers += nonsense(visit, secret)
    assert not [answer for answer in answers if secret.encode() in answer]
    assert not [answer for answer in answers if answer.startswith(b"500")]
    assert logged_clean(caplog, (secret,))
    assert capsys.readouterr().err == ""


class Breaking:
    """A storage that breaks with a patient's words in the exception, at the n-th time it is used."""

    def __init__(self, storage, fault: Exception, after: int) -> None:
        self.storage, self.fault, self.left = storage, fault, after

    def _use(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise self.fault

    def reader(self):
        self._use()
        return self.storage.reader()

    def snapshot(self):
        self._use()
        return self.storage.snapshot()

    def act(self, work):
        self._use()
        return self.storage.act(work)

    def close(self) -> None:
        pass


@pytest.mark.parametrize("fault", [ValueError, KeyError, OSError, RuntimeError])
@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_storage_that_breaks_is_told_by_a_code_and_nothing_else(story, secrets_of, fault, after, caplog, capsys):
    raised = fault(f"{MARK} {whose(story).value}")
    with everything_logged(caplog), certain():
        house = furnished(story, powers=(EVERYTHING,))
        visit = Visit(house, DOCTOR, whose(story))
        list(visit.enter())
        visit.csrf = visit.csrf or "x"
        broken = msgspec.structs.replace(house, storage=Breaking(house.storage, raised, after))
        again = Visit(broken, DOCTOR, whose(story))
        again.browser.cookies, again.csrf, again.base = visit.browser.cookies, visit.csrf, visit.base
        for name, answer in [*each_broken(again, tuple(named(story)), after)]:
            assert is_clean(answer.decode(), secrets_of), name
        for words in (("show",), ("find", "--json"), ("explain", "x"), ("replay", "x"), ("retrieve", "x")):
            broken.storage.left = after
            said = command(broken, DOCTOR, whose(story).value, *words)
            if said.code:
                assert is_clean(said.err + said.out.decode(), secrets_of), words
                assert re.fullmatch(r"[a-z]+\.[a-z-]+: .*\n", said.err), said.err
    assert logged_clean(caplog, secrets_of)
    assert capsys.readouterr().err == ""


def each_broken(visit: Visit, documents: tuple[str, ...], after: int):
    for path in (
        visit.base,
        f"{visit.base}/dokumenter",
        f"{visit.base}/dokument/{documents[0]}",
        f"{visit.base}/opslag",
        "/",
    ):
        visit.house.storage.left = after
        yield path, visit.ask("GET", path)
    visit.house.storage.left = after
    yield (
        "api",
        visit.ask("POST", "/api/overblik", json={"patient": visit.patient.value}, headers={"x-csrf-token": visit.csrf}),
    )
    visit.house.storage.left = after
    yield "search", visit.ask("POST", "/patient", data={"cpr": visit.patient.value, "csrf": visit.csrf})


def test_what_is_delivered_is_repeated_in_no_finding_refusal_or_log(story, secrets_of, caplog):
    """Documents that are malformed in many ways, and the command line's receipt of each."""
    system = Actor("job", "operator")
    with everything_logged(caplog):
        for one in story[:4]:
            for data in malformed(one.data):
                house = furnished(story)
                answer = run(deliver(house, system, Delivery((Handed(data),))))
                findings = answer.findings if isinstance(answer, Refused) else answer.receipts[0].findings
                for finding in findings:
                    assert is_clean((finding, finding.da(), finding.en()), secrets_of)
    assert logged_clean(caplog, secrets_of)


def malformed(data: bytes):
    yield data[: len(data) // 2]
    yield data.replace(b"</title>", b"</titel>", 1)
    yield data.replace(b"</title>", b"&bang;</title>", 1)
    yield data.replace(b"<recordTarget", b"<recordtarget")
    yield re.sub(rb'value="\d{8}', rb'value="' + MARK.encode(), data)
    yield re.sub(rb'root="1\.2\.208', rb'root="' + MARK.encode(), data)
    yield re.sub(rb'code="', rb'code="' + MARK.encode(), data)
    yield data.replace(b"<id ", b"<id nullFlavor='" + MARK.encode() + b"' ")
    yield b"\xff" + data
    yield data.decode().encode("utf-16")
