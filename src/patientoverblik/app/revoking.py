"""The revocation lists of an installation: whom they are about, what is wrong with them, and what ``doctor`` says."""

from collections.abc import Callable, Iterator

from patientoverblik.app.settings import Settings
from patientoverblik.app.token_faults import networks_of
from patientoverblik.app.wiring import now
from patientoverblik.edges.cli.ports import Diagnosis
from patientoverblik.edges.identity.certificate import Proxies
from patientoverblik.edges.identity.revoked import Revocations, read_revocations


def revocations_of(settings: Settings, clock: Callable[[], int]) -> Revocations | None:
    """The lists of the settings; None where none are."""
    if not settings.crl_folder:
        return None
    return read_revocations(settings.crl_folder, settings.crl_authorities, clock, settings.crl_hours)


def proxies_of(settings: Settings, clock: Callable[[], int]) -> Proxies:
    """How client certificates come here, and the lists they are held against."""
    return Proxies(
        networks_of(settings.certificate_proxies), settings.certificate_header.lower(), revocations_of(settings, clock)
    )


def revocation(settings: Settings) -> Iterator[Diagnosis]:
    """Whether every authority that is named has a list in force."""
    lists = revocations_of(settings, now)
    if lists is None:
        yield Diagnosis("revocation", True, "no lists; a certificate ends by its date, or by taking it out of a file")
        return
    stale = lists.stale()
    found = f"no list in force of {'; '.join(stale)}" if stale else f"{len(lists.lists())} lists in force"
    yield Diagnosis("revocation", not stale, found)
