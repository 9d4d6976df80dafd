"""The same thing once, and only then (DESIGN 6): what could hurt is what is merged wrongly."""

import pytest
from msgspec import structs

from patientoverblik.care import Identifier, Participation, Party, parse_moment
from patientoverblik.overview.equivalence import read_rows
from tests.unit.overview.make import act, coded, condition, goal, held, ident, line, look, rules, visit, words


def kinds(seen: object, kind: str) -> int:
    return sum(1 for each in seen.lines.values() if each.kind == kind)  # type: ignore[attr-defined]


def test_same_identifier_of_two_parties_is_one_line_with_both_wordings() -> None:
    one = held(1, "GP", condition("H", words="KOL"), made="2026-05-01T08:00:00Z")
    other = held(2, "HOSP", condition("H", words="Kronisk lungesygdom"), made="2026-05-02T08:00:00Z")
    shown = line(look(one, other), "KOL")
    assert [each.value.words for each in shown.wordings] == ["Kronisk lungesygdom", "KOL"]
    assert [each.attribution.organisation for each in shown.wordings] == ["HOSP", "GP"]
    assert shown.rule == "overview.same-business-id"
    assert len(shown.members) == 2


def test_reviewed_code_joins_two_parties() -> None:
    seen = look(held(1, "GP", condition("A", "DJ449")), held(2, "HOSP", condition("B", "DJ449")))
    assert line(seen, "A").rule == "overview.same-code-reviewed"


def test_code_that_is_not_reviewed_joins_nothing() -> None:
    assert (
        kinds(look(held(1, "GP", condition("A", "DS720")), held(2, "HOSP", condition("B", "DS720"))), "condition") == 2
    )


def test_broader_row_joins_nothing() -> None:
    general = structs.replace(condition("A"), code=coded("R95", system="1.2.208.176.2.31"))
    assert kinds(look(held(1, "GP", general), held(2, "HOSP", condition("B", "DJ449"))), "condition") == 2


def test_one_code_system_by_two_names_is_one() -> None:
    new = structs.replace(condition("A"), code=coded("R95", system="urn:oid:1.2.208.176.2.31"))
    old = structs.replace(condition("B"), code=coded("R95", system="1.2.208.176.99.99.99"))
    assert kinds(look(held(1, "GP", new), held(2, "HOSP", old)), "condition") == 1


def test_a_code_row_without_source_stops_the_load() -> None:
    table = "kind,system_a,code_a,system_b,code_b,equivalence,source\ncondition,a,1,b,2,equivalent,\ncondition,a,1,b,2,same,x\n"
    with pytest.raises(ValueError, match="line 2: no source; line 3: not a row"):
        read_rows(table)


@pytest.mark.parametrize(
    "change",
    [
        {"laterality": coded("TUL1")},
        {"words": "KOL, højre lunge"},
        {"words": "ikke KOL"},
        {"verification": "refuted"},
        {"verification": "suspected"},
        {"clinical_status": "resolved"},
    ],
    ids=["side", "side in words", "denied in words", "refuted", "suspected", "ended"],
)
def test_conditions_that_differ_in_what_could_hurt_stand_apart(change: dict) -> None:
    one = held(1, "GP", condition("H", "DJ449", words="KOL"))
    other = held(2, "HOSP", condition("H", "DJ449", **({"words": "KOL"} | change)))
    seen = look(one, other)
    assert kinds(seen, "condition") == 2
    assert rules(seen) == ["overview.differing-statements"]


def test_what_is_suspected_and_what_is_refuted_stand_apart() -> None:
    doubted = (condition("H", "DJ449", words="KOL", verification=one) for one in ("suspected", "refuted"))
    one, other = (
        held(number, place, each) for number, (place, each) in enumerate(zip(("GP", "HOSP"), doubted, strict=True))
    )
    assert kinds(look(one, other), "condition") == 2


@pytest.mark.parametrize(
    "change",
    [
        {"words": "Metformin 1000 mg"},
        {"repetition": "2 gange dagligt"},
        {"instruction": "til maden"},
        {"activity": "on-hold"},
        {"activity": "completed"},
    ],
)
def test_interventions_that_differ_in_dose_frequency_or_status_stand_apart(change: dict) -> None:
    one = held(1, "GP", act("I", words="Metformin 500 mg"))
    other = held(2, "HOSP", act("I", **({"words": "Metformin 500 mg"} | change)))
    assert kinds(look(one, other), "intervention") == 2


def test_different_codes_in_one_system_stand_apart() -> None:
    assert (
        kinds(look(held(1, "GP", condition("H", "DJ11")), held(2, "HOSP", condition("H", "DJ101"))), "condition") == 2
    )


def test_two_items_of_one_document_never_join() -> None:
    one = held(1, "GP", condition("A", "DJ449"), condition("B", "DJ449"))
    assert kinds(look(one, held(2, "HOSP", condition("C", "DJ449"))), "condition") == 3


def test_two_items_of_one_organisation_never_join() -> None:
    seen = look(held(1, "GP", condition("H", "DJ449")), held(2, "GP", condition("H", "DJ449")))
    assert kinds(seen, "condition") == 2
    assert seen.counts.conditions == (1, 1)


def test_all_members_agree_pairwise_or_none_joins() -> None:
    seen = look(
        held(1, "GP", condition("A", "DJ449")),
        held(2, "HOSP", condition("B", "DJ449")),
        held(3, "GP", condition("C", "DJ449")),
    )
    assert kinds(seen, "condition") == 3


def test_identifier_used_twice_in_a_document_counts_for_nothing() -> None:
    twice = held(1, "GP", act("X", words="a", place="1"), act("X", words="b", place="2"))
    assert kinds(look(twice, held(2, "HOSP", act("X", words="a"))), "intervention") == 3


def test_the_documents_own_identifier_counts_for_nothing() -> None:
    one = held(1, "GP", act("a", ids=(ident("document-1"),), words="Ens"))
    other = held(2, "HOSP", act("b", ids=(ident("document-1"),), words="Ens"))
    assert kinds(look(one, other), "intervention") == 2


def test_bare_system_names_an_issuer_and_not_a_thing() -> None:
    bare = (Identifier(system="1.2.208.184"),)
    seen = look(held(1, "GP", act("a", ids=bare, words="Ens")), held(2, "HOSP", act("b", ids=bare, words="Ens")))
    assert kinds(seen, "intervention") == 2


def test_patient_goal_and_professional_goal_never_join() -> None:
    seen = look(held(1, "PAT", goal("G", kind="patient")), held(2, "GP", goal("G")))
    assert {each.kind for each in seen.lines.values()} == {"patient-goal", "goal"}


def test_appointments_at_different_times_stand_apart() -> None:
    one = held(1, "GP", visit("V", "2026-07-01T09:00:00+02:00"))
    assert kinds(look(one, held(2, "HOSP", visit("V", "2026-07-01T10:00:00+02:00"))), "appointment") == 2


def test_document_from_the_future_never_wins_the_shown_wording() -> None:
    now = held(1, "GP", condition("H", words="nu"), made="2026-05-01T08:00:00Z")
    future = held(2, "HOSP", condition("H", words="fremtid"), made="2026-12-01T08:00:00Z")
    assert line(look(now, future), "nu").value.words == "nu"


def test_links_and_groups_name_the_merged_line() -> None:
    one = held(1, "GP", condition("H"), act("I", reasons=(ident("H"),)))
    other = held(2, "HOSP", condition("H"), act("J", reasons=(ident("H"),)))
    seen = look(one, other)
    shown = line(seen, "H")
    assert {line(seen, "Indsats I").groups, line(seen, "Indsats J").groups} == {(shown.id,)}
    assert words(seen, "condition") == ["H"]


def test_items_that_share_a_place_keep_a_line_each() -> None:
    seen = look(held(1, "GP", act("A", place="same", ids=()), act("B", place="same", ids=()), act("C", place="")))
    assert words(seen, "intervention") == ["Indsats A", "Indsats B", "Indsats C"]
    assert len({each.attribution.place for each in seen.lines.values()}) == 3


def test_the_wording_documented_last_is_shown_whenever_its_document_was_made() -> None:
    def by(time: str) -> Participation:
        return Participation(role="author", party=Party(kind="professional"), time=parse_moment(time))

    late = condition("H", "DJ449", note="sent", documented_by=(by("2026-05-20T08:00:00Z"),))
    early = condition("H", "DJ449", note="tidligt", documented_by=(by("2026-05-02T08:00:00Z"),))
    one = held(1, "GP", late, made="2026-05-01T08:00:00Z")
    two = held(2, "KOM", early, made="2026-05-10T08:00:00Z")
    (merged,) = look(one, two).lines.values()
    assert [each.value.note for each in merged.wordings] == ["sent", "tidligt"]
