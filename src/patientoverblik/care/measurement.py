"""Measurements: determined values, with the source's own digits."""

from typing import Annotated, ClassVar, Literal

from patientoverblik.care.item import Item
from patientoverblik.care.moment import Moment
from patientoverblik.care.terms import Term
from patientoverblik.care.values import Amount, Coding, Concept, Unknown

MeasuredBy = Literal["professional", "patient", "device", "unknown"]


class Measurement(Item, frozen=True, kw_only=True, tag_field="is", tag="measurement"):
    """A measured or judged value at a moment."""

    term: ClassVar[Term] = Term(
        "måling", "measurement", "fastlæggelse af en tilstands værdi", "CPD-DK Resultater; PHMR-DK"
    )
    code: Annotated[Concept | Unknown, Term("kode", "code", "hvad der er målt", "NPU; MCS")]
    amount: Annotated[Amount, Term("værdi", "amount", "resultatet", "CPD-DK observation.value")]
    time: Annotated[Moment | Unknown, Term("tidspunkt", "time", "hvornår der blev målt", "CPD-DK effectiveTime")]
    measured_by: Annotated[MeasuredBy, Term("målt af", "measured by", "hvem der målte", "PHMR-DK methodCode")] = (
        "unknown"
    )
    status: Annotated[str, Term("status", "status", "målingens status som skrevet", "HL7 v3 ActStatus")] = ""
    group: Annotated[str, Term("gruppe", "group", "overskriften målingen står under", "CPD-DK sub-section title")] = ""
    method: Annotated[
        tuple[Coding, ...], Term("metode", "method", "hvordan der blev målt og overført", "PHMR-DK methodCode")
    ] = ()
