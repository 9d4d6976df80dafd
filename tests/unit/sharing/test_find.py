"""Finding and retrieving: one filter for list, total and page, and no trace of what is hidden (DESIGN 12, 13)."""

import dataclasses
from typing import Any

import pytest

from patientoverblik.access import Block
from patientoverblik.problems import Finding
from patientoverblik.sharing import Found, Query, Retrieved, find, retrieve
from patientoverblik.sharing.find import page_of
from patientoverblik.sharing.model import Author, Code
from tests.storages.samples import HOSPITAL, PRACTICE, entry
from tests.unit.sharing.helpers import APPOINTMENT, NOW, OTHER, PLAN, World, document, permit_for

EVERYTHING = Query()


def found(world: World, query: Query = EVERYTHING, **terms: Any) -> Found:
    answer = find(world.storage.reader(), permit_for(world.patient, **terms), query)
    assert isinstance(answer, Found)
    return answer


def titles(answer: Any) -> list[str]:
    return [one.title for one in answer.entries]


def filled() -> World:
    world = World()
    for number in range(7):
        author = HOSPITAL if number % 3 == 0 else PRACTICE
        world.stored(document(f"d{number}", author=author, created=NOW - number * 10), submitter=author)
    return world


def test_entries_come_newest_first_in_pages_that_together_are_the_whole() -> None:
    world = filled()
    whole = found(world)
    assert (titles(whole), whole.total, whole.next) == ([f"d{n}" for n in range(7)], 7, "")
    pages, cursor = [], ""
    while True:
        page = found(world, Query(limit=3, after=cursor))
        assert page.total == 7
        pages += titles(page)
        cursor = page.next
        if not cursor:
            break
    assert pages == titles(whole)


def test_a_page_goes_on_from_where_it_was_though_something_new_has_come() -> None:
    world = filled()
    first = found(world, Query(limit=3))
    world.stored(document("newer", created=NOW + 5))
    assert titles(found(world, Query(limit=3, after=first.next))) == ["d3", "d4", "d5"]


def test_what_is_blocked_is_in_no_list_no_total_and_no_cursor() -> None:
    hidden = Block("b", origin=HOSPITAL)
    world, without = filled(), World()
    for number in (1, 2, 4, 5):
        without.stored(document(f"d{number}", created=NOW - number * 10))
    for limit in (1, 2, 3, 10):
        seen = found(world, Query(limit=limit), blocks=(hidden,))
        plain = found(without, Query(limit=limit))
        assert (titles(seen), seen.total, bool(seen.next)) == (titles(plain), plain.total, bool(plain.next))
        assert seen.filtered
        assert not plain.filtered


def test_the_total_counts_what_fits_and_no_more() -> None:
    world = filled()
    asked = Query(created_to=NOW - 30, limit=2)
    assert (titles(found(world, asked)), found(world, asked).total) == (["d4", "d5"], 3)


def test_what_is_out_of_scope_is_not_there_and_is_not_called_blocked() -> None:
    world = filled()
    seen = found(world, scope=frozenset({"appointments"}))
    assert (seen.entries, seen.total, seen.filtered) == ((), 0, False)


@pytest.mark.parametrize("cursor", ["x", "!!!", "gqR4", "Zm9v", "ø"])
def test_a_cursor_that_was_never_given_is_told_as_such(cursor: str) -> None:
    answer = find(filled().storage.reader(), permit_for(1), Query(after=cursor))
    assert isinstance(answer, Finding)
    assert answer.code == "sharing.bad-cursor"


def test_linked_patient_ids_are_found_together_and_apart_again_when_unlinked() -> None:
    world = World()
    world.stored(document("a"))
    world.stored(document("b", patients=(OTHER,)), patient=OTHER)
    other = world.storage.reader().patient_key(OTHER)
    before = found(world)
    world.act(lambda tx: tx.link(world.patient, other))
    assert sorted(titles(found(world))) == ["a", "b"]
    world.act(lambda tx: tx.unlink(world.patient, other))
    assert found(world) == before


SNOMED = "2.16.840.1.113883.6.96"
ONE = entry(
    1,
    created=1000,
    service_start=2000,
    service_stop=3000,
    event_codes=(Code("ALAL21", "1.2.208.176.2.4", "KOL"), Code("ALAL02", "1.2.208.176.2.4")),
    facility_type=Code("1", SNOMED),
    practice_setting=Code("2", SNOMED),
    reference_ids=("r1",),
    authors=(Author(PRACTICE, "Hansen", ("Anna",)),),
)


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        (Query(), True),
        (Query(statuses=("deprecated",)), False),
        (Query(object_types=("on-demand",)), False),
        (Query(type_codes=(PLAN,)), True),
        (Query(type_codes=(APPOINTMENT, Code("81215-6", PLAN.scheme, "other words"))), True),
        (Query(type_codes=(Code("81215-6", "other scheme"),)), False),
        (Query(format_codes=(PLAN,)), False),
        (Query(facility_types=(Code("1", SNOMED),), practice_settings=(Code("2", SNOMED),)), True),
        (Query(practice_settings=(Code("1", SNOMED),)), False),
        (
            Query(
                event_codes=((Code("ALAL02", "1.2.208.176.2.4"), Code("X", "")), (Code("ALAL21", "1.2.208.176.2.4"),))
            ),
            True,
        ),
        (Query(event_codes=((Code("ALAL02", "1.2.208.176.2.4"),), (Code("X", ""),))), False),
        (Query(reference_ids=(("r1", "r2"),)), True),
        (Query(reference_ids=(("r1",), ("r2",))), False),
        (Query(created_from=1000, created_to=1001), True),
        (Query(created_to=1000), False),
        (Query(service_start_from=2001), False),
        (Query(service_stop_from=3000), True),
        (Query(authors=("Han%",)), True),
        (Query(authors=("Hans_n^Anna",)), True),
        (Query(authors=("han%",)), False),
        (Query(authors=("*",)), False),
        (Query(uuids=("x",)), False),
        (Query(unique_ids=(ONE.unique_id,)), True),
    ],
)
def test_each_parameter_of_a_query(query: Query, fits: bool) -> None:
    answer = page_of((ONE,), query)
    assert isinstance(answer, Found)
    assert bool(answer.entries) is fits


def test_a_document_is_retrieved_as_it_was_submitted_by_either_id() -> None:
    world = World()
    one = world.stored(document("a", text="æøå"))
    for name in (one.uuid, one.unique_id):
        answer = retrieve(world.storage.reader(), permit_for(world.patient), name)
        assert answer == Retrieved(one, "a/æøå".encode())


def test_a_deprecated_document_is_still_retrievable() -> None:
    world = World()
    old = world.stored(document("a"))
    world.stored(document("b", related=(("RPLC", old.uuid),)))
    assert isinstance(retrieve(world.storage.reader(), permit_for(world.patient), old.uuid), Retrieved)


def test_blocked_foreign_and_unknown_documents_are_answered_alike() -> None:
    world = World()
    mine = world.stored(document("a", author=HOSPITAL), submitter=HOSPITAL)
    other = world.stored(document("b", patients=(OTHER,)), patient=OTHER)
    reader, permit = world.storage.reader(), permit_for(world.patient, blocks=(Block("b", origin=HOSPITAL),))
    answers = [retrieve(reader, permit, name) for name in (mine.uuid, other.uuid, "urn:uuid:nobody")]
    assert answers == [Finding("sharing.document-unknown")] * 3


def test_a_document_with_a_withheld_fact_is_refused_whole() -> None:
    world = World()
    one = world.stored(document("a", withheld=("gp-appointment-reason",)))
    reader = world.storage.reader()
    assert retrieve(reader, permit_for(world.patient), one.uuid) == Finding("sharing.document-withheld")
    job = permit_for(world.patient, may_read_withheld=True)
    assert isinstance(retrieve(reader, job, one.uuid), Retrieved)


def test_damaged_bytes_are_never_handed_out() -> None:
    world = World()
    one = world.stored(document("a"))
    state = world.storage._state
    world.storage._state = dataclasses.replace(state, contents={(world.patient, one.content): b"changed"})
    answer = retrieve(world.storage.reader(), permit_for(world.patient), one.uuid)
    assert answer == Finding("sharing.content-damaged")
