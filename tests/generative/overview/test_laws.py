"""Laws of the overview, over small patients made to collide: few identifiers, few codes, few organisations."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from patientoverblik.care import Bound, Condition, Range, Unknown, parse_moment
from patientoverblik.overview import Held, Overview
from patientoverblik.overview.equivalence import code_keys, reviewed
from tests.unit.overview.make import act, charge, coded, goal, held, ident, look, plan, target, visit

NAMES = st.sampled_from(["H1", "H2", "H3"])
OWNERS = st.sampled_from(["GP", "HOSP", "KOM", "PSYK"])
DAYS = st.sampled_from(["2026-05-01", "2026-06-01", "2026-07-01", "2027-01-01"])
IDS = st.lists(NAMES.map(ident), max_size=2, unique=True).map(tuple)
CODES = st.lists(st.sampled_from(["DJ449", "DE119", "DS720"]), max_size=2, unique=True)


@st.composite
def conditions(draw: st.DrawFn, place: str) -> Condition:
    codes = draw(CODES)
    return Condition(
        place=place,
        ids=draw(IDS),
        code=coded(*codes) if codes else Unknown(),
        words=draw(st.sampled_from(["KOL", "KOL", "KOL højre", "ikke KOL"])),
        clinical_status=draw(st.sampled_from(["active", "active", "active", "resolved"])),
        verification=draw(
            st.sampled_from(["confirmed", "confirmed", "confirmed", "suspected", "refuted", "entered-in-error"])
        ),
    )


@st.composite
def goals(draw: st.DrawFn, place: str) -> object:
    amount = Range(high=Bound(value=draw(st.sampled_from(["58", "53"]))), unit=draw(st.sampled_from(["mmol/mol", "%"])))
    return goal(
        place,
        ids=draw(IDS),
        kind=draw(st.sampled_from(["professional", "patient"])),
        words=draw(st.sampled_from(["ned", "op"])),
        targets=draw(st.sampled_from([(), (target(amount),)])),
        due=draw(st.none() | DAYS.map(parse_moment)),
        addresses=draw(IDS),
    )


@st.composite
def acts(draw: st.DrawFn, place: str) -> object:
    return act(
        place,
        ids=draw(IDS),
        words=draw(st.sampled_from(["Træning", "Træning 2", "Kost"])),
        activity=draw(st.sampled_from(["in-progress", "not-started", "on-hold", "completed", "cancelled"])),
        reasons=draw(IDS),
        realises=draw(IDS),
        next_due=draw(st.none() | DAYS.map(parse_moment)),
    )


@st.composite
def visits(draw: st.DrawFn, place: str) -> object:
    day = draw(DAYS)
    return visit(
        place,
        f"{day}T09:00:00+02:00",
        f"{day}T10:00:00+02:00",
        ids=draw(IDS),
        sector=draw(st.sampled_from(["region", "general-practice"])),
        series=draw(st.none() | st.just(ident("serie"))),
    )


@st.composite
def documents(draw: st.DrawFn, number: int) -> Held:
    owner = draw(OWNERS)
    made = draw(DAYS)
    items = [
        draw(draw(st.sampled_from([conditions, goals, acts, visits]))(f"{number}-{place}"))
        for place in range(draw(st.integers(0, 4)))
    ]
    if draw(st.booleans()):
        items.append(
            plan(
                f"plan{number}",
                responsibilities=draw(st.sampled_from([(), (charge("KOM", commitment="requested", covers=("H1",)),)])),
            )
        )
    return held(number, owner, *items, made=f"{made}T08:00:00Z")


@st.composite
def patients(draw: st.DrawFn, least: int = 1) -> list[Held]:
    return [draw(documents(number)) for number in range(1, draw(st.integers(least, 6)) + 1)]


def all_wordings(seen: Overview) -> list[tuple[str, str]]:
    rows = {each.id for each in seen.lines.values() if any(kind == "occurrence" for kind, _ in each.related)}
    return sorted(
        (w.attribution.entry, w.attribution.place)
        for each in seen.lines.values()
        if each.id not in rows
        for w in each.wordings
    )


def partition(seen: Overview) -> set[frozenset[tuple[str, str]]]:
    rows = {each.id for each in seen.lines.values() if any(kind == "occurrence" for kind, _ in each.related)}
    return {
        frozenset((w.attribution.entry, w.attribution.place) for w in each.wordings)
        for each in seen.lines.values()
        if each.id not in rows
    }


@settings(max_examples=120, deadline=None)
@given(patients(), st.randoms(use_true_random=False))
def test_order_of_documents_does_not_matter(held_documents: list[Held], chance: object) -> None:
    shuffled = list(held_documents)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert look(*shuffled) == look(*held_documents)
    assert list(look(*shuffled).lines) == list(look(*held_documents).lines)


@settings(max_examples=60, deadline=None)
@given(patients())
def test_same_document_twice_changes_nothing(held_documents: list[Held]) -> None:
    assert look(*held_documents, held_documents[0]) == look(*held_documents)


@settings(max_examples=80, deadline=None)
@given(patients())
def test_every_line_traces_to_a_document_and_no_wording_is_lost(held_documents: list[Held]) -> None:
    seen = look(*held_documents)
    entries = {entry.uuid: entry for entry, _ in held_documents}
    for line in seen.lines.values():
        for wording in line.wordings:
            source = entries[wording.attribution.entry]
            assert wording.attribution.content == source.content
            assert wording.attribution.unique_id == source.unique_id
            assert wording.attribution.organisation
            assert wording.attribution.place
    said = [
        (entry.uuid, item.place)
        for entry, care in held_documents
        for item in (*care.conditions, *care.goals, *care.interventions, *care.appointments)
        if getattr(item, "verification", "") != "entered-in-error"
    ]
    plans = [(entry.uuid, care.plan.place) for entry, care in held_documents if care.plan]
    assert all_wordings(seen) == sorted(said + plans)


@settings(max_examples=80, deadline=None)
@given(patients())
def test_every_id_leads_somewhere(held_documents: list[Held]) -> None:
    seen = look(*held_documents)
    named = {other for line in seen.lines.values() for _, other in line.related}
    named |= {group for line in seen.lines.values() for group in line.groups}
    named |= {line.plan for line in seen.lines.values() if line.plan}
    named |= {line for each in seen.sections for line in each.lines}
    named |= {line for each in seen.differences for line in each.lines}
    named |= {line for each in seen.who for line in each.lines}
    named |= {event.line for event in seen.timeline}
    assert named <= set(seen.lines)
    assert all(line.id == key for key, line in seen.lines.items())


@settings(max_examples=120, deadline=None)
@given(patients(least=2), st.integers(0, 5))
def test_removing_a_document_removes_its_wordings_and_touches_no_line_it_does_not_meet(
    held_documents: list[Held], which: int
) -> None:
    gone = held_documents[which % len(held_documents)]
    rest = [each for each in held_documents if each is not gone]
    before, after = look(*held_documents), look(*rest)
    assert all_wordings(after) == [each for each in all_wordings(before) if each[0] != gone[0].uuid]
    met = marks_of(gone)
    for members in partition(before):
        if not any(entry == gone[0].uuid for entry, _ in members) and not _meets(members, rest, met):
            assert members in partition(after)


@settings(max_examples=150, deadline=None)
@given(patients(least=2))
def test_merging_is_the_cliques_of_a_slow_obvious_oracle(held_documents: list[Held]) -> None:
    assert partition(look(*held_documents)) == oracle(held_documents)


def oracle(held_documents: list[Held]) -> set[frozenset[tuple[str, str]]]:
    """Every pair compared with every pair; connected pairs that all agree are one line, all else stands alone."""
    items = [
        (entry, care, item)
        for entry, care in held_documents
        for item in (
            *care.conditions,
            *care.goals,
            *care.interventions,
            *care.appointments,
            *([care.plan] if care.plan else []),
        )
        if getattr(item, "verification", "") != "entered-in-error"
    ]
    agreed = {(a, b) for a, b in combinations(range(len(items)), 2) if _same(items[a], items[b])}
    agreed |= {(b, a) for a, b in agreed}
    groups: set[frozenset[tuple[str, str]]] = set()
    for start in range(len(items)):
        reached = {start}
        while more := {b for a, b in agreed if a in reached} - reached:
            reached |= more
        clique = all((a, b) in agreed for a in reached for b in reached if a != b)
        members = reached if clique else {start}
        groups.add(frozenset((items[n][0].uuid, items[n][2].place) for n in members))
    return groups


def _same(one: tuple, other: tuple) -> bool:
    (entry_a, care_a, a), (entry_b, care_b, b) = one, other
    if (
        entry_a.uuid == entry_b.uuid
        or entry_a.authors == entry_b.authors
        or type(a) is not type(b)
        or not hasattr(a, "words")
    ):
        return False
    if type(a).__name__ == "Plan" or getattr(a, "kind", "") != getattr(b, "kind", "") or not _nothing_differs(a, b):
        return False
    by_id = set(_alone(care_a, a)) & set(_alone(care_b, b))
    kind = type(a).__name__.lower()
    by_code = type(a).__name__ == "Condition" and set(reviewed(kind, code_keys(a.code))) & set(
        reviewed(kind, code_keys(b.code))
    )
    return bool(by_id or by_code)


def _alone(care: object, item: object) -> list[object]:
    """Identifiers that no other item of the document bears."""
    everything = [
        *care.conditions,
        *care.goals,
        *care.interventions,
        *care.appointments,
        *([care.plan] if care.plan else []),
    ]  # type: ignore[attr-defined]
    return [each for each in item.ids if sum(each in other.ids for other in everything) == 1]  # type: ignore[attr-defined]


def _nothing_differs(a: object, b: object) -> bool:
    name = type(a).__name__
    if name == "Condition":
        told = [("højre" in x.words, "ikke" in x.words, x.verification, x.clinical_status) for x in (a, b)]  # type: ignore[attr-defined]
        codes = [{code for _, code in code_keys(x.code)} for x in (a, b)]  # type: ignore[attr-defined]
        return told[0] == told[1] and (not codes[0] or not codes[1] or bool(codes[0] & codes[1]))
    if name == "Goal":
        return (a.targets, a.due) == (b.targets, b.due)  # type: ignore[attr-defined]
    if name == "Intervention":
        group = {"in-progress": "open", "not-started": "open"}
        told = [("2" in x.words, group.get(x.activity, x.activity)) for x in (a, b)]  # type: ignore[attr-defined]
        return told[0] == told[1]
    return a.period == b.period  # type: ignore[attr-defined]


def marks_of(document: Held) -> set[object]:
    _, care = document
    return {
        mark
        for item in (*care.conditions, *care.goals, *care.interventions, *care.appointments)
        for mark in (*item.ids, *code_keys(getattr(item, "code", None)))
    }


def _meets(members: frozenset[tuple[str, str]], rest: list[Held], met: set[object]) -> bool:
    """Whether any line reachable from these by shared identifiers or codes shares one with the removed document."""
    everything = [
        (entry.uuid, item.place, {*item.ids, *code_keys(getattr(item, "code", None))})
        for entry, care in rest
        for item in (*care.conditions, *care.goals, *care.interventions, *care.appointments)
    ]
    marks = set().union(*(m for entry, place, m in everything if (entry, place) in members))
    while more := set().union(*(m for _, _, m in everything if m & marks)) - marks:
        marks |= more
    return bool(marks & met)
