"""The guides are true: what they name exists where they say, and what they show a reader to do works."""

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from patientoverblik import formats
from patientoverblik.access import OrganisationRef, Refusal
from patientoverblik.edges.cli.command import VERBS
from patientoverblik.edges.portal.portal import ROUTES
from patientoverblik.formats.cda import registry
from patientoverblik.formats.cda.constructs import SYSTEM as SYSTEM_OF_OURS
from patientoverblik.formats.cda.engine.places import parse_place
from patientoverblik.formats.cda.engine.profile import DIRECTIVES, Head
from patientoverblik.formats.cda.engine.reader import KINDS
from patientoverblik.formats.faults import ProfileFaults
from patientoverblik.problems import CATALOGUE
from patientoverblik.service import Delivery, Handed, House, Received, Refused, deliver, withdraw
from patientoverblik.service.reading import current_stamps, format_codes
from patientoverblik.storage.memory import MemoryStorage
from patientoverblik.storage.sqlite import SqliteStorage
from tests.conftest import PROJECT
from tests.unit.service.make import CPR, JOB, SOR, SYSTEM, a_house, run

SOURCE = PROJECT / "src" / "patientoverblik"
PROFILES = registry.FOLDER
GUIDES = ("one-document", "one-look")
ROW = re.compile(r"^\| `(\w+)` \| `([\w/.]+)` \|$", re.M)
TICKED = re.compile(r"`([^`]+)`")


def guide(name: str) -> str:
    return (PROJECT / "docs" / f"{name}.md").read_text(encoding="utf-8")


def listed(page: str) -> dict[str, str]:
    return dict(ROW.findall(page))


def prose(page: str) -> set[str]:
    return set(TICKED.findall(ROW.sub("", page)))


def defined(module: Path) -> dict[str, ast.AST]:
    """What a module defines itself; what it only imports does not count."""
    found: dict[str, ast.AST] = {}
    for node in ast.parse(module.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found[node.name] = node
        for target in node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]:
            if isinstance(target, ast.Name):
                found[target.id] = node
    return found


def members(of: ast.AST) -> set[str]:
    inner = of.body if isinstance(of, ast.ClassDef) else []
    methods = {one.name for one in inner if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)}
    return methods | {one.target.id for one in inner if isinstance(one, ast.AnnAssign)}


def is_known(word: str, symbols: dict[str, str]) -> bool:
    """Whether a word in the prose is a listed symbol or its member, a problem code, a command or an address."""
    symbol, _, member = word.partition(".")
    if symbol in symbols:
        return not member or member in members(defined(SOURCE / symbols[symbol])[symbol])
    if word.startswith("patientoverblik "):
        return word.split()[1] in VERBS
    method, _, path = word.partition(" ")
    return word in CATALOGUE or any((method, path) == route[:2] for route in ROUTES) or is_room_of_codes(word)


def is_room_of_codes(word: str) -> bool:
    return any(code.startswith(f"{word}.") for code in CATALOGUE)


@pytest.mark.parametrize("name", GUIDES)
def test_every_symbol_of_a_guide_stands_where_its_list_says(name):
    symbols = listed(guide(name))
    assert len(symbols) > 30
    missing = [
        symbol
        for symbol, module in symbols.items()
        if not (SOURCE / module).is_file() or symbol not in defined(SOURCE / module)
    ]
    assert missing == []


@pytest.mark.parametrize("name", GUIDES)
def test_every_word_of_code_in_a_guide_is_listed_or_known(name):
    page = guide(name)
    symbols = listed(page)
    assert sorted(word for word in prose(page) if not is_known(word, symbols)) == []


@pytest.mark.parametrize("name", GUIDES)
def test_every_listed_symbol_is_told_of_and_the_list_is_in_order(name):
    page = guide(name)
    symbols = list(listed(page))
    told = {word.partition(".")[0] for word in prose(page)}
    assert [symbol for symbol in symbols if symbol not in told] == []
    assert symbols == sorted(set(symbols))


@pytest.mark.parametrize("page", sorted((PROJECT / "docs").rglob("*.md")), ids=lambda path: path.name)
def test_every_link_of_the_manual_leads_somewhere(page):
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []


# Deliver


def blocks(page: str, language: str) -> list[str]:
    """The fenced blocks of a page in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page, re.M | re.S)


def sample(profile: str) -> str:
    return (PROFILES / profile / "samples" / "document.xml").read_text(encoding="utf-8")


def new_version(document: str, number: str, replaced: str) -> str:
    """The sample's next version, under a new id, with a relatedDocument put where the page says."""
    document = document.replace("000000000101", number, 1).replace('versionNumber value="1"', 'versionNumber value="2"')
    before, after = document.rsplit("</documentationOf>", 1)
    return f"{before}</documentationOf>{replaced}{after}"


def handed_in(house: House, document: str | bytes) -> Received | Refused:
    data = document if isinstance(document, bytes) else document.encode()
    return run(deliver(house, JOB, Delivery((Handed(data),))))


def kept(storage: MemoryStorage | SqliteStorage) -> dict[str, str]:
    """Status by document id of all that is kept of the sample's patient."""
    reader = storage.reader()
    return {entry.unique_id: entry.status for entry in reader.entries(reader.patient_key(CPR))}


def test_the_examples_of_the_delivery_guide_answer_as_they_say(tmp_path):
    page = guide("deliver")
    plan = sample("koordinerende-indsatsplan")
    (tmp_path / "plan.xml").write_text(plan, encoding="utf-8")
    second = new_version(plan, "000000000301", blocks(page, "xml")[0])
    (tmp_path / "plan-2.xml").write_text(second, encoding="utf-8")
    (tmp_path / "plan.json").write_text(blocks(page, "json")[0], encoding="utf-8")
    examples = "".join(blocks(page, "console"))
    assert examples.count("$ ") == 6
    said = "".join(answered(command, tmp_path) for command in re.findall(r"^\$ (.*)$", examples, re.M))
    assert re.sub(r"urn:uuid:[0-9a-f-]+", "urn:uuid:…", said) == examples
    storage = SqliteStorage(tmp_path / "kept.sqlite3")
    assert sorted(kept(storage).values()) == ["approved", "deprecated"]
    storage.close()


def answered(command: str, folder: Path) -> str:
    """The command and what it prints, run as a reader would in a folder of their own."""
    program, *words = command.split()
    assert program == "patientoverblik"
    done = subprocess.run(
        [sys.executable, "-m", program, *words],
        cwd=folder,
        env={**os.environ, "PATIENTOVERBLIK_DATABASE": "sqlite:///kept.sqlite3"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return f"$ {command}\n{done.stdout}"


REPLACES = '<relatedDocument typeCode="RPLC"><parentDocument><id root="1.2.208.184" extension="{}"/></parentDocument></relatedDocument>'
FIRST = "00000000-0000-4000-8000-000000000101"
PLAN = sample("koordinerende-indsatsplan")
BARE = re.sub(r"<\?xml.*\?>", "", PLAN)
NO_PATIENT = PLAN.replace("2512489996", "2512")
NO_ID = re.sub(rf'<id root="1.2.208.184" extension="{FIRST}"[^>]*/>', "", PLAN)
OTHER_BYTES = PLAN.replace("</ClinicalDocument>", "\n</ClinicalDocument>")
DEEP = "<a>" * 101 + "</a>" * 101
REFUSED: list[tuple[str, list[str | bytes]]] = [
    ("cda.empty", ["  \n"]),
    ("cda.too-large", [BARE + " " * 10_000_000]),
    ("cda.too-deep", [DEEP]),
    ("cda.doctype", ["<!DOCTYPE ClinicalDocument>" + BARE]),
    ("cda.encoding", [b'<?xml version="1.0" encoding="EBCDIC"?>' + BARE.encode()]),
    ("cda.not-xml", [PLAN[:-30]]),
    ("sharing.no-patient-id", [NO_PATIENT]),
    ("sharing.no-document-id", [NO_ID]),
    ("sharing.document-id-taken", [PLAN, OTHER_BYTES]),
    (
        "sharing.target-deprecated",
        [PLAN, *(new_version(PLAN, f"00000000030{each}", REPLACES.format(FIRST)) for each in "12")],
    ),
]


@pytest.mark.parametrize(("code", "documents"), REFUSED, ids=[code for code, _ in REFUSED])
def test_what_the_guide_says_is_refused_is_refused_with_that_code_and_leaves_nothing(code, documents):
    house = a_house()
    *before, last = [handed_in(house, document) for document in documents]
    assert all(isinstance(answer, Received) for answer in before)
    assert isinstance(last, Refused)
    assert last.code == code
    assert len(kept(house.storage)) == len(before)


def test_every_refusal_of_the_delivery_guide_is_shown_true():
    part = guide("deliver").split("## What is refused")[1].split("\n## ")[0]
    told = set(re.findall(r"^\| `([a-z.-]+)` \|", part, re.M))
    assert told == {code for code, _ in REFUSED} | {"cli.file-not-opened"}


def series_of_the_plan(number: str, replaced: str = "", version: str = "2") -> str:
    made = new_version(PLAN, number, replaced)
    return made.replace('versionNumber value="2"', f'versionNumber value="{version}"')


@pytest.mark.parametrize(
    ("second", "status", "noted"),
    [
        (series_of_the_plan("000000000302", REPLACES.format(FIRST)), "deprecated", ""),
        (series_of_the_plan("000000000302", REPLACES.format("not-here")), "approved", "sharing.replaced-not-here"),
        (series_of_the_plan("000000000302"), "approved", "sharing.series-not-replaced"),
        (series_of_the_plan("000000000302", version="1"), "approved", "sharing.version-not-higher"),
    ],
)
def test_a_new_version_does_to_the_old_one_what_the_guide_says(second, status, noted):
    house = a_house()
    handed_in(house, PLAN)
    answer = handed_in(house, second)
    assert isinstance(answer, Received)
    found = {finding.code for finding in answer.receipts[0].findings}
    assert noted in found if noted else not any(code.startswith("sharing.replace") for code in found)
    assert kept(house.storage)[f"1.2.208.184^{FIRST}"] == status
    assert not noted or f"`{noted}`" in guide("deliver")


def test_a_version_that_replaces_a_withdrawn_one_is_stored_and_says_so():
    house = a_house()
    answer = handed_in(house, PLAN)
    owner = msgspec.structs.replace(SYSTEM, organisation=OrganisationRef(SOR, "441211000016000"))
    withdrawn = run(withdraw(house, owner, CPR, answer.receipts[0].entry))
    assert not isinstance(withdrawn, Refusal)
    again = handed_in(house, series_of_the_plan("000000000302", REPLACES.format(FIRST)))
    assert "sharing.replaced-already-withdrawn" in {finding.code for finding in again.receipts[0].findings}


def test_the_same_document_again_gets_the_same_entry():
    house = a_house()
    first, second = handed_in(house, PLAN), handed_in(house, PLAN)
    assert second.receipts[0].again
    assert second.receipts[0].entry == first.receipts[0].entry


def test_another_partys_document_is_answered_like_one_that_is_not_here():
    house = a_house()
    handed_in(house, PLAN.replace("441211000016000", "325431000016004"))
    answer = handed_in(house, series_of_the_plan("000000000302", REPLACES.format(FIRST)))
    assert "sharing.replaced-not-here" in {finding.code for finding in answer.receipts[0].findings}
    assert set(kept(house.storage).values()) == {"approved"}


# Add a profile


@pytest.fixture
def own_profiles(tmp_path, monkeypatch):
    """The profiles' folder with the guide's new one in it, as the program finds it; the program's own one afterwards."""
    made = tmp_path / "profiles"
    shutil.copytree(PROFILES, made)
    page = guide("add-a-profile")
    (made / "rygestop").mkdir()
    (made / "rygestop" / "profile.toml").write_text(blocks(page, "toml")[1], encoding="utf-8")
    with (made / "recognise.csv").open("a", encoding="utf-8") as table:
        table.write(blocks(page, "csv")[1])
    monkeypatch.setattr(registry, "FOLDER", made)
    forget()
    yield made
    monkeypatch.undo()
    forget()


def forget() -> None:
    for kept_once in (registry.loaded, registry.rows, registry.stamp, format_codes, current_stamps):
        kept_once.cache_clear()


def a_plan_to_give_up_smoking() -> bytes:
    return sample("egne-maal").replace("51649.2.2", "51649.2.9").encode()


def test_the_whole_profile_that_the_guide_shows_is_the_one_there_is():
    page = guide("add-a-profile")
    assert blocks(page, "toml")[0] == (PROFILES / "egne-maal" / "profile.toml").read_text(encoding="utf-8")
    assert blocks(page, "csv")[0] in (PROFILES / "recognise.csv").read_text(encoding="utf-8")


def test_the_new_profile_of_the_guide_reads_a_document_whole(own_profiles):
    reading = formats.read(formats.parse(a_plan_to_give_up_smoking()))
    assert reading.profile == "rygestop"
    assert reading.care.goals
    assert reading.losses == ()


def test_a_statement_that_the_new_profile_declares_lost_is_on_the_list_of_losses(own_profiles):
    statement = (
        '<entryRelationship typeCode="COMP"><observation classCode="OBS" moodCode="EVN">'
        f'<code code="horizon" codeSystem="{SYSTEM_OF_OURS}"/><value xsi:type="CD" code="x" codeSystem="1.2.3"/>'
        "</observation></entryRelationship>"
    )
    plan = a_plan_to_give_up_smoking().decode()
    at = plan.index("</observation>", plan.index('moodCode="GOL"'))
    at = plan.rindex("</entryRelationship>", 0, plan.index("</entry>", at)) + len("</entryRelationship>")
    stated = plan[:at] + statement + plan[at:]
    lost = formats.read(formats.parse(stated.encode())).losses
    assert lost
    assert all("/h:entryRelationship[" in loss.place for loss in lost)
    assert formats.read(formats.parse(stated.replace("51649.2.9", "51649.2.2").encode())).losses == ()


def test_a_document_whose_profile_has_no_row_is_unread_and_told_so(own_profiles):
    (own_profiles / "recognise.csv").write_text((PROFILES / "recognise.csv").read_text("utf-8"), encoding="utf-8")
    forget()
    unread = formats.read(formats.parse(a_plan_to_give_up_smoking()))
    assert [finding.code for finding in unread.findings] == ["cda.no-profile"]


def test_what_is_forgotten_is_told_by_the_codes_the_guide_names(own_profiles):
    house = a_house()
    answer = handed_in(house, a_plan_to_give_up_smoking())
    told = {finding.code for finding in answer.receipts[0].findings}
    assert {"profile.unknown", "sharing.code-not-listed"} <= told
    reading = formats.read(formats.parse(a_plan_to_give_up_smoking()))
    assert (reading.care.plan.kind, reading.care.document.example_profile) == ("patient-goals", False)


def test_the_guide_names_every_key_and_directive_and_kind_there_is():
    page = guide("add-a-profile")
    keys = re.findall(r"^\| `(\w+)` \|", page.split("`[document]` is what")[1].split("`[words]`")[0], re.M)
    directives = re.findall(r"^\| `(\w+)` \|", page.split("| Directive |")[1].split("## Places")[0], re.M)
    kinds = re.findall(r"`(\w+)`", "".join(re.findall(r"^(\|[^|]*\|)", page.split("| Kind |")[1].split("##")[0], re.M)))
    assert keys == list(Head.__struct_fields__)
    assert sorted(directives) == sorted(DIRECTIVES)
    assert sorted(kinds) == sorted(KINDS)


def test_every_file_that_the_guide_names_is_there():
    steps = re.findall(r"^\| \d \| `([^`]+)`", guide("add-a-profile"), re.M)
    assert len(steps) == 7
    assert [step for step in steps if not list(SOURCE.glob(step.replace("ID", "egne-maal")))] == []


def test_every_place_that_the_guide_shows_is_understood_as_it_says():
    part = guide("add-a-profile").split("| Written |")[1].split("| Kind |")[0]
    shown = {text.replace("\\|", "|") for text in re.findall(r"^\| `([^`]+)` \|", part, re.M)}
    assert len(shown) == 13
    assert all(parse_place(text) for text in shown)
    assert parse_place("encounter|act").steps[0].names == ("encounter", "act")
    assert parse_place("statusCode/@code").attribute == "code"
    assert parse_place("code!").steps[0].required
    assert parse_place("observation[?@moodCode=GOL]").steps[0].constants == ()
    assert parse_place("observation[@moodCode=GOL]").steps[0].constants[0].values == ("GOL",)
    assert parse_place("entry{@typeCode=DRIV|COMP}").steps[0].constants[0].values == ("DRIV", "COMP")
    assert parse_place("act{@classCode=ACT~OBS}").steps[0].constants[0].warned == ("OBS",)


GOAL = 'like = "Goal"\n[QuitGoal.lost]'
FAULTS = {
    "no shape is called …": ('like = "Goal"', 'like = "Gaol"'),
    "no shape or kind is called …": (" : QuitGroup", " : QuitGruop"),
    "has no child …": ("component/section : QuitGroup", "component/sektion : QuitGroup"),
    "has no attribute …": ("entry{@typeCode=", "entry{@typeKode="),
    "has no field …": (GOAL, 'like = "Goal"\nweight = "text"\n[QuitGoal.lost]'),
    "is neither placed nor declared lost": (GOAL, 'of = "Goal"\n[QuitGoal.lost]'),
    "claims a place that another line has": (GOAL, 'like = "Goal"\nnote = "own(due)/value"\n[QuitGoal.lost]'),
    "claim the same attribute": (GOAL, 'like = "Goal"\nwords = "statusCode/@code"\n[QuitGoal.lost]'),
    "no record class is called …": ('like = "Goal"', 'like = "Goal"\nof = "Gaol"'),
    "no word is given for …": (GOAL, 'like = "Goal"\nnote = "$where/value"\n[QuitGoal.lost]'),
    "no abbreviation is called …": (GOAL, 'like = "Goal"\nnote = "mine(note)/value"\n[QuitGoal.lost]'),
    "no code of ours is called …": (GOAL, 'like = "Goal"\nnote = "own(nothing)/value"\n[QuitGoal.lost]'),
    "a bracket is not closed": (GOAL, 'like = "Goal"\nnote = "text[@x"\n[QuitGoal.lost]'),
    "condition not understood": (GOAL, 'like = "Goal"\nnote = "text[x]"\n[QuitGoal.lost]'),
    "constants not understood": (GOAL, 'like = "Goal"\nnote = "text{x}"\n[QuitGoal.lost]'),
}


@pytest.mark.parametrize("text", FAULTS)
def test_a_fault_of_the_guide_stops_the_load_with_file_and_line(own_profiles, text):
    file = own_profiles / "rygestop" / "profile.toml"
    before, after = FAULTS[text]
    good = file.read_text(encoding="utf-8")
    assert before in good
    file.write_text(good.replace(before, after), encoding="utf-8")
    with pytest.raises(ProfileFaults) as stopped:
        registry.loaded()
    assert re.search(rf"^\S+:\d+: .*{re.escape(text.removesuffix(' …'))}", str(stopped.value), re.M)


def test_the_guide_tells_of_every_fault_that_is_tried():
    part = guide("add-a-profile").split("## When it does not load")[1]
    assert re.findall(r"^\| `([^`]+)` \|", part, re.M) == list(FAULTS)


@pytest.mark.parametrize(
    ("before", "after"), [('root        = "CarePlanDocument"\n', ""), ("[words]", "[words"), ("example ", "exampel ")]
)
def test_wrong_toml_or_a_wrong_head_is_told_the_same_way(own_profiles, before, after):
    file = own_profiles / "rygestop" / "profile.toml"
    file.write_text(file.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    with pytest.raises(ProfileFaults, match=r"rygestop/profile.toml:\d+: "):
        registry.loaded()
