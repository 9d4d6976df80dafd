"""Which version is current: the newest, and never an older one because the newest cannot be shown (DESIGN 11)."""

from patientoverblik.sharing import current, standings
from patientoverblik.sharing.model import Author
from tests.storages.samples import HOSPITAL, entry
from tests.unit.sharing.helpers import World, document


def names(entries) -> list[str]:
    return [one.title for one in entries]


def test_the_highest_version_of_a_series_is_current() -> None:
    one, two = entry(1, series="s", series_version=2), entry(2, series="s", series_version=1)
    assert current((one, two)) == (one,)


def test_a_replaced_version_is_not_revived_though_its_successor_is_gone() -> None:
    old = entry(1, status="deprecated", replaced_by="urn:uuid:gone")
    assert standings((old,)) == {old.uuid: "replaced"}
    assert current((old,)) == ()


def test_an_unreadable_newest_version_is_the_current_one() -> None:
    old, new = entry(1, series="s", series_version=1), entry(2, series="s", series_version=2, state="unreadable")
    assert current((old, new)) == (new,)


def test_a_withdrawn_newest_version_revives_nothing() -> None:
    old = entry(1, series="s", series_version=1)
    new = entry(2, series="s", series_version=2, status="deprecated")
    assert standings((old, new)) == {old.uuid: "overtaken", new.uuid: "withdrawn"}


def test_another_partys_document_of_the_same_series_name_overtakes_nothing() -> None:
    ours = entry(1, series="s", series_version=1)
    theirs = entry(2, series="s", series_version=9, authors=(Author(HOSPITAL),))
    assert current((ours, theirs)) == (ours, theirs)


def test_a_time_in_the_future_does_not_make_a_version_newest() -> None:
    sent_later = entry(2, series="s", registered=3000, created=2000)
    from_the_future = entry(1, series="s", registered=1000, created=9_000_000)
    assert current((from_the_future, sent_later)) == (sent_later,)


def test_the_same_document_registered_twice_is_shown_once() -> None:
    one, again = entry(1, series="s"), entry(2, series="s", unique_id=entry(1).unique_id, content=entry(1).content)
    assert standings((one, again)) == {one.uuid: "current", again.uuid: "repeated"}


def test_when_the_shown_one_of_two_registrations_is_withdrawn_the_other_stands() -> None:
    one = entry(1, status="deprecated")
    again = entry(2, unique_id=entry(1).unique_id, content=entry(1).content)
    assert current((one, again)) == (again,)


def test_a_document_ended_under_one_of_its_registrations_is_ended_under_both() -> None:
    one, again = entry(1), entry(2, unique_id=entry(1).unique_id, content=entry(1).content)
    ended = entry(1, status="deprecated", deprecated_at=again.registered + 1, replaced_by="urn:uuid:newer")
    assert current((one, again)) == (one,)
    assert standings((ended, again)) == {one.uuid: "replaced", again.uuid: "replaced"}


def test_documents_without_a_series_stand_side_by_side() -> None:
    assert len(current((entry(1), entry(2)))) == 2


def test_a_chain_of_replacements_leaves_the_last() -> None:
    world = World()
    old = world.stored(document("a", series="s", series_version=1))
    middle = world.stored(document("b", series="s", series_version=2, related=(("RPLC", old.uuid),)))
    last = world.stored(document("c", series="s", series_version=3, related=(("RPLC", middle.uuid),)))
    entries = world.storage.reader().entries(world.patient)
    assert names(current(entries)) == ["c"]
    assert standings(entries)[last.uuid] == "current"
