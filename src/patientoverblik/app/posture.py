"""What ``doctor`` says of the hardening: names, TLS, the clock, and which secrets are set, never what they are."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

from patientoverblik.app.clock import MOST, Watch, offset_from
from patientoverblik.app.guarding import hosts_of
from patientoverblik.app.running import TEST_COMMUNITY, TEST_REPOSITORY
from patientoverblik.app.settings import Settings
from patientoverblik.app.tls_faults import is_public
from patientoverblik.app.wiring import now
from patientoverblik.edges.cli.ports import Diagnosis
from patientoverblik.edges.identity.launch import read_systems
from patientoverblik.edges.identity.soap import read_trust

SECRETS = {
    "login secret": ("login_secret", "login_secret_file"),
    "signing keys": ("signing_keys",),
    "trail key": ("trail_key",),
    "lock key": ("lock_key",),
    "TLS key": ("tls_key",),
    "feed key": ("feed_key",),
}


def posture(settings: Settings) -> Iterator[Diagnosis]:
    """Everything that is looked at without the database."""
    yield Diagnosis("hosts", True, ", ".join(sorted(hosts_of(settings))))
    yield Diagnosis("own ids", True, _own_ids(settings))
    yield Diagnosis("framing", True, settings.frame_hosts or "nobody")
    if settings.record_systems:
        yield Diagnosis("record systems", True, _record_systems(settings))
    yield _tls(settings)
    yield Diagnosis("secrets", True, "; ".join(_secrets(settings)))
    yield from _companies(settings)
    if settings.time_source:
        yield _source(settings.time_source)


def _own_ids(settings: Settings) -> str:
    """The community and the repository that every entry names, and whether they are still those for tests."""
    told = f"community {settings.home_community}, repository {settings.repository_id}"
    tests = {settings.home_community, settings.repository_id} & {TEST_COMMUNITY, TEST_REPOSITORY}
    return f"{told}: for tests; set your own before the first document" if tests and not settings.demo else told


def _record_systems(settings: Settings) -> str:
    """Who may open the overview, and from which origins."""
    rows = read_systems(Path(settings.record_systems))
    return "; ".join(f"{row.name}: {' '.join(row.origins)}" for row in rows)


def clock(times: tuple[int, ...]) -> Diagnosis:
    """The clock against what the database holds."""
    is_right = Watch(now).is_right(times)
    found = "not behind what is stored" if is_right else "behind what is stored: is it set right?"
    return Diagnosis("clock", is_right, found)


def _source(source: str) -> Diagnosis:
    found = asyncio.run(offset_from(source, now))
    if found is None:
        return Diagnosis("time source", False, "gives no time")
    return Diagnosis("time source", abs(found) <= MOST, f"the clock is {found / 1000:+.0f} s ahead of it")


def _tls(settings: Settings) -> Diagnosis:
    if settings.tls_certificate:
        return Diagnosis("TLS", True, f"served here; client certificates {settings.tls_clients}")
    reach = "to other machines" if is_public(settings.host) else "to this machine alone"
    by = "a proxy is to end TLS" if settings.secure else "no TLS"
    return Diagnosis("TLS", settings.demo or settings.secure or not is_public(settings.host), f"{by}; served {reach}")


def _companies(settings: Settings) -> Iterator[Diagnosis]:
    """Which organisations a company that the trust file has no row for may name in a message."""
    if settings.trust:
        trust = read_trust(Path(settings.trust))
        without = ", ".join(sorted((trust.callers or frozenset()) - trust.organisations.keys()))
        found = "any that no other is configured for" if trust.unclaimed else "what their token names"
        told = f"{len(trust.organisations)} with organisations; those without name {found}"
        yield Diagnosis("companies", not trust.unclaimed, f"{told}: {without}" if without else told)


def _secrets(settings: Settings) -> Iterator[str]:
    for name, places in SECRETS.items():
        yield f"{name} {'set' if any(getattr(settings, place) for place in places) else 'not set'}"
