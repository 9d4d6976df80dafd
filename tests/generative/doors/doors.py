"""The pages and the command line opened as one reader: each answer in bytes, with all that is drawn by lot made certain.

The portal's secrets and the house's ids follow from the question asked, so that two worlds give equal bytes where they
give equal answers; nothing is masked but what a test strips itself. Every door together: :mod:`every`.
"""

import http.cookies
import io
import re
import secrets
import sys
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from typing import Any
from unittest.mock import patch

import httpx
import msgspec

from patientoverblik.access import Actor, OrganisationRef
from patientoverblik.app import console
from patientoverblik.app.settings import Settings
from patientoverblik.app.workshop import AppWorkshop
from patientoverblik.edges.cli.ports import Acting
from patientoverblik.edges.identity import Identified
from patientoverblik.edges.identity.web import Entered
from patientoverblik.edges.portal import Persona, PortalSettings, Whose
from patientoverblik.edges.portal.portal import portal
from patientoverblik.edges.portal.sessions import start
from patientoverblik.edges.soap import sent as soap_answers
from patientoverblik.service import House
from patientoverblik.sharing.model import PatientId
from tests.doors.portal.browser import Browser
from tests.unit.service.make import run

UNKNOWN_NUMBER = "6101701234"
NO_SUCH_DOCUMENT = "urn:uuid:00000000-dead-4000-8000-000000000000"
FOR_EVER = 1 << 62
PAGES = (
    ("overview", ""),
    ("documents", "/dokumenter"),
    ("log page", "/opslag"),
    ("log sheet", "/opslag.csv"),
    ("why", "/hvorfor"),
    ("override", "/vaerdispring"),
)
CONTROL = (
    ("who sees", "/adgang"),
    ("blocks", "/spaerringer"),
    ("new block", "/spaerringer/ny"),
    ("share", "/spaerringer/del"),
)
PURPOSES = {"professional": "treatment", "citizen": "own-overview", "relative": "on-behalf"}


class Reader(msgspec.Struct, frozen=True):
    """Somebody at the doors; ``own`` is their own number where they have one in the house."""

    name: str
    actor: Actor
    own: PatientId | None = None


class About(msgspec.Struct, frozen=True):
    """What is asked about, also where it is not there: the patient, documents (entryUUIDs and uniqueIds), submission
    sets, folders, lines of the overview, resources (``Goal/id``), and business identifiers (``system|value``); ``theirs``
    are the organisations that each document comes from, by its entryUUID."""

    patient: PatientId
    documents: tuple[str, ...] = ()
    unique: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    theirs: Mapping[str, tuple[OrganisationRef, ...]] = {}


class Workshop(AppWorkshop):
    """The app as the command line sees it, but for one house already open and one reader."""

    def __init__(self, house: House, reader: Reader) -> None:
        super().__init__(Settings(database="memory:"))
        self.house, self.reader = house, reader

    def complete(self, act: Any) -> Any:
        return run(act(self.house))

    def has_database(self) -> bool:
        return True

    def personas(self) -> tuple[Acting, ...]:
        reader = self.reader
        return (Acting(reader.name, reader.name, reader.actor, PURPOSES[reader.actor.kind], reader.own),)


class Said(msgspec.Struct, frozen=True):
    """What a command said: exit code, standard output and standard error."""

    code: int
    out: bytes
    err: str

    @property
    def whole(self) -> bytes:
        return b"%d\n%b\n--\n%b" % (self.code, self.out, self.err.encode())


def command(house: House, reader: Reader, number: str, *words: str) -> Said:
    """One command of the command line, the number given on standard input."""
    out, err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True), io.StringIO()
    given = io.TextIOWrapper(io.BytesIO(f"{number}\n".encode()), encoding="utf-8")
    opened = patch.object(console, "AppWorkshop", lambda *_: Workshop(house, reader))
    with opened, patch.multiple(sys, stdin=given, stdout=out, stderr=err):
        code = console._ended(list(words))
    return Said(code, out.buffer.getvalue(), err.getvalue())


@contextmanager
def certain() -> Iterator[None]:
    """No lot is drawn and no cookie reads the machine's clock: secrets come in the order they are asked for."""
    numbers = count(1)
    drawn = {name: lambda *_: f"secret-{next(numbers):06}" for name in ("token_urlsafe", "token_hex")}
    drawn_ids = {"uuid4": lambda: uuid.UUID(int=next(numbers))}
    with (
        patch.multiple(secrets, **drawn),
        patch.multiple(uuid, **drawn_ids),
        patch.multiple(soap_answers, **drawn_ids),
        patch.object(http.cookies, "_getdate", lambda *_: "a day"),
    ):
        yield


def whole(answer: httpx.Response) -> bytes:
    """An answer whole: status, headers and body."""
    assert answer.headers.get("content-length", str(len(answer.content))) == str(len(answer.content))
    headers = sorted((k, v) for k, v in answer.headers.multi_items() if k != "content-length")
    return f"{answer.status_code}\n{headers}\n".encode() + answer.content


class Visit:
    """One reader's visit to the pages of a house."""

    def __init__(self, house: House, reader: Reader, patient: PatientId) -> None:
        self.house, self.reader, self.patient = house, reader, patient
        whose = () if reader.actor.kind == "professional" else (Whose("Overblikket", patient, "on-behalf"),)
        persona = Persona(reader.name, reader.name, "test", reader.actor, reader.own, whose)
        self.settings = PortalSettings(personas=(persona,))
        self.browser = Browser(portal(house, self.settings))
        self.csrf = ""
        self.base = ""

    def ask(self, method: str, path: str, follow: bool = False, **sent: Any) -> bytes:
        """One request and its answer whole: status, headers and body."""
        name_ids(self.house, f"{method} {path}")
        answer = self.browser.request(method, path, follow_redirects=follow, **sent)
        self.last = answer
        found = re.search(r'name="csrf" value="([^"]+)"', answer.text)
        self.csrf = found[1] if found else self.csrf
        return whole(answer)

    def begin(self) -> Iterator[tuple[str, bytes]]:
        """Log in."""
        yield "front", self.ask("GET", "/")
        who = Identified(self.reader.actor, FOR_EVER, self.reader.own)
        begun = run(start(self.house, Entered(who, self.reader.name), self.settings))
        self.browser.cookies.set("overblik", begun.secret)
        yield "choose", self.ask("GET", "/")

    def enter(self) -> Iterator[tuple[str, bytes]]:
        """Log in and stand before the patient."""
        yield from self.begin()
        if self.reader.actor.kind == "professional":
            yield "search", self.ask("POST", "/patient", data={"cpr": self.patient.value, "csrf": self.csrf})
        else:
            yield "whose", self.ask("POST", "/vaelg", data={"whose": "0", "csrf": self.csrf})
        self.base = self.last.headers["location"]

    def pages(self, about: About) -> Iterator[tuple[str, bytes]]:
        """Every page about the patient, also of documents and lines that may not be there."""
        for name, path in PAGES:
            yield name, self.ask("GET", f"{self.base}{path}")
        for document in (*about.documents, NO_SUCH_DOCUMENT):
            yield f"document {document}", self.ask("GET", f"{self.base}/dokument/{document}")
        for line in (*about.lines, "no-such-line"):
            yield f"line {line}", self.ask("GET", f"{self.base}/linje/{line}")
        yield "replay none", self.ask("GET", f"{self.base}/opslag/{NO_SUCH_DOCUMENT}")

    def control(self, about: About) -> Iterator[tuple[str, bytes]]:
        """What the citizen has power over: who sees it and why, the blocks, and the log searched."""
        for name, path in CONTROL:
            yield f"own {name}", self.ask("GET", f"{self.base}{path}")
        for document in (*about.documents[:3], NO_SUCH_DOCUMENT):
            yield f"own who sees {document}", self.form("/adgang", document=document)
        yield "own notice", self.form("/beskeder", notice=NO_SUCH_DOCUMENT)
        yield "own bad block", self.form("/spaerringer", who="0" * 20)
        yield "own no preview", self.form("/spaerringer", who="all", action="preview")
        yield "own end", self.form("/spaerringer/slut", block=NO_SUCH_DOCUMENT)
        yield "log search", self.form("/opslag", person="test", act="overview")
        yield "log after", self.form("/opslag", after=NO_SUCH_DOCUMENT)

    def taking_part(self, about: About) -> Iterator[tuple[str, bytes]]:
        """What the patient writes and the parties answer: the pages of it, and forms about what may not be there."""
        for path in ("/arbejdsliste", "/arbejdsliste?slags=plan&nyt=on", "/tilsluttet"):
            yield f"house {path}", self.ask("GET", path)
        for path in ("/henvendelser", "/overdragelser", "/vigtigt", "/vigtigt/no-such-line"):
            yield f"part {path}", self.ask("GET", f"{self.base}{path}")
        for line in (*about.lines, "no-such-line"):
            yield f"wrong {line}", self.ask("GET", f"{self.base}/linje/{line}/passer-ikke")
        yield "no work", self.ask("POST", "/arbejdsliste/aabn", data={"work": NO_SUCH_DOCUMENT, "csrf": self.csrf})
        yield "no remark", self.form("/henvendelser", remark=NO_SUCH_DOCUMENT, words="Test")
        yield "no own goal", self.form("/vigtigt/slut", line="no-such-line", outcome="achieved")
        yield "no handover", self.form("/overdragelser", line="no-such-line", answer="accepted")

    def form(self, path: str, **fields: str) -> bytes:
        """A form about the patient."""
        return self.ask("POST", f"{self.base}{path}", data={**fields, "csrf": self.csrf})

    def json(self) -> Iterator[tuple[str, bytes]]:
        """The overview as JSON, and its refusals."""
        token = {"x-csrf-token": self.csrf}
        for name, number in (("json", self.patient.value), ("json unknown", UNKNOWN_NUMBER)):
            yield name, self.ask("POST", "/api/overblik", json={"patient": number}, headers=token)
        many = {"patients": [self.patient.value, UNKNOWN_NUMBER, self.patient.value]}
        yield "json plans", self.ask("POST", "/api/planer", json=many, headers=token)
        yield "json bad", self.ask("POST", "/api/overblik", content=b"{", headers=token)
        yield "json no token", self.ask("POST", "/api/overblik", json={"patient": self.patient.value})

    def errors(self) -> Iterator[tuple[str, bytes]]:
        """What is not there, is wrong, or is somebody else's."""
        for number in (UNKNOWN_NUMBER, "123"):
            yield f"search {number}", self.ask("POST", "/patient", True, data={"cpr": number, "csrf": self.csrf})
        yield "no form token", self.ask("POST", "/patient", data={"cpr": self.patient.value})
        yield "not chosen", self.ask("POST", "/vaelg", data={"whose": "7", "csrf": self.csrf})
        yield "other handle", self.ask("GET", "/p/none")
        yield "no page", self.ask("GET", "/nowhere")
        yield "wrong method", self.ask("DELETE", self.base)
        yield "log out", self.ask("POST", "/log-ud", data={"csrf": self.csrf})
        yield "after", self.ask("GET", self.base)


def portal_answers(house: House, reader: Reader, about: About) -> dict[str, bytes]:
    """Every answer of the portal, by the name of the question."""
    visit = Visit(house, reader, about.patient)
    with certain():
        parts = (
            visit.enter(),
            visit.pages(about),
            visit.taking_part(about),
            visit.control(about),
            visit.json(),
            visit.errors(),
        )
        answers = {name: answer for part in parts for name, answer in part}
    assert not [name for name, answer in answers.items() if answer.startswith(b"500")]
    return answers


def cli_answers(house: House, reader: Reader, about: About) -> dict[str, bytes]:
    """Every answer of the command line about the patient, by the words of the command."""
    asked: list[tuple[str, ...]] = [("show",), ("show", "--json"), ("find",), ("find", "--json")]
    asked += [("retrieve", document) for document in (*about.documents, NO_SUCH_DOCUMENT)]
    asked += [("explain", line, *form) for line in (*about.lines, "no-such-line") for form in ((), ("--json",))]
    asked += [("replay", NO_SUCH_DOCUMENT), ("replay", NO_SUCH_DOCUMENT, "--json")]
    asked += [("log", *form) for form in ((), ("--json",), *(("--form", name) for name in ("csv", "fhir", "minlog")))]
    asked += [("explain-access", *form) for form in ((), ("--json",))]
    asked += [("explain-access", "--who", *form) for form in ((), ("--json",))]
    asked += [("explain-access", "--who", "--document", one) for one in (*about.documents[:2], NO_SUCH_DOCUMENT)]
    found = {}
    for words in asked:
        name_ids(house, " ".join(words))
        found[" ".join(words)] = command(house, reader, about.patient.value, *words).whole
    name_ids(house, "unknown")
    found["unknown"] = command(house, reader, UNKNOWN_NUMBER, "show").whole
    assert not [name for name, answer in found.items() if b"cli.broken" in answer]
    return found


def name_ids(house: House, name: str) -> None:
    """From now on ids follow from a name."""
    house.ids.start(name)
