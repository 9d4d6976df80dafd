"""What every line of a document has in common: its place, its identifiers, its author's words and who wrote it."""

from typing import Annotated, ClassVar

from patientoverblik.care.party import Participation
from patientoverblik.care.terms import Term, Value
from patientoverblik.care.values import Identifier


class Item(Value, frozen=True, kw_only=True):
    """One thing a document says. ``place`` is unique within the document's reading and stable as long as its text is."""

    term: ClassVar[Term] = Term("oplysning", "item", "én ting som et dokument siger", "projektet")
    place: Annotated[str, Term("plads", "place", "hvor i dokumentets læsning oplysningen står", "projektet")] = ""
    ids: Annotated[
        tuple[Identifier, ...], Term("identifikatorer", "ids", "oplysningens egne identifikatorer", "HL7 v3 Act.id")
    ] = ()
    words: Annotated[str, Term("ord", "words", "forfatterens egne ord, ordret", "CPD-DK narrativ")] = ""
    section: Annotated[
        str, Term("afsnit", "section", "overskriften på det afsnit ordene står i", "CPD-DK section.title")
    ] = ""
    documented_by: Annotated[
        tuple[Participation, ...],
        Term("dokumenteret af", "documented by", "hvem der skrev oplysningen, og hvornår", "HL7 v3 author"),
    ] = ()
    note: Annotated[str, Term("notat", "note", "tilføjelse i forfatterens ord", "KL FKI")] = ""
