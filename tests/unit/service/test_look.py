"""A person looks: decided, found, drawn, and written down before it is shown."""

import msgspec
import pytest

from patientoverblik.access import Block, Evidence, PersonFacts, PowerOfAttorney, Refusal
from patientoverblik.service import Shown, contributions, look
from patientoverblik.service.reading import Reading
from tests.unit.service.make import (
    ADULT,
    BLOCKS_EYES,
    CITIZEN,
    CPR,
    DAY,
    DOCTOR,
    EYES,
    HOSPITAL,
    KEY,
    NOW,
    OTHER_CPR,
    PSYCHIATRY,
    RELATIVE,
    STRANGER,
    TREATS,
    a_house,
    an_entry,
    contribution,
    learn,
    put,
    run,
    shelve,
)

pytestmark = pytest.mark.usefixtures("synthetic")


def words(shown):
    """Every goal's words in an overview."""
    return {line.value.words for line in shown.overview.lines.values() if line.kind == "goal"}


def a_look(house, actor=DOCTOR, patient=CPR, purpose="treatment", view="professional"):
    return run(look(house, actor, patient, purpose, view))


@pytest.fixture
def house(storage):
    house = a_house(storage=storage)
    learn(house, TREATS)
    put(house, "A")
    put(house, "B", HOSPITAL)
    put(house, "C", EYES)
    return house


def test_shows_every_partys_documents_to_whoever_treats_the_patient(house):
    shown = a_look(house)
    assert isinstance(shown, Shown)
    assert words(shown) == {"Mål A", "Mål B", "Mål C"}
    assert not shown.overview.filtered
    assert shown.reason == "access.treatment-relation"


def test_is_written_down_before_it_is_shown(house):
    shown = a_look(house)
    reader = house.storage.reader()
    written = reader.look(KEY, shown.look)
    assert written is not None
    assert (written.actor, written.purpose, written.at, written.act) == (DOCTOR, "treatment", NOW, "overview")
    assert {document.entry for document in written.documents} == {"urn:uuid:A", "urn:uuid:B", "urn:uuid:C"}
    assert {document.stamp for document in written.documents} == {"s1"}
    event = reader.events(KEY)[-1]
    assert (event.act, event.outcome, event.rule) == ("look", "done", "professional-relation")


def test_nothing_is_shown_when_the_look_cannot_be_written(house):
    class Full:
        def __getattr__(self, name):
            return getattr(house.storage, name)

        def act(self, work):
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        a_look(msgspec.structs.replace(house, storage=Full()))


def test_an_unknown_patient_and_an_unrelated_one_are_refused_alike_and_both_are_logged(house):
    """N8: the refusal does not tell whether the patient exists."""
    known = a_look(house, STRANGER)
    unknown = a_look(house, STRANGER, OTHER_CPR)
    assert known == unknown == Refusal("professional-no-relation", "access.no-relation")
    event = house.storage.reader().events(KEY)[-1]
    assert (event.actor, event.outcome) == (STRANGER, "refused")
    assert house.storage.reader().patient_key(OTHER_CPR) is None


def test_a_relative_without_power_is_refused_like_for_an_unknown_patient(house):
    known = a_look(house, RELATIVE, CPR, "on-behalf", "relative")
    unknown = a_look(house, RELATIVE, OTHER_CPR, "on-behalf", "relative")
    assert known == unknown == Refusal("relative-no-power", "access.no-power")


def test_a_view_that_is_not_there_is_refused(house):
    assert a_look(house, view="nothing").code == "service.unknown-view"


def test_blocked_documents_leave_only_the_generic_notice(house):
    learn(house, BLOCKS_EYES)
    shown = a_look(house)
    assert words(shown) == {"Mål A", "Mål B"}
    assert shown.overview.filtered
    written = house.storage.reader().look(KEY, shown.look)
    assert {document.entry for document in written.documents} == {"urn:uuid:A", "urn:uuid:B"}
    assert written.filtered


def test_the_citizen_sees_what_they_have_blocked(house):
    """N1: the patient sees P2 themselves."""
    learn(house, BLOCKS_EYES)
    shown = a_look(house, CITIZEN, KEY, "own-overview", "citizen")
    assert words(shown) == {"Mål A", "Mål B", "Mål C"}
    assert shown.overview.filtered


def test_the_citizen_is_reminded_of_blocks_only_while_they_are_in_force(house):
    learn(house, Evidence(blocks=(Block("b", origin=EYES, valid_until=NOW),)))
    assert not a_look(house, CITIZEN, KEY, "own-overview", "citizen").overview.filtered


def test_a_block_that_hits_nothing_gives_no_notice(house):
    learn(house, Evidence(blocks=(Block("b", origin=EYES, origin_until=NOW - 400 * DAY),)))
    assert not a_look(house).overview.filtered


def test_a_blocked_new_version_takes_the_older_one_with_it(house):
    newer = an_entry("D", EYES, created=NOW - DAY, replaces=("urn:uuid:B",))
    older = msgspec.structs.replace(
        house.storage.reader().entry(KEY, "urn:uuid:B"), status="deprecated", replaced_by="urn:uuid:D"
    )
    house.storage.act(lambda transaction: transaction.put_entry(older)).result()
    shelve(house, newer, contribution("D", EYES))
    learn(house, Evidence(blocks=(Block("b", origin=EYES, origin_from=NOW - 2 * DAY),)))
    shown = a_look(house)
    assert words(shown) == {"Mål A", "Mål C"}
    assert "urn:uuid:B" not in str(shown.overview)


def test_a_blocked_old_version_leaves_the_new_one(house):
    """Versions of one set without numbers: the later one stays when a block on a period hits only the earlier."""
    put(house, "O", series="s", created=NOW - 9 * DAY, registered=NOW - 9 * DAY)
    put(house, "P", series="s", created=NOW - DAY, registered=NOW - DAY)
    learn(house, Evidence(blocks=(Block("b", origin_from=NOW - 10 * DAY, origin_until=NOW - 5 * DAY),)))
    assert {"Mål O", "Mål P"} & words(a_look(house)) == {"Mål P"}
    learn(house, Evidence(blocks=(Block("b", origin_from=NOW - 2 * DAY),)))
    assert not {"Mål O", "Mål P"} & words(a_look(house))


def test_a_block_on_one_registration_of_a_document_does_not_revive_another(house):
    """The same document registered twice and replaced once: hiding the replaced registration brings nothing back."""
    put(house, "N", replaces=("urn:uuid:M-again",))
    put(house, "M")
    again = an_entry("M", submitter=PSYCHIATRY, uuid="urn:uuid:M-again", status="deprecated", replaced_by="urn:uuid:N")
    shelve(house, again, None)
    assert "Mål M" not in words(a_look(house))
    learn(house, Evidence(blocks=(Block("b", origin=PSYCHIATRY),)))
    assert "Mål M" not in words(a_look(house))


def test_a_power_of_attorney_reaches_its_parts_and_no_further(house):
    """Sections whose part is not in the power do not claim that nothing is recorded."""
    put(house, "E", parts=("appointments",))
    learn(house, Evidence(powers=(PowerOfAttorney("p", RELATIVE.person, ("appointments",)),)))
    shown = a_look(house, RELATIVE, CPR, "on-behalf", "relative")
    assert words(shown) == {"Mål E"}
    sections = {section.id for section in shown.overview.sections}
    assert "next-appointments" in sections
    assert not sections & {"conditions", "plans", "card", "measurements"}
    assert shown.scope == {"appointments"}


def test_psychiatry_needs_its_own_part(house):
    put(house, "F", parts=("plans", "psychiatry"))
    learn(house, Evidence(powers=(PowerOfAttorney("p", RELATIVE.person, ("plans",)),)))
    assert "Mål F" not in words(a_look(house, RELATIVE, CPR, "on-behalf", "relative"))


@pytest.mark.parametrize("person", [PersonFacts(born=NOW - 14 * 365 * DAY), PersonFacts(born=ADULT.born, died=NOW)])
def test_the_young_and_the_dead_have_no_overview_of_their_own(person):
    house = a_house()
    learn(house, Evidence(person=person))
    assert isinstance(a_look(house, CITIZEN, KEY, "own-overview", "citizen"), Refusal)


def test_sources_tell_who_is_silent_and_who_is_not_connected(house):
    house.clock.now = NOW + 2 * DAY
    house.storage.act(lambda transaction: transaction.touch_source("gp", NOW + 2 * DAY - 1)).result()
    states = {source.id: source.state for source in a_look(house).overview.sources}
    assert states == {
        "gp": "retrieved",
        "hospital": "not-retrieved",
        "eyes": "not-retrieved",
        "far": "not-connected",
    }


def test_the_sources_are_the_same_for_every_patient(house):
    learn(house, TREATS, 8)
    full, empty = a_look(house), a_look(house, patient=8)
    assert full.overview.sources == empty.overview.sources


def test_an_unreadable_document_stands_as_such(house):
    shelve(house, an_entry("G", state="unreadable"), None)
    assert [one.entry for one in a_look(house).overview.unread] == ["urn:uuid:G"]


def test_a_stale_reading_is_read_again_in_memory_and_written_back_afterwards(house, monkeypatch):
    shelve(house, an_entry("H"), contribution("OLD"), stamp="s0")
    monkeypatch.setattr(contributions, "read_again", lambda data: a_reading(data.decode()))
    assert "Mål H" in words(a_look(house))
    house.storage.act(lambda transaction: None).result()
    entry = house.storage.reader().entry(KEY, "urn:uuid:H")
    assert house.storage.reader().cares(KEY, [entry.content])[entry.content][0] == "s1"


def a_reading(name):
    from patientoverblik.formats.model import Books

    return Reading("test", "s1", contribution(name).document, contribution(name), (), (), Books(1, 0, 0, 0))


def test_linked_keys_are_one_patient(house):
    house.storage.act(lambda transaction: transaction.link(KEY, 8)).result()
    put(house, "L", patient=8)
    assert "Mål L" in words(a_look(house))
    assert "Mål A" in words(a_look(house, CITIZEN, 8, "own-overview", "citizen"))


def test_the_etag_changes_with_what_is_shown_and_only_then(house):
    first, second = a_look(house), a_look(house)
    assert first.etag == second.etag
    assert first.look != second.look
    put(house, "I")
    assert a_look(house).etag != first.etag
