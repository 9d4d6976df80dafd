"""Replacing and withdrawing: who may, what happens to what was replaced, and what nobody is told (DESIGN 11, 13)."""

import pytest

from patientoverblik.sharing import Rejected, Withdrawal, deprecate
from patientoverblik.sharing.model import DocumentEntry
from tests.unit.sharing.helpers import APPOINTMENT, HOSPITAL, NANCY, NOW, OTHER, PRACTICE, World, document


def test_a_replaced_document_is_deprecated_and_points_to_its_successor() -> None:
    world = World()
    old = world.stored(document("a"))
    new = world.stored(document("b", related=(("RPLC", old.uuid),)))
    held = world.entry(old.uuid)
    assert (held.status, held.replaced_by, held.deprecated_at) == ("deprecated", new.uuid, world.now)
    assert new.replaces == (old.uuid,)
    assert [link.type for link in world.storage.reader().associations(world.patient)].count("RPLC") == 1


def test_what_was_appended_to_or_made_from_a_replaced_document_goes_with_it() -> None:
    world = World()
    old = world.stored(document("a"))
    added = world.stored(document("b", related=(("APND", old.uuid),)))
    made = world.stored(document("c", related=(("XFRM", added.uuid),)))
    beside = world.stored(document("d"))
    new = world.stored(document("e", related=(("RPLC", old.uuid),)))
    assert [world.entry(one.uuid).status for one in (old, added, made, beside, new)] == [
        *["deprecated"] * 3,
        *["approved"] * 2,
    ]
    assert {world.entry(one.uuid).replaced_by for one in (old, added, made)} == {new.uuid}


def test_a_document_replaces_the_one_it_names_where_the_request_says_nothing() -> None:
    world = World()
    old = world.stored(document("a"))
    new = world.stored(document("b", says_replaces=("1.2^a",)))
    assert world.entry(old.uuid).replaced_by == new.uuid
    assert ("RPLC", old.uuid) in [(one.type, one.target) for one in world.storage.reader().associations(world.patient)]


def test_the_requests_replacement_wins_over_the_documents_and_the_difference_is_told() -> None:
    world = World()
    stated, requested = world.stored(document("a")), world.stored(document("b"))
    new = world.stored(document("c", says_replaces=("1.2^a",), related=(("RPLC", requested.uuid),)))
    assert world.entry(stated.uuid).status == "approved"
    assert world.entry(requested.uuid).replaced_by == new.uuid
    assert "sharing.replaces-other-than-stated" in [finding.code for finding in new.findings]


def test_a_document_that_names_one_which_is_not_here_is_kept_with_a_finding() -> None:
    new = World().stored(document("b", says_replaces=("1.2^never-came",)))
    assert [finding.code for finding in new.findings] == ["sharing.replaced-not-here"]


def test_a_replacement_by_a_document_that_is_here_already_is_not_passed_off_as_done() -> None:
    world = World()
    old, other = world.stored(document("a")), world.stored(document("b"))
    assert world.refused(document("b", related=(("RPLC", old.uuid),))) == ["sharing.known-without-replacing"]
    new = world.stored(document("c", related=(("RPLC", old.uuid),)))
    assert world.stored(document("c", related=(("RPLC", old.uuid),))) == new
    assert world.entry(other.uuid).status == "approved"


def test_a_replaced_document_cannot_be_replaced_again() -> None:
    world = World()
    old = world.stored(document("a"))
    world.stored(document("b", related=(("RPLC", old.uuid),)))
    assert world.refused(document("c", related=(("RPLC", old.uuid),))) == ["sharing.target-deprecated"]
    assert world.refused(document("c", says_replaces=("1.2^a",))) == ["sharing.target-deprecated"]


def test_only_the_author_organisation_may_replace_and_others_are_told_nothing() -> None:
    world = World()
    old = world.stored(document("a"))
    theirs = document("b", author=HOSPITAL, related=(("RPLC", old.uuid),))
    nobodys = document("b", author=HOSPITAL, related=(("RPLC", "urn:uuid:nobody"),))
    assert world.submit(theirs, submitter=HOSPITAL) == world.submit(nobodys, submitter=HOSPITAL)
    assert world.refused(theirs, submitter=HOSPITAL) == ["sharing.target-unknown"]
    stated = world.stored(document("c", author=HOSPITAL, says_replaces=("1.2^a",)), submitter=HOSPITAL)
    assert [finding.code for finding in stated.findings] == ["sharing.replaced-not-here"]
    assert world.entry(old.uuid).status == "approved"


def test_a_system_that_delivers_for_many_cannot_replace_one_partys_document_by_anothers() -> None:
    world = World()
    old = world.stored(document("a", author=PRACTICE), submitter=HOSPITAL)
    theirs = document("b", author=HOSPITAL, related=(("RPLC", old.uuid),))
    assert world.refused(theirs, submitter=HOSPITAL) == ["sharing.target-unknown"]


def test_a_recorded_successor_may_replace() -> None:
    world = World()
    old = world.stored(document("a"))
    new = document("b", author=HOSPITAL, related=(("RPLC", old.uuid),))
    assert world.refused(new, submitter=HOSPITAL, successors=((HOSPITAL, PRACTICE),)) == ["sharing.target-unknown"]
    assert world.stored(new, submitter=HOSPITAL, successors=((PRACTICE, HOSPITAL),)).replaces == (old.uuid,)


def test_a_target_must_be_the_same_patients_and_of_the_same_type() -> None:
    world = World()
    other = world.stored(document("a", patients=(OTHER,)), patient=OTHER)
    assert world.refused(document("b", related=(("RPLC", other.uuid),))) == ["sharing.target-of-other-patient"]
    old = world.stored(document("c"))
    wrong = document("d", type_code=APPOINTMENT, related=(("RPLC", old.uuid),))
    assert world.refused(wrong) == ["sharing.target-of-other-type"]


def test_a_document_of_a_linked_patient_id_may_be_replaced() -> None:
    world = World()
    old = world.stored(document("a", patients=(OTHER,)), patient=OTHER)
    world.act(lambda tx: tx.link(tx.claim_patient(NANCY, 1), tx.patient_key(OTHER)))
    assert world.stored(document("b", related=(("RPLC", old.uuid),))).replaces == (old.uuid,)


def test_what_was_appended_under_a_linked_patient_id_goes_with_its_document() -> None:
    world = World()
    old = world.stored(document("a", patients=(OTHER,)), patient=OTHER)
    world.act(lambda tx: tx.link(tx.claim_patient(NANCY, 1), tx.patient_key(OTHER)))
    added = world.stored(document("b", related=(("APND", old.uuid),)))
    world.stored(document("c", related=(("RPLC", old.uuid),)))
    assert world.entry(added.uuid).status == "deprecated"


def test_two_documents_of_one_submission_cannot_replace_the_same() -> None:
    world = World()
    old = world.stored(document("a"))
    codes = world.refused(*(document(name, related=(("RPLC", old.uuid),)) for name in "bc"))
    assert codes == ["sharing.target-replaced-twice"] * 2


@pytest.mark.parametrize("kind", ["has-member", "update-availability"])
def test_a_document_may_not_bring_the_registrys_own_associations(kind: str) -> None:
    world = World()
    old = world.stored(document("a"))
    assert world.refused(document("b", related=((kind, old.uuid),))) == ["sharing.association-not-allowed"]


def test_nothing_is_appended_to_another_partys_or_an_ended_document() -> None:
    world = World()
    old = world.stored(document("a"))
    theirs = document("b", author=HOSPITAL, related=(("APND", old.uuid),))
    assert world.refused(theirs, submitter=HOSPITAL) == ["sharing.target-unknown"]
    world.stored(document("c", related=(("RPLC", old.uuid),)))
    assert world.refused(document("d", related=(("APND", old.uuid),))) == ["sharing.target-deprecated"]


def test_nothing_is_appended_to_another_patients_document() -> None:
    world = World()
    other = world.stored(document("a", patients=(OTHER,)), patient=OTHER)
    assert world.refused(document("b", related=(("APND", other.uuid),))) == ["sharing.target-of-other-patient"]


def test_a_second_version_that_does_not_replace_is_kept_and_the_fault_is_told() -> None:
    world = World()
    world.stored(document("a", series="s", series_version=2))
    new = world.stored(document("b", series="s", series_version=2))
    assert [finding.code for finding in new.findings] == ["sharing.series-not-replaced", "sharing.version-not-higher"]
    theirs = world.stored(document("c", author=HOSPITAL, series="s", series_version=1), submitter=HOSPITAL)
    assert theirs.findings == ()


def withdraw(
    world: World, entry: DocumentEntry, acting: tuple = (PRACTICE,), patient: int = 0
) -> DocumentEntry | Rejected:
    patient = patient or world.patient
    return world.act(lambda tx: deprecate(tx, Withdrawal(patient, entry.uuid, acting, NOW + 5), world.ids))


def test_a_withdrawn_document_says_by_whom_and_when() -> None:
    world = World()
    entry = world.stored(document("a"))
    child = world.stored(document("b", related=(("APND", entry.uuid),)))
    gone = withdraw(world, entry)
    assert isinstance(gone, DocumentEntry)
    assert (gone.status, gone.replaced_by, gone.deprecated_at) == ("deprecated", "", NOW + 5)
    assert gone.deprecated_by == PRACTICE.name
    assert world.entry(entry.uuid) == gone
    assert world.entry(child.uuid).status == "deprecated"


def test_only_the_author_organisation_may_withdraw_and_only_once() -> None:
    world = World()
    entry = world.stored(document("a"))
    for refused in (
        withdraw(world, entry, (HOSPITAL,)),
        withdraw(world, entry, ()),
        withdraw(world, entry, patient=77),
    ):
        assert isinstance(refused, Rejected)
        assert [finding.code for finding in refused.findings] == ["sharing.target-unknown"]
    assert world.entry(entry.uuid) == entry
    withdraw(world, entry)
    again = withdraw(world, entry)
    assert isinstance(again, Rejected)
    assert again.findings[0].code == "sharing.status-not-approved"


def test_a_withdrawn_document_named_by_its_next_version_is_told_and_the_new_one_kept() -> None:
    world = World()
    withdraw(world, world.stored(document("a")))
    new = world.stored(document("b", says_replaces=("1.2^a",)))
    assert [finding.code for finding in new.findings] == ["sharing.replaced-already-withdrawn"]
