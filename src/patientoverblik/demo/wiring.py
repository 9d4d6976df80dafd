"""The demo's configuration in the words of the service: sources, who speaks for whom, and organisation facts."""

from collections.abc import Mapping

from patientoverblik.access import Actor, OrganisationRef
from patientoverblik.demo.organisations import SNOMED, DemoOrganisation, organisations, sources
from patientoverblik.service.sources import Source
from patientoverblik.sharing.metadata import OrganisationFacts
from patientoverblik.sharing.model import Code

HOUR = 60 * 60 * 1000


def demo_sources() -> tuple[Source, ...]:
    """The configured sources; one municipality is not connected."""
    rows = organisations()
    return tuple(
        Source(
            id=source.id,
            name=source.name,
            sector=source.sector,
            kind="push" if source.connected else "none",
            organisations=tuple(rows[key].reference for key in source.organisations),
            kinds=source.documents,
            interval=source.interval_hours * HOUR,
            since=source.since,
        )
        for source in sources()
    )


def organisation_facts() -> Mapping[tuple[str, str], OrganisationFacts]:
    """Facility type and practice setting of every organisation, by its identifier."""
    return {(row.system, row.id): _facts(row) for row in organisations().values()}


def delivers_for() -> Mapping[tuple[str, str], tuple[OrganisationRef, ...]]:
    """For whom each organisation's system may deliver beside its own: the parties of the same source."""
    rows = organisations()
    return {
        (rows[key].system, rows[key].id): tuple(rows[other].reference for other in source.organisations if other != key)
        for source in sources()
        for key in source.organisations
    }


def system_of(key: str) -> Actor:
    """The system of an organisation, as the actor that delivers its documents."""
    row = organisations()[key]
    return Actor(kind="system", id=f"demo-{key}", name=row.name, organisation=row.reference)


def _facts(row: DemoOrganisation) -> OrganisationFacts:
    return OrganisationFacts(
        facility_type=Code(row.facility_type, SNOMED), practice_setting=Code(row.practice_setting, SNOMED)
    )
