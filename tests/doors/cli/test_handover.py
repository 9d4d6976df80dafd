"""``worklist`` and ``handover``: what an organisation should know of and is asked, from the command line."""

from tests.doors.cli.program import NANCY, about_nancy, call


def test_a_worklist_tells_what_stands_and_no_key_of_a_patient(demo):
    told = call("worklist", "--as", "hospitalslaege", "--json", database=demo)
    assert told.code == 0
    items = told.json["items"]
    assert told.json["total"] >= len(items) > 0
    wanted = {"id", "kind", "words", "party", "at", "due", "law", "asked", "state", "overdue", "read", "answer", "name"}
    assert {frozenset(item) for item in items} == {frozenset(wanted)}
    assert NANCY not in told.out
    plain = call("worklist", "--as", "hospitalslaege", database=demo)
    assert plain.out.startswith(f"{told.json['total']} on the list")


def test_one_kind_is_chosen(demo):
    told = call("worklist", "--as", "hospitalslaege", "--kind", "plan", "--json", database=demo)
    assert {item["kind"] for item in told.json["items"]} <= {"plan"}


def test_who_has_no_organisation_has_no_worklist(demo):
    assert call("worklist", "--as", "nancy", database=demo).code == 2


def test_what_is_asked_is_listed_and_what_is_not_cannot_be_answered(demo):
    assert about_nancy("handover", "list", "--as", "hjemmesygeplejerske", database=demo).code == 0
    answered = about_nancy("handover", "accept", "no-such-line", "--as", "hjemmesygeplejerske", database=demo)
    assert (answered.code, answered.out) == (2, "")
    assert "service.no-handover" in answered.err


def test_a_citizen_answers_nothing(demo):
    answered = about_nancy("handover", "list", "--as", "nancy", database=demo)
    assert answered.code == 2


def test_a_day_that_is_none_is_told(tmp_path):
    said = call("submit", "--shown-from", "soon", "none.xml", database=tmp_path / "db")
    assert (said.code, said.out) == (2, "")
    assert "cli.bad-date" in said.err
