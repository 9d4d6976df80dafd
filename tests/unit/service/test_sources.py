"""Which parties deliver, and how each stands (DESIGN 5)."""

import pytest

from patientoverblik.overview.model import SourceState
from patientoverblik.service.sources import SILENT, Source, source_of, source_states
from tests.unit.service.make import CLINIC, DAY, EYES, HOSPITAL, NOW, PSYCHIATRY, SOURCES

GP = Source("gp", "Lægehuset", "general-practice", "push", (CLINIC,), ("plans",), DAY)


@pytest.mark.parametrize(
    ("heard", "state"),
    [(NOW, "retrieved"), (NOW - DAY, "retrieved"), (NOW - DAY - 1, "not-retrieved"), (0, "not-retrieved")],
)
def test_a_party_that_pushes_counts_as_retrieved_within_its_interval_only(heard, state):
    (told,) = source_states([GP], {"gp": heard} if heard else {}, NOW)
    assert (told.state, told.at, told.code) == (state, heard, "" if state == "retrieved" else SILENT)


def test_a_party_that_is_not_connected_stays_so_whatever_is_heard():
    far = Source("far", "Fjern Kommune", "municipality", "none")
    assert source_states([far], {"far": NOW}, NOW) == (
        SourceState("far", "Fjern Kommune", "municipality", "not-connected"),
    )


def test_the_list_is_the_configurations_and_not_what_is_held():
    told = source_states(SOURCES, {"unheard-of": NOW}, NOW)
    assert [one.id for one in told] == [one.id for one in SOURCES]


def test_a_document_belongs_to_the_source_of_its_most_specific_place():
    assert source_of(SOURCES, (PSYCHIATRY, CLINIC)) == "hospital"
    assert source_of(SOURCES, (CLINIC, HOSPITAL)) == "gp"
    assert source_of(SOURCES[:1], (EYES,)) == ""
    assert source_of(SOURCES, ()) == ""
