"""The master-data card: identity, ways of contact and relations, from registers or typed in, with who and when."""

from typing import Annotated, ClassVar, Literal

from patientoverblik.care.moment import Moment
from patientoverblik.care.party import Participation
from patientoverblik.care.terms import Term, Value
from patientoverblik.care.values import Address, Concept, Identifier, Period, PersonName, Telecom, Unknown

CardField = Literal[
    "name-and-address",
    "custody-over",
    "custody-holder",
    "insurance-group",
    "organ-donor",
    "treatment-will",
    "living-will",
    "no-resuscitation",
    "language",
    "temporary-address",
    "dentist",
    "patient-contact",
    "guardian",
    "other",
]
Origin = Literal["register", "typed-in"]
Answer = Literal["true", "false", "not-available"]


class CardItem(Value, frozen=True, kw_only=True, tag_field="is", tag="card"):
    """One field of the card. True, false and not-available stay three answers (DESIGN 16)."""

    term: ClassVar[Term] = Term(
        "stamoplysning",
        "master data item",
        "oplysning om en patients identitet, kontaktveje eller relationer",
        "PDC-DK; NSP-vejledning",
    )
    place: Annotated[str, Term("plads", "place", "hvor i dokumentets læsning det står", "projektet")] = ""
    ids: Annotated[
        tuple[Identifier, ...],
        Term("identifikatorer", "ids", "oplysningens egne identifikatorer", "PDC-DK observation.id"),
    ] = ()
    field: Annotated[CardField, Term("felt", "field", "hvilken oplysning det er", "PDC-DK code")]
    origin: Annotated[
        Origin | Unknown, Term("oprindelse", "origin", "fra register eller indtastet", "PDC-DK author template")
    ] = Unknown()
    source: Annotated[
        Participation | None, Term("kilde", "source", "register eller person, og hvornår", "PDC-DK author")
    ] = None
    answer: Annotated[
        Answer | None, Term("svar", "answer", "ja, nej eller ikke oplyst", "PDC-DK II true/false/NAV")
    ] = None
    persons: Annotated[
        tuple[Identifier, ...], Term("personer", "persons", "personnumre oplysningen nævner", "PDC-DK ChildCustody")
    ] = ()
    names: Annotated[tuple[PersonName, ...], Term("navne", "names", "navne oplysningen nævner", "PDC-DK")] = ()
    addresses: Annotated[
        tuple[Address, ...], Term("adresser", "addresses", "adresser oplysningen nævner", "PDC-DK")
    ] = ()
    telecoms: Annotated[tuple[Telecom, ...], Term("kontaktveje", "telecoms", "telefon og mail", "PDC-DK")] = ()
    concept: Annotated[Concept | None, Term("kode", "concept", "kodet værdi, fx sprog eller relation", "PDC-DK")] = None
    text: Annotated[str, Term("tekst", "text", "værdien i ord", "PDC-DK")] = ""
    period: Annotated[
        Period | None, Term("periode", "period", "hvornår oplysningen gælder", "PDC-DK TempAddrTypedIn")
    ] = None
    protected: Annotated[bool, Term("beskyttet", "protected", "om navn og adresse er beskyttet", "PDC-DK ConfAddr")] = (
        False
    )
    changed: Annotated[
        Moment | None, Term("ændret", "changed", "hvornår oplysningen sidst blev ændret", "PDC-DK author.time")
    ] = None
