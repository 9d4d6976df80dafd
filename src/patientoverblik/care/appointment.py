"""Appointments: planned contacts at a fixed time."""

from typing import Annotated, ClassVar, Literal

from patientoverblik.care.item import Item
from patientoverblik.care.party import Organisation, Participation
from patientoverblik.care.terms import Term, Value
from patientoverblik.care.values import Address, Concept, Identifier, Period, Telecom, Unknown

AppointmentStatus = Literal["booked", "arrived", "completed", "cancelled", "no-show", "entered-in-error"]
AppointmentSector = Literal["municipality", "region", "general-practice", "other"]


class Place(Value, frozen=True, kw_only=True):
    """Where an appointment is held: an address, or the patient's home."""

    term: ClassVar[Term] = Term("mødested", "place", "sted hvor en aftale holdes", "APD-DK participant LOC")
    ids: Annotated[tuple[Identifier, ...], Term("identifikatorer", "ids", "stedets SOR-kode", "APD-DK")] = ()
    name: Annotated[str, Term("navn", "name", "stedets navn", "APD-DK playingEntity")] = ""
    addresses: Annotated[tuple[Address, ...], Term("adresser", "addresses", "hvor stedet er", "APD-DK")] = ()
    telecoms: Annotated[tuple[Telecom, ...], Term("kontaktveje", "telecoms", "stedets telefon", "APD-DK")] = ()
    at_home: Annotated[
        bool, Term("i hjemmet", "at home", "om aftalen holdes hjemme hos patienten", "APD-DK participant SBJ")
    ] = False


class Appointment(Item, frozen=True, kw_only=True, tag_field="is", tag="appointment"):
    """A booked contact; many with one series identifier are one row."""

    term: ClassVar[Term] = Term(
        "aftale", "appointment", "planlagt kontakt på et fastsat tidspunkt", "APD-DK; Contsys healthcare appointment"
    )
    status: Annotated[
        AppointmentStatus | Unknown, Term("status", "status", "om aftalen gælder", "APD-DK statusCode")
    ] = Unknown()
    sector: Annotated[
        AppointmentSector, Term("sektor", "sector", "kommune, region eller almen praksis", "APD-DK code")
    ] = "other"
    period: Annotated[Period | Unknown, Term("tid", "period", "start og slut", "APD-DK effectiveTime")] = Unknown()
    reason: Annotated[Concept | None, Term("årsag", "reason", "hvad aftalen handler om", "APD-DK RSON")] = None
    place_of: Annotated[Place | None, Term("mødested", "place of meeting", "hvor aftalen holdes", "APD-DK LOC/SBJ")] = (
        None
    )
    performers: Annotated[
        tuple[Participation, ...], Term("udførere", "performers", "hvem patienten skal møde", "APD-DK performer")
    ] = ()
    requester: Annotated[
        Participation | None, Term("rekvirent", "requester", "hvem der bad om aftalen", "APD-DK author REFB")
    ] = None
    guiding_time: Annotated[
        bool, Term("vejledende tid", "guiding time", "om tidspunktet er vejledende", "APD-DK GuidedIntervalType")
    ] = False
    series: Annotated[
        Identifier | None, Term("serie", "series", "række af gentagne aftaler", "APD-DK RepeatingDocumentType")
    ] = None
    episodes: Annotated[
        tuple[Identifier, ...], Term("forløb", "episodes", "forløb aftalen hører til", "APD-DK serviceEvent")
    ] = ()
    interventions: Annotated[
        tuple[Identifier, ...], Term("indsatser", "interventions", "indsatser aftalen gælder", "domænemodel 2.0")
    ] = ()
    responsible: Annotated[
        Organisation | None, Term("ansvarlig", "responsible", "organisationen der har aftalen", "APD-DK author[1]")
    ] = None
