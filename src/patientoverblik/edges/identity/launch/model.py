"""The values of a launch: the record systems that may open the overview inside themselves, and what came of one."""

import msgspec

from patientoverblik.edges.identity.bearer import Issuer
from patientoverblik.edges.identity.web import Entered, Party
from patientoverblik.sharing.model import PatientId


class Smart(msgspec.Struct, frozen=True):
    """A record system with a SMART server: the address of its FHIR API, by which a launch names it, and we as the
    relying party of whoever logs its people in."""

    iss: str
    party: Party


class RecordSystem(msgspec.Struct, frozen=True):
    """A record system that may open the overview: what people call it, the origins of its pages, where the way back
    leads, and by which ways it may come. ``link`` is whose signed links are believed."""

    id: str
    name: str
    origins: tuple[str, ...]
    back: str = ""
    link: Issuer | None = None
    smart: Smart | None = None


class Launched(msgspec.Struct, frozen=True):
    """A launch that is believed: who comes, from where, to see whom. ``ref`` is what the record system calls the
    patient, ``banner`` whether it asks us to show who that is."""

    system: RecordSystem
    entered: Entered
    patient: PatientId
    ref: str = ""
    banner: bool = False
