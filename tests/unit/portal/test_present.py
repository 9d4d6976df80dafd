"""What could hurt a reader of the pages: something missing that looks whole, a reason that leaks, a line without a source."""

import re
from html.parser import HTMLParser

import msgspec
import pytest
from lxml.html import fromstring

from patientoverblik.edges.portal.layout import layout
from patientoverblik.edges.portal.page import Page, Row
from patientoverblik.edges.portal.present import present
from patientoverblik.edges.portal.present.row import PASSED
from patientoverblik.edges.portal.render import Frame, render
from patientoverblik.overview import Section, load_view
from patientoverblik.overview.model import Overview
from tests.unit.portal import sample

READERS = ("professional", "citizen", "relative")
FRAME = Frame(title="t", style="s", own_style="o", icon="i", script="j", sprite="p")


def page(reader: str = "professional", shown: Overview | None = None) -> Page:
    on_behalf = "Nancy" if reader == "relative" else ""
    return present(shown or sample.overview(reader), layout(reader), "/p/h", "Anna Læge", on_behalf)


def html(made: Page) -> str:
    return render("overview.html", FRAME, page=made)


def rows_of(made: Page) -> list[Row]:
    """Every row anywhere on a page."""
    found: list[Row] = []

    def walk(value):
        if isinstance(value, Row):
            found.append(value)
        if isinstance(value, msgspec.Struct):
            for name in value.__struct_fields__:
                walk(getattr(value, name))
        elif isinstance(value, tuple):
            for each in value:
                walk(each)

    walk(made)
    return found


def leads_of(row: Row) -> tuple:
    """Every lead of a row, at once or behind a click."""
    return (*row.leads, *row.folded_leads)


class Words(HTMLParser):
    """Every tag and all text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.text = ""

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


def read(text: str) -> Words:
    reader = Words()
    reader.feed(text)
    return reader


@pytest.mark.parametrize("reader", READERS)
def test_every_line_of_the_overview_stands_on_the_page(reader):
    """Nothing is lost on the way from the overview to the page, whatever its phase."""
    shown = sample.overview(reader)
    made = page(reader, shown)
    card = next(part.card for part in made.main if part.id == "card")
    anchors = {row.id for row in (*rows_of(made), *card) if row.id}
    in_sections = {line for section in shown.sections for line in section.lines}
    assert in_sections == set(shown.lines)
    assert anchors == {f"l{number}" for number, _ in enumerate(shown.lines)}


@pytest.mark.parametrize("reader", READERS)
def test_every_line_says_where_it_comes_from_and_leads_to_its_document(reader):
    """But not to the practice's, which holds an appointment with its reason: nobody may have that one whole."""
    rows = rows_of(page(reader))
    for row in rows:
        assert row.origin.summary.startswith("Fra ")
        assert row.more.startswith("/p/h/linje/")
        from_practice = row.origin.summary.startswith(f"Fra {sample.GP}")
        assert row.origin.href.startswith("" if from_practice else "/p/h/dokument/urn:uuid:")
    assert not any(row.origin.href for row in rows if row.what == "Aftale hos praktiserende læge")


@pytest.mark.parametrize("reader", READERS)
def test_the_reason_of_an_appointment_in_general_practice_is_never_shown(reader):
    text = html(page(reader))
    assert "HEMMELIG" not in text
    assert "Aftale hos praktiserende læge" in text


def test_a_merged_line_shows_every_wording_and_the_rule():
    row = next(row for row in rows_of(page()) if row.words == "KOL")
    assert row.also == sample.HOSPITAL
    assert [other.words for other in row.others] == ["Kronisk obstruktiv lungesygdom"]
    assert row.others[0].facts == ("KOL, svær grad",)
    assert "koderne" in row.rule


def test_the_five_states_never_look_alike():
    """None recorded, not retrieved, blocked, not connected and not part of the overview are five different sentences."""
    shown = sample.overview()
    contacts = next(part for part in page().main if part.id == "contacts")
    plans = next(part for part in page().main if part.id == "plans")
    none, silent = contacts.notes[0], plans.notes[0]
    unconnected = page().completeness
    blocked = page().notices[1].text
    elsewhere = next(part for part in page().main if part.id == "elsewhere").facts[0].text
    assert len({none, silent, unconnected, blocked, elsewhere}) == 5
    assert "Ikke hentet" in silent
    assert "deler endnu ikke" in unconnected
    assert "ikke registreret kontakter hos de 3 kilder" in none
    assert shown.filtered


def test_none_recorded_is_not_said_while_a_source_is_silent():
    shown = sample.overview()
    silent = Section("contacts", "not-retrieved", silent=("psy",))
    sections = tuple(silent if section.id == "contacts" else section for section in shown.sections)
    changed = msgspec.structs.replace(shown, sections=sections)
    part = next(part for part in page(shown=changed).main if part.id == "contacts")
    assert part.notes == ("Ikke hentet fra Region Test, psykiatri. Der kan være oplysninger, som ikke vises her.",)


def test_the_table_claims_nothing_of_what_was_not_fetched():
    silent = next(part for part in page().main if part.id == "problems").empty
    answered = tuple(msgspec.structs.replace(each, state="retrieved") for each in sample.sources())
    whole = msgspec.structs.replace(sample.overview(), sources=answered)
    told = next(part for part in page(shown=whole).main if part.id == "problems").empty
    assert all("registreret" in text for text in told)
    assert not any("registreret" in text for text in silent)


def test_a_block_adds_one_generic_notice_and_nothing_else():
    """The notice names no source and no count, and the completeness line is the same with and without it."""
    open_, blocked = (page(shown=msgspec.structs.replace(sample.overview(), filtered=each)) for each in (False, True))
    assert blocked.completeness == open_.completeness
    assert len(blocked.notices) == len(open_.notices) + 1
    said = blocked.notices[-1].title + blocked.notices[-1].text
    assert not re.search(r"\d", said)
    assert not any(source.name in said for source in sample.sources())
    assert msgspec.structs.replace(blocked, notices=()) == msgspec.structs.replace(open_, notices=())


def test_the_relative_sees_whose_overview_it_is():
    made = page("relative")
    assert made.person_bar == "Du ser Nancys overblik med fuldmagt"
    assert made.heading == "Nancys overblik"
    assert page("citizen").person_bar == ""


@pytest.mark.parametrize("reader", READERS)
def test_markup_in_any_text_stays_text(reader):
    """A planted script in every free text becomes neither a tag nor an attribute of the page."""
    found = read(html(page(reader, sample.hostile(reader))))
    assert sample.HOSTILE in found.text
    assert [tag for tag, attributes in found.tags if tag == "script"] == ["script"]
    assert not any(name.startswith("on") for _, attributes in found.tags for name in attributes)


@pytest.mark.parametrize("reader", READERS)
def test_no_style_and_no_script_stands_in_the_page(reader):
    found = read(html(page(reader)))
    assert not any("style" in attributes for _, attributes in found.tags)
    assert not any(tag == "style" for tag, _ in found.tags)
    assert all(attributes.get("src") for tag, attributes in found.tags if tag == "script")


@pytest.mark.parametrize("reader", READERS)
def test_every_link_on_the_page_leads_to_something_on_it(reader):
    found = read(html(page(reader)))
    ids = [attributes["id"] for _, attributes in found.tags if "id" in attributes]
    inner = {
        attributes["href"][1:] for tag, attributes in found.tags if tag == "a" and attributes["href"].startswith("#")
    }
    assert inner <= set(ids)


def test_a_deadline_that_has_passed_is_said_with_its_date():
    row = next(row for row in rows_of(page()) if row.words == "HbA1c under 58 mmol/mol" and row.id)
    assert "Skulle være nået senest 13. juli 2026" in [chip.text for chip in row.chips]
    discussed = next(part for part in page().first if part.id == "discuss").differences[0]
    assert discussed.title == "Skulle være nået senest 13. juli 2026"


@pytest.mark.parametrize("about", sorted(PASSED))
@pytest.mark.parametrize("reader", READERS)
def test_every_deadline_has_a_sentence_of_its_own(reader, about):
    at = sample.moment("2026-07-13").latest - 1
    flagged = msgspec.structs.replace(sample.lines()[0], flags=(sample.Flag("overview.overdue", at, about),))
    shown = msgspec.structs.replace(sample.overview(reader), lines={**sample.overview(reader).lines, "H1": flagged})
    said = [chip.text for row in rows_of(page(reader, shown)) for chip in row.chips if "13. juli 2026" in chip.text]
    assert said
    assert not any(about in text or ":" in text for text in said)


def test_no_name_stands_twice_on_a_page():
    """A line stands in several parts, and what leads to it leads to one of them."""
    for reader in READERS:
        ids = [attributes["id"] for _, attributes in read(html(page(reader))).tags if "id" in attributes]
        assert len(ids) == len(set(ids))


def test_what_is_said_alike_of_several_lines_is_said_once_with_all_of_them():
    shown = sample.overview()
    waits = [sample.Difference("overview.awaiting-acceptance", (name,), sample.MUNICIPALITY) for name in ("I20", "I6")]
    apart = [sample.Difference("overview.same-intervention", pair) for pair in (("I1", "I9"), ("I6", "I20"))]
    changed = msgspec.structs.replace(shown, differences=(*waits, *apart))
    found = next(part for part in page(shown=changed).first if part.id == "discuss").differences
    assert [len(each.rows) for each in found] == [2, 2, 2]
    assert sample.MUNICIPALITY in [call.lead for call in found[0].calls]


def test_lines_that_belong_together_lead_to_each_other():
    row = next(row for row in rows_of(page()) if row.words == "HbA1c under 58 mmol/mol" and row.leads)
    goal = next(row for row in rows_of(page()) if row.words == "Beholde synet så jeg kan læse" and row.id)
    told = [(lead.text, link.text, link.href) for lead in row.leads for link in lead.links if lead.text != MEASURED]
    assert told == [("Støtter", goal.words, f"#{goal.id}")]


MEASURED = "Senest målt"


@pytest.mark.parametrize("reader", READERS)
def test_the_latest_measurement_stands_by_the_goal_it_is_a_target_of(reader):
    """A doctor looks for HbA1c where its target is; the digits are the source's, and nothing is said of how they
    compare."""
    made = page(reader)
    row = next(row for row in rows_of(made) if row.words == "HbA1c under 58 mmol/mol" and row.leads)
    (link,) = next(lead for lead in row.leads if lead.text == MEASURED).links
    assert link.text == "62 mmol/mol, 12. januar 2026"
    series = next(part for part in made.main if part.id == "measurements").series
    assert any(f"#{each.id}" == link.href for group in series for each in group.rows)
    without = [row for row in rows_of(made) if row.words.startswith("Beholde synet")]
    assert not [lead for each in without for lead in each.leads if lead.text == MEASURED]


def test_measurements_of_two_targets_of_one_goal_are_told_apart():
    shown = sample.overview()
    group = next(each for each in shown.measurements if each.targets)
    other = next(each for each in shown.measurements if not each.targets and each.latest)
    twice = msgspec.structs.replace(other, targets=group.targets)
    changed = msgspec.structs.replace(shown, measurements=(group, twice))
    told = [lead for row in rows_of(page(shown=changed)) for lead in row.leads if lead.text == MEASURED]
    assert len(told[0].links) == 2
    assert not any(link.text[0].isdigit() for link in told[0].links)


def test_a_time_of_a_series_leads_to_its_row():
    """Hidden times have no place of their own on the page: what leads to them leads to the row that gathers them."""
    shown = sample.overview()
    time = msgspec.structs.replace(shown.lines["AF8"], id="AF8-1", count=1)
    series = msgspec.structs.replace(shown.lines["AF8"], related=(("occurrence", "AF8-1"),))
    visit = msgspec.structs.replace(shown.lines["I20"], related=(("realised-by", "AF8-1"),))
    changed = msgspec.structs.replace(shown, lines={**shown.lines, "AF8": series, "I20": visit, "AF8-1": time})
    made = page(shown=changed)
    row = next(row for row in rows_of(made) if leads_of(row) and row.words.startswith("Hjemmesygepleje"))
    assert any(each.id and leads_of(row)[0].links[0].href == f"#{each.id}" for each in rows_of(made))


@pytest.mark.parametrize(
    ("phase", "said"), [("ended", " (afsluttet)"), ("on-hold", " (sat på pause)"), ("planned", "")]
)
def test_a_link_to_what_no_longer_goes_on_says_so(phase, said):
    """Under a goal that is still worked at, the name of an ended intervention alone would read as current."""
    shown = sample.overview()
    goal = next(line for line in shown.lines.values() if line.kind == "goal" and line.phase == "active")
    act = msgspec.structs.replace(shown.lines["I20"], phase=phase)
    leading = msgspec.structs.replace(goal, related=(("served-by", "I20"),))
    changed = msgspec.structs.replace(shown, lines={**shown.lines, "I20": act, goal.id: leading})
    links = {link.text for row in rows_of(page(shown=changed)) for lead in leads_of(row) for link in lead.links}
    assert f"Hjemmesygepleje 2 x dagligt i 14 dage{said}" in links


def test_what_is_over_stands_behind_a_click_and_what_goes_on_does_not():
    """A nurse reads what goes on first; what a goal led to once is kept, one click away."""
    shown = sample.overview()
    goal = next(line for line in shown.lines.values() if line.kind == "goal" and line.phase == "active")
    going, over = shown.lines["I20"], msgspec.structs.replace(shown.lines["I20"], id="I21", phase="ended")
    going = msgspec.structs.replace(going, phase="active")
    leading = msgspec.structs.replace(goal, related=(("served-by", "I20"), ("served-by", "I21")))
    sections = tuple(
        msgspec.structs.replace(each, lines=(*each.lines, "I21")) if "I20" in each.lines else each
        for each in shown.sections
    )
    changed = msgspec.structs.replace(
        shown, sections=sections, lines={**shown.lines, "I20": going, "I21": over, goal.id: leading}
    )
    row = next(row for row in rows_of(page(shown=changed)) if row.id and row.leads and row.folded_leads)
    onward = [lead for lead in row.leads if lead.text != MEASURED]
    assert [link.text.endswith("(afsluttet)") for lead in onward for link in lead.links] == [False]
    assert [link.text.endswith("(afsluttet)") for lead in row.folded_leads for link in lead.links] == [True]


def test_a_warning_stands_beside_the_name_of_what_a_narrow_screen_folds():
    shown = sample.overview()
    act = shown.lines["I20"]
    warned = msgspec.structs.replace(act, phase="active", flags=(sample.Flag("overview.awaiting-acceptance"),))
    made = page(shown=msgspec.structs.replace(shown, lines={**shown.lines, "I20": warned}))
    tree = fromstring(html(made))
    warning = './/span[contains(@class, "chip-warn")]'
    folded = [cell for cell in tree.xpath('//details[@class="cell"]') if cell.xpath(f"./div[{warning}]")]
    assert folded
    for cell in folded:
        beside = [chip.text for chip in cell.xpath(f"./summary//{warning[3:]}")]
        assert beside == [chip.text for chip in cell.xpath(f"./div/p{warning[1:]}")]


def test_interventions_are_chosen_by_sector_and_problem():
    filters = {each.name: each for each in next(part for part in page().main if part.id == "problems").filters}
    assert [option.text for option in filters["problem"].options] == ["KOL", "Type 2-diabetes", "Hypertension"]
    assert {option.text for option in filters["lane"].options} == {"Almen praksis", "Hospital", "Kommune"}
    citizens = next(part for part in page("citizen").main if part.id == "interventions")
    assert {each.name for each in citizens.filters} == {"lane", "problem"}


@pytest.mark.parametrize("reader", READERS)
def test_appointments_are_chosen_by_sector_and_kind(reader):
    made = page(reader)
    part = next(part for part in (*made.main, *made.aside) if part.id == "next-appointments")
    assert {each.name for each in part.filters} == {"lane", "what"}
    assert "Aftale hos praktiserende læge" in [option.text for option in part.filters[1].options]


@pytest.mark.parametrize("reader", READERS)
def test_the_card_tells_what_is_locked_and_by_whom(reader):
    part = next(part for part in page(reader).main if part.id == "card")
    told = {row.name: row for row in part.card}
    assert told["Sikringsgruppe"].locked
    assert "Fra register" in told["Sikringsgruppe"].source
    assert not told["Sprog"].locked
    assert "Nancy" in told["Sprog"].source
    assert [told[name].text for name in ("Organdonor", "Livstestamente", "Behandlingstestamente")] == [
        "ja",
        "nej",
        "ikke oplyst",
    ]
    assert told["Organdonor"].changed == "1. maj 2020"
    assert [fold.rows[0].words for fold in part.folds] == ["Kirsten Test Berggren, datter"]


def test_a_citizen_reads_a_plain_word_and_the_authors_is_a_click_away():
    shown = sample.overview("citizen")
    code = sample.Concept(
        codings=(sample.Coding(system="1.2.208.176.2.1", code="NPU27300", display="Hæmoglobin A1c (IFCC);Hb(B)"),)
    )
    wording = shown.lines["M1"].wordings[0]
    written = msgspec.structs.replace(wording, value=msgspec.structs.replace(wording.value, code=code))
    line = msgspec.structs.replace(shown.lines["M1"], wordings=(written,))
    made = page("citizen", msgspec.structs.replace(shown, lines={**shown.lines, "M1": line}))
    series = next(part for part in made.main if part.id == "measurements").series[0]
    assert series.title == "Langtidsblodsukker (HbA1c)"
    assert "Skrevet som: Hæmoglobin A1c (IFCC);Hb(B)" in series.rows[0].origin.facts


def test_home_measurements_are_marked_and_keep_their_digits():
    series = next(part for part in page().main if part.id == "measurements").series
    weight = next(each for each in series if each.title == "Vægt").rows[0]
    assert weight.words == "61,40 kg"
    assert "Hjemmemåling" in [chip.text for chip in weight.chips]


def test_an_unknown_view_code_is_never_a_blank_page():
    """Codes that a later overview brings are said as they are or left out, but the line stays."""
    shown = sample.overview()
    first = msgspec.structs.replace(
        shown.lines["H2"], flags=(sample.Flag("overview.from-the-future"),), rule="overview.no-such"
    )
    changed = msgspec.structs.replace(shown, lines={**shown.lines, "H2": first})
    assert any(row.words == "Type 2-diabetes" for row in rows_of(page(shown=changed)))


@pytest.mark.parametrize("reader", READERS)
def test_the_page_holds_every_section_of_its_view(reader):
    made = page(reader)
    shown = {part.id for part in (*made.first, *made.main, *made.aside)}
    placed = set(layout(reader).below) | set(layout(reader).table.of if layout(reader).table else ())
    assert {profile.id for profile in load_view(reader).sections} <= shown | placed


def test_the_telephone_of_an_appointment_can_be_used_at_once():
    """On a phone one touch rings up; the number stands with what it is for."""
    calls = [call for row in rows_of(page("citizen")) for call in row.calls]
    assert calls
    assert all(call.href.startswith("tel:") and call.text for call in calls)
    assert any(call.lead == "Tiden ændres på telefon" for call in calls)


def test_nobody_else_is_called_you_on_a_relatives_page():
    """What is said of the patient to somebody with a power of attorney is not said to the reader."""

    def texts(table):
        for name, value in table.items():
            if isinstance(value, str):
                yield f"{name}: {value}"
            else:
                yield from texts(value)

    to_the_reader = ("capacity", "standing", "deciding")
    tables = {name: each for name, each in layout("relative").words.tables.items() if name not in to_the_reader}
    said = [*texts(tables), *[each.where for each in load_view("relative").elsewhere]]
    assert len(said) > 100
    assert not [text for text in said if re.search(r"\b(du|dig|din|dit|dine)\b", text, re.IGNORECASE)]
