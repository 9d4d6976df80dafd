"""For whom a system may deliver: its own organisation, and those that have named it (configuration)."""

from collections.abc import Sequence

from patientoverblik.access.model import OrganisationRef, Refusal
from patientoverblik.access.permit import Permit

NOT_YOURS = Refusal("system-delivers-for-its-own", "access.not-your-document")


def may_deliver(
    permit: Permit, owners: Sequence[OrganisationRef], delivers_for: Sequence[OrganisationRef] = ()
) -> Refusal | None:
    """None if the permit covers a document of these owners (author's and custodian's organisations), else the refusal.

    A document that names no organisation belongs to the one that delivers it. A job may deliver for anyone.
    """
    mine = (permit.actor.organisation, *delivers_for)
    if permit.actor.kind == "job" or not owners:
        return None
    return None if any(own is not None and own.same(owner) for own in mine for owner in owners) else NOT_YOURS
