"""Whatever documents say, the overview can be built, told as JSON, and traced (care values of every shape)."""

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patientoverblik.overview import Overview
from tests.generative import strategies
from tests.unit.overview.make import entry_of, look

CARE = st.one_of(strategies.care_plans(), strategies.contact_notes(), strategies.appointments())
OWNERS = st.sampled_from(["GP", "HOSP", "KOM"])
NOWS = st.sampled_from(["1999-12-31T23:59:59Z", "2026-06-01T12:00:00Z", "2100-01-01T00:00:00Z"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(st.tuples(CARE, OWNERS), min_size=1, max_size=3), NOWS)
def test_any_documents_give_an_overview_that_traces(cares: list, now: str) -> None:
    documents = [(entry_of(number, owner, "2026-05-01"), care) for number, (care, owner) in enumerate(cares, start=1)]
    seen = look(*documents, now=now)
    assert seen == look(*reversed(documents), now=now)
    assert msgspec.json.decode(msgspec.json.encode(seen), type=Overview) == seen
    entries = {entry.uuid for entry, _ in documents}
    for line in seen.lines.values():
        assert {wording.attribution.entry for wording in line.wordings} <= entries
        assert len(line.wordings) == max(1, len(line.members))
    shown = [line for section in seen.sections if section.id != "matters" for line in section.lines]
    assert len(shown) == len(set(shown))
    on_page = {line for section in seen.sections for line in section.lines}
    behind = {other for line in on_page for kind, other in seen.lines[line].related if kind == "occurrence"}
    assert on_page | behind == set(seen.lines)
