"""Whatever is amended, withdrawn, brought back and replaced, in whatever order: one version of an entry stands at most,
and what was replaced never stands again."""

from __future__ import annotations

from functools import partial
from itertools import count

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from patientoverblik.access import OrganisationRef
from patientoverblik.problems import Finding
from patientoverblik.service.ports import Transaction
from patientoverblik.sharing.amend import Amendment, amend, judge_change, judge_target, latest
from patientoverblik.sharing.current import standings
from patientoverblik.sharing.deprecate import Withdrawal, deprecate
from patientoverblik.sharing.model import Author, DocumentEntry, SubmissionSet
from patientoverblik.sharing.reinstate import judge_reinstating, reinstate
from patientoverblik.sharing.replace import deprecate_replaced
from patientoverblik.storage.memory import MemoryStorage

OWN, OTHER = OrganisationRef("1.2", "own"), OrganisationRef("1.2", "other")
ACTS = st.lists(
    st.tuples(st.sampled_from(("amend", "withdraw", "bring back", "replace")), st.integers(0, 9), st.booleans()),
    max_size=14,
)


class Ids:
    def __init__(self) -> None:
        self._next = count(1)

    def uuid(self) -> str:
        return f"urn:uuid:{next(self._next)}"

    def patient_key(self) -> int:
        return 1


def made(number: int, at: int) -> DocumentEntry:
    uuid = f"urn:uuid:d{number}"
    authors = (Author(OWN),)
    return DocumentEntry(
        uuid, uuid, 1, 1, "approved", f"1.{number}", f"{number:064x}", "r", "h", authors=authors, registered=at
    )


def act(ids: Ids, asked_for: tuple[str, int, bool], at: int, transaction: Transaction) -> None:
    """One act on one of the entries there are, of any version; by its owner or by somebody else."""
    kind, which, own = asked_for
    entries = transaction.entries(1)
    entry = entries[which % len(entries)]
    acting = (OWN if own else OTHER,)
    asked = Withdrawal(1, entry.uuid, acting, at)
    if kind == "withdraw":
        deprecate(transaction, asked, ids)
    elif kind == "bring back" and not isinstance(found := judge_reinstating(transaction, asked), Finding):
        reinstate(transaction, found, ids)
    elif kind == "amend":
        _amend(transaction, ids, entry, acting, at)
    elif kind == "replace" and own and entry.status == "approved":
        new = msgspec.structs.replace(made(len(entries) + 100, at), replaces=(entry.uuid,))
        transaction.add_entry(new)
        deprecate_replaced(transaction, entry, new)


def _amend(
    transaction: Transaction, ids: Ids, entry: DocumentEntry, acting: tuple[OrganisationRef, ...], at: int
) -> None:
    old = judge_target(transaction, Amendment(1, entry.logical_id, entry.version, acting))
    if isinstance(old, Finding):
        return
    draft = msgspec.structs.replace(old, uuid="", title=f"{at}")
    assert list(judge_change(transaction, old, draft)) == []
    amend(transaction, old, draft, SubmissionSet(ids.uuid(), f"2.{at}", 1, "s", at), ids)


@settings(max_examples=150, deadline=None)
@given(acts=ACTS)
def test_one_version_stands_at_most_and_what_was_replaced_never_again(acts: list[tuple[str, int, bool]]) -> None:
    storage, ids = MemoryStorage(), Ids()
    storage.act(lambda transaction: [transaction.add_entry(made(number, 1)) for number in range(2)]).result()
    replaced: set[str] = set()
    for at, (kind, which, own) in enumerate(acts, 2):
        before = storage.reader().entries(1)
        storage.act(partial(act, ids, (kind, which, own), at)).result()
        after = storage.reader().entries(1)
        if not own:
            assert after == before
        replaced |= {entry.logical_id for entry in after if entry.replaced_by}
        for logical in {entry.logical_id for entry in after}:
            versions = [entry for entry in after if entry.logical_id == logical]
            assert sorted(entry.version for entry in versions) == list(range(1, len(versions) + 1))
            (newest,) = latest(versions)
            assert all(entry.status == "deprecated" for entry in versions if entry is not newest)
            assert logical not in replaced or newest.status == "deprecated"
        standing = standings(after)
        current = [entry for entry in after if standing[entry.uuid] == "current"]
        assert [entry.status for entry in current] == ["approved"] * len(current)
        assert {entry.uuid for entry in latest(after) if entry.status == "approved"} == {one.uuid for one in current}
