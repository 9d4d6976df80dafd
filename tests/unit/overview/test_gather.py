"""Which documents speak now: nothing old comes back, nothing held is silent."""

from msgspec import structs

from patientoverblik.overview import load_view, versions_of
from tests.unit.overview.make import act, at, codes, held, ident, line, look, plan, rules, unread, visit, words

DEPRECATED = {"status": "deprecated", "deprecated_at": at("2026-05-20")}


def replaced_by(number: int) -> dict:
    return DEPRECATED | {"replaced_by": f"urn:uuid:{number:032d}"}


def test_replaced_document_says_nothing_current() -> None:
    old = held(1, "GP", act("gammel"), entry=replaced_by(2))
    assert words(look(old, held(2, "GP", act("ny"))), "intervention") == ["Indsats ny"]


def test_unreadable_newest_version_never_revives_the_older() -> None:
    seen = look(held(1, "GP", act("gammel"), entry=replaced_by(2)), unread(2, "GP"))
    assert words(seen, "intervention") == []
    assert [each.code for each in seen.unread] == ["overview.unreadable"]


def test_replacement_out_of_sight_never_revives_the_older() -> None:
    assert not look(held(1, "GP", act("gammel"), entry=replaced_by(9))).lines


def test_unreadable_higher_version_of_a_set_never_revives_the_lower() -> None:
    low = held(1, "GP", act("lav"), entry={"series": "set", "series_version": 1})
    seen = look(low, unread(2, "GP", series="set", series_version=2))
    assert not seen.lines
    assert rules(seen) == ["overview.two-current-versions"]


def test_two_approved_of_one_set_show_the_highest_and_the_fault() -> None:
    low = held(1, "GP", plan("v1"), entry={"series": "set", "series_version": 1})
    high = held(2, "GP", plan("v2"), entry={"series": "set", "series_version": 2})
    seen = look(high, low)
    assert [each.value.title for each in seen.lines.values()] == ["v2"]
    assert [(each.rule, each.lines) for each in seen.differences] == [
        ("overview.two-current-versions", tuple(seen.lines))
    ]


def test_another_organisation_cannot_outdate_a_document_by_naming_its_set() -> None:
    own = held(1, "GP", act("egen"), entry={"series": "set", "series_version": 1})
    foreign = held(2, "KOM", act("fremmed"), entry={"series": "set", "series_version": 9})
    assert words(look(own, foreign), "intervention") == ["Indsats egen", "Indsats fremmed"]


def test_same_document_registered_twice_is_shown_once() -> None:
    same = {"unique_id": "1.2.3.1", "content": "a" * 64}
    seen = look(held(1, "GP", act("i"), entry=same), held(2, "GP", act("i"), entry=same))
    assert len(seen.lines) == 1
    assert seen.counts.interventions == (1, 1)


def test_resubmitting_a_replaced_document_does_not_revive_it() -> None:
    same = {"unique_id": "1.2.3.1", "content": "a" * 64}
    old = held(1, "GP", act("gammel"), entry=replaced_by(2) | same)
    again = held(3, "GP", act("gammel"), entry=same | {"registered": at("2026-05-25")})
    assert words(look(old, held(2, "GP", act("ny")), again), "intervention") == ["Indsats ny"]


def test_withdrawn_document_resubmitted_later_is_current() -> None:
    same = {"unique_id": "1.2.3.1", "content": "a" * 64}
    old = held(1, "GP", act("i"), entry=DEPRECATED | same)
    again = held(3, "GP", act("i"), entry=same | {"registered": at("2026-05-25")})
    assert [each.phase for each in look(old, again).lines.values()] == ["active"]


def test_withdrawn_document_is_no_longer_in_force_and_says_who_said_so() -> None:
    seen = look(held(1, "GP", visit("v", "2026-07-01T09:00:00+02:00", ""), entry=DEPRECATED))
    shown = line(seen, "Aftale v")
    assert shown.phase == "cancelled"
    assert [(each.code, each.about) for each in shown.flags] == [("overview.withdrawn", "GP")]
    assert {each.id: each.lines for each in seen.sections}["next-appointments"] == ()
    assert {each.id: each.lines for each in seen.sections}["past-appointments"] == (shown.id,)
    assert not rules(seen)


def test_line_id_is_stable_over_replace_and_versions_are_found() -> None:
    old = held(1, "GP", act("i", words="før"), entry=replaced_by(2) | {"series": "set"}, made="2026-04-01T08:00:00Z")
    new = held(2, "GP", act("i", words="nu"), entry={"series": "set"})
    before = look(held(1, "GP", act("i", words="før"), entry={"series": "set"}))
    shown = line(look(old, new), "nu")
    assert shown.id == line(before, "før").id
    assert [each.value.words for each in versions_of((old, new), (shown.id,))] == ["nu", "før"]


def test_replaced_appointment_is_moved() -> None:
    entry = replaced_by(2) | {"series": "set"}
    old = held(1, "HOSP", visit("v", "2026-07-01T09:00:00+02:00", "2026-07-01T09:30:00+02:00"), entry=entry)
    new_entry = {"series": "set", "replaces": ("urn:uuid:" + f"{1:032d}",)}
    new = held(2, "HOSP", visit("v", "2026-07-02T09:00:00+02:00", "2026-07-02T09:30:00+02:00"), entry=new_entry)
    shown = line(look(old, new), "Aftale v")
    assert [(each.code, each.at) for each in shown.flags] == [("overview.moved", at("2026-07-01T09:00:00+02:00"))]
    assert "overview.moved" not in codes(line(look(new), "Aftale v"))


def test_entered_in_error_is_not_shown_nor_counted_but_found() -> None:
    document = held(1, "GP", act("fejl", activity="entered-in-error"), act("rigtig"), entry={"series": "set"})
    seen = look(document)
    assert words(seen, "intervention") == ["Indsats rigtig"]
    assert seen.counts.interventions == (1, 1)
    before = look(held(2, "GP", act("fejl"), entry={"series": "set"}))
    assert [each.value.words for each in versions_of((document,), before.lines)] == ["Indsats fejl"]


def test_unread_document_keeps_a_section_from_saying_none() -> None:
    states = {each.id: each.state for each in look(unread(1, "GP")).sections}
    assert states["goals"] == "not-retrieved"
    assert {each.id: each.state for each in look().sections}["goals"] == "none-recorded"


def test_unreplaced_deprecated_unread_document_is_not_listed_as_current() -> None:
    assert not look(unread(1, "GP", **DEPRECATED)).unread


def test_views_list_what_is_elsewhere() -> None:
    assert look().elsewhere == ("medicine", "allergies", "laboratory")
    assert look().view == load_view("professional").stamp
    assert ident("x").value == "x"


def test_an_older_copy_of_a_withdrawn_document_does_not_keep_it_in_force() -> None:
    same = {"unique_id": "1.2.3.1", "content": "a" * 64}
    copy = held(1, "GP", act("i"), entry=same)
    withdrawn = held(2, "GP", act("i"), entry=DEPRECATED | same)
    assert [each.phase for each in look(copy, withdrawn).lines.values()] == ["cancelled"]


def test_appointment_whose_new_version_keeps_its_time_is_not_moved() -> None:
    times = ("2026-07-01T09:00:00+02:00", "2026-07-01T09:30:00+02:00")
    old = held(1, "HOSP", visit("v", *times), entry=replaced_by(2) | {"series": "set"})
    new = held(2, "HOSP", visit("v", *times), entry={"series": "set", "replaces": ("urn:uuid:" + f"{1:032d}",)})
    assert not codes(line(look(old, new), "Aftale v"))


def test_fault_of_two_versions_names_the_merged_line() -> None:
    low = held(1, "GP", act("i"), entry={"series": "set", "series_version": 1})
    high = held(2, "GP", act("i"), entry={"series": "set", "series_version": 2})
    seen = look(low, high, held(3, "HOSP", act("i")))
    assert [each.lines for each in seen.differences] == [tuple(seen.lines)]


def test_a_number_in_a_title_is_nowhere_in_the_overview() -> None:
    """MedCom's appointment titles carry the patient's number (DESIGN 14)."""
    entry, care = held(1, "gp", act("H1", words="Kost"))
    titled = structs.replace(care.document, title="Aftale for 2512489996")
    shown = look((entry, structs.replace(care, document=titled)), unread(2, "gp", title="Aftale for 251248-9996"))
    assert line(shown, "Kost").attribution.document_title == "Aftale"
    assert [each.title for each in shown.unread] == ["Aftale"]


def test_a_line_says_whether_a_replaced_version_had_it_too() -> None:
    old = held(1, "GP", act("a"), entry={**replaced_by(2), "series": "set", "series_version": 1})
    new = held(2, "GP", act("a"), act("b"), entry={"series": "set", "series_version": 2})
    assert {each.value.words: each.earlier for each in look(old, new).lines.values()} == {
        "Indsats a": True,
        "Indsats b": False,
    }
    assert not any(each.earlier for each in look(new).lines.values())
