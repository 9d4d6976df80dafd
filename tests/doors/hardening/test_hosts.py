"""Only names of ours are answered to; an address built from a Host header leads nowhere else."""

import pytest

from tests.doors.hardening.place import Place, routes


def test_every_door_refuses_a_name_that_is_not_ours():
    place = Place()
    for method, path in routes(place.inner):
        answer = place.ask(method, path, headers={"host": "evil.example"})
        assert answer.status_code == 421, path
        assert "evil.example" not in answer.text + str(answer.headers), path


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:9", "overblik.example", "alias.example:443", "[::1]"])
def test_names_configured_are_answered_to(host):
    place = Place(base_url="https://overblik.example", hosts="alias.example")
    assert place.ask("GET", "/was", headers={"host": host}).status_code == 200


def test_what_supervises_may_ask_by_any_name():
    place = Place()
    for path in ("/live", "/ready"):
        assert place.ask("GET", path, headers={"host": "10.0.0.7:8080"}).status_code == 200
