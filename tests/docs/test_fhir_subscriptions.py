"""The receiver that the manual shows knows our messages, and nobody else's."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec

from patientoverblik.edges.fhir.subscribed import SIGNED_WITH
from tests.conftest import PROJECT
from tests.doors.fhir.hooks import STORY, comes, endpoint, entry_ids, rounds, subscribed, subscribing
from tests.doors.fhir.world import FHIR, Door

SHOWN = re.compile(r"```python\n(.*?)```", re.DOTALL)


def receiver(secret: str) -> dict[str, Any]:
    """What the manual shows, with a secret in its place."""
    (shown,) = SHOWN.findall((PROJECT / "docs/fhir.md").read_text(encoding="utf-8"))
    names: dict[str, Any] = {"__name__": "shown"}
    exec(shown.replace("whsec_...", secret), names)
    return names


def test_the_receiver_shown_takes_what_we_send_and_nothing_else(tmp_path: Path) -> None:
    with endpoint(tmp_path) as (heard, client):
        house = subscribing(heard.url)
        made = subscribed(Door(house), heard.url)
        rounds(house, client, 1)
        comes(house, STORY[3])
        at = house.clock.now / 1000
        rounds(house, client, 1)
    (secret,) = [one["valueString"] for one in made["channel"]["extension"] if one["url"] == SIGNED_WITH]
    shown = receiver(secret)
    _, headers, body = heard.requests[-1]
    assert list(shown["changed"](msgspec.json.decode(body))) == [
        (1, f"{FHIR}/DocumentReference/{entry_ids(house)[-1]}")
    ]
    assert shown["is_theirs"](headers, body, at)
    assert not shown["is_theirs"](headers, body + b" ", at)
    assert not shown["is_theirs"](headers, body, at + 600)
    assert not receiver("whsec_" + "A" * 43 + "=")["is_theirs"](headers, body, at)
