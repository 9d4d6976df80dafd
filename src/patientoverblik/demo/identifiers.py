"""Identifiers of the demo: the same name always gives the same identifier, and no number names a living person.

Generated personal numbers have 60 added to the day, the rule of the official Danish test numbers.
"""

from datetime import date
from uuid import NAMESPACE_OID, uuid5

from patientoverblik.care import Identifier
from patientoverblik.care.systems import CPR

MEDCOM = "1.2.208.184"
_NAMES = uuid5(NAMESPACE_OID, "patientoverblik.demo")


def item_id(*names: str) -> Identifier:
    """The identifier of the thing with these names, such as a story and its short name."""
    return Identifier(system=MEDCOM, value=str(uuid5(_NAMES, "/".join(names))), authority="MedCom")


def cpr(number: str) -> Identifier:
    """A personal number as an identifier."""
    return Identifier(system=CPR, value=number, authority="CPR")


def generated_number(born: date, serial: int) -> str:
    """A number for a generated person: day + 60, month, year, and a serial that tells the century.

    1 to 3999 is the 1900s, 4000 to 9999 with a year up to 36 the 2000s.
    """
    return f"{born.day + 60:02}{born.month:02}{born.year % 100:02}{serial:04}"
