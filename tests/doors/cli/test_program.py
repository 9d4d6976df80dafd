"""Every command in a Python that has loaded nothing yet: it ends as it does in the program the other tests fork from."""

import pytest

from patientoverblik.edges.cli.command import VERBS
from tests.doors.cli.program import call, call_anew

LASTING = {"serve", "demo"}
OTHERWISE_EACH_TIME = {"token", "migrate"}


@pytest.mark.parametrize("verb", sorted(VERBS.keys() - LASTING))
def test_a_command_started_anew_ends_as_it_does_forked(verb, tmp_path):
    """What is asked of is not there: the file, the database and the words of a command that needs some."""
    words = (verb, "--help") if verb in OTHERWISE_EACH_TIME else (verb,)
    given = {"stdin": "2512489996\n", "database": tmp_path / "none.sqlite3"}
    assert call_anew(*words, **given) == call(*words, **given)
