"""The listener that every test runs under hears what it should, and nothing else."""

import logging

import pytest

from tests.planted import LISTENING, told, untold

LOG = logging.getLogger("patientoverblik.anything")


@pytest.mark.parametrize(
    "text",
    ["cpr=2512489996", "251248-9996", "patient 8512489996.", "MÆRKE012X", "see Hemmeligtmaerke", "Nancy Ann Berggren"],
)
def test_a_planted_value_is_heard_in_message_argument_and_exception(text):
    assert told(text)
    LOG.warning(text)
    LOG.debug("said %s", text)
    try:
        raise ValueError(text)
    except ValueError:
        LOG.exception("fault")
    assert len(LISTENING.heard) == 3
    assert all("test_planted.py" in place and text not in place for place in LISTENING.heard)
    LISTENING.heard.clear()
    with pytest.raises(pytest.fail.Exception) as fault:
        untold(text)
    assert text not in str(fault.value)


@pytest.mark.parametrize(
    "text",
    [
        "1795435200000 ms",
        "urn:uuid:0-2512489996-1",
        "look 1700000000",
        "0x7f2512489996",
        "version 2.5.12",
        "Nancy",
        "12-11-2026",
    ],
)
def test_what_is_no_patients_is_not(text):
    assert told(text) == []
    LOG.warning(text)
    assert LISTENING.heard == []
