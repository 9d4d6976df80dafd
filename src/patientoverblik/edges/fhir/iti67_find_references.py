"""ITI-67 Find Document References, ITI-66 Find Document Lists (IHE MHD 4.2, volume 2): DocumentReference and List."""

from patientoverblik.edges.fhir.call import Answer, Call
from patientoverblik.edges.fhir.finding import POOLS, Pool, pool_of
from patientoverblik.edges.fhir.reading import read
from patientoverblik.edges.fhir.registered import dated, registered
from patientoverblik.edges.fhir.searching import search
from patientoverblik.overview.recent import Recent, Same
from patientoverblik.service.contents import Contents

_POOLS: Recent[tuple[str, str, Same], Pool] = Recent(POOLS)


def registry(call: Call, has: Contents) -> Pool:
    """Everything that is registered and exists for the reader; the very same pool as long as that is the very same."""
    patient = call.opaque.patient(has.patient)
    key = (patient, call.base, Same((has.registered,)))
    kept = _POOLS.get(key)
    if kept is None:
        found = registered(has.registered, patient, call.base)
        kept = _POOLS[key] = pool_of(dated(call, found, has.registered.entries))
    return kept


async def find(call: Call) -> Answer:
    """A page of DocumentReferences or Lists."""
    return await search(call, "list", registry)


async def read_one(call: Call) -> Answer:
    """One of them by its id."""
    return await read(call, "list", registry)
