"""A worklist decided with what was kept is the one decided anew, whatever changed in between and whenever it is read."""

import tempfile
from pathlib import Path

import msgspec
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from patientoverblik.access import Block, Evidence, PersonFacts, Relation
from patientoverblik.service import evidence as decided
from patientoverblik.service import worklist as stands
from patientoverblik.service.worklist import Wanted, work_list
from patientoverblik.storage.sql import evidence as rows
from patientoverblik.storage.sql import work as facts
from patientoverblik.storage.sqlite import SqliteStorage
from tests.unit.service.make import CLINIC, DAY, DOCTOR, EYES, HOSPITAL, HOUR, NOW, a_house, learn, run
from tests.unit.service.test_worklist import hand_in

SPANS = st.sampled_from([(0, 0), (0, NOW + HOUR), (NOW + HOUR, 0), (0, NOW - HOUR), (NOW - DAY, NOW + DAY)])
BLOCKS = st.builds(
    lambda name, person, origin, span: Evidence(
        blocks=(Block(name, person=person, origin=origin, valid_from=span[0], valid_until=span[1]),)
    ),
    st.sampled_from(["a", "b"]),
    st.sampled_from(["", DOCTOR.id]),
    st.sampled_from([HOSPITAL, EYES]),
    SPANS,
)
RELATIONS = st.builds(lambda span: Evidence(relations=(Relation("referral", CLINIC, *span),)), SPANS)
DEATHS = st.builds(lambda died: Evidence(person=PersonFacts(born=1, died=died)), st.sampled_from([0, NOW - 400 * DAY]))
CHANGES = st.one_of(BLOCKS, RELATIONS, DEATHS)
TIMES = st.sampled_from([NOW, NOW + 60_000, NOW + HOUR - 1, NOW + HOUR, NOW + DAY, NOW - 2 * HOUR])
READERS = st.sampled_from([DOCTOR, msgspec.structs.replace(DOCTOR, id="another", authorisation="X1")])


def forget() -> None:
    """Forget everything that is kept."""
    decided._DECIDED.clear()
    stands._STANDING.clear()
    rows.evidence_of.cache_clear()
    facts._work.cache_clear()


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.generate],
)
@given(st.lists(st.tuples(st.none() | CHANGES, TIMES, READERS), min_size=3, max_size=8))
def test_what_is_kept_changes_no_list(steps) -> None:
    with tempfile.TemporaryDirectory() as folder:
        storage = SqliteStorage(Path(folder) / "kept.sqlite3")
        house = a_house(storage=storage)
        learn(house, Evidence(relations=(Relation("own-gp", CLINIC),), person=PersonFacts(born=1)))
        for place in (HOSPITAL, EYES):
            hand_in(house, place.value, place)
        for change, at, reader in steps:
            if change is not None:
                learn(house, change)
            then = msgspec.structs.replace(house, clock=lambda at=at: at)
            warm = run(work_list(then, reader, Wanted()))
            forget()
            assert run(work_list(then, reader, Wanted())) == warm
        storage.close()
