"""Organisations above and below each other (SOR: institution, unit, sub-unit), as configuration gives them."""

from collections.abc import Iterator, Mapping

from patientoverblik.access.model import OrganisationRef

Place = tuple[str, str]
Units = Mapping[Place, Place]


def place_of(organisation: OrganisationRef) -> Place:
    """An organisation's identifier: OID and value."""
    return organisation.system, organisation.value


def above(organisation: OrganisationRef, units: Units) -> Iterator[Place]:
    """The organisation itself and everything it lies under, nearest first; a circle in the configuration ends."""
    place: Place | None = place_of(organisation)
    met: set[Place] = set()
    while place is not None and place not in met:
        met.add(place)
        yield place
        place = units.get(place)


def belongs(organisation: OrganisationRef, top: OrganisationRef, units: Units, with_units: bool) -> bool:
    """Whether an organisation is the one named or, with units, lies under it."""
    return organisation.same(top) or (with_units and place_of(top) in above(organisation, units))


def related(one: OrganisationRef, other: OrganisationRef, units: Units) -> bool:
    """Whether one of two organisations is the other or lies under it."""
    return belongs(one, other, units, True) or belongs(other, one, units, True)
