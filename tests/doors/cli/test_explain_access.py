"""``explain-access``: the rule that decides on one's access, and for the citizen who can see and why."""

import pytest

from tests.conftest import SHARED
from tests.doors.cli.program import about_nancy


def test_ones_own_access_is_explained_by_rule_basis_and_what_would_change_it(demo):
    ended = about_nancy("explain-access", database=demo)
    assert ended.code == 0
    assert "rule         professional-relation" in ended.out
    assert "basis        sundhedsloven § 42 a stk. 1 [S]" in ended.out
    assert "changed by   That the treatment relation ends" in ended.out
    assert about_nancy("explain-access", "--json", database=demo).json["rule"] == "professional-relation"


def test_the_citizen_is_told_who_can_see_and_nobody_else_is(demo):
    told = about_nancy("explain-access", "--who", "--as", "nancy", database=demo)
    assert told.code == 0
    assert "Your organisation treats the patient" in told.out
    rows = about_nancy("explain-access", "--who", "--as", "nancy", "--json", database=demo).json
    assert all(set(row) == {"organisation", "decided", "outcome", "sees"} for row in rows)
    refused = about_nancy("explain-access", "--who", database=demo)
    assert (refused.code, refused.out) == (2, "")


pytestmark = pytest.mark.skipif(
    not (SHARED / "data").is_dir(), reason=f"shared samples are not here: {SHARED.name}/data"
)
