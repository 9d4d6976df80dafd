"""Seeded faults planted in a document: the ways in which a sender's program goes wrong."""

from collections.abc import Callable
from copy import deepcopy
from random import Random

from lxml import etree

HL7 = "urn:hl7-org:v3"
SDTC = "urn:hl7-org:sdtc"
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
FOREIGN = "urn:example:foreign"

Mutation = Callable[[etree._Element, Random], None]

WORDS = [
    "",
    " ",
    "x",
    "-1",
    "12",
    "2018",
    "20180231",
    "201802311200+0100",
    "2018-02-31",
    "true",
    "1.2.3",
    "1.2..3",
    "urn:a b",
    "EVN",
    "R T",
]
TYPES = [
    "PQ",
    "ST",
    "CD",
    "IVL_PQ",
    "II",
    "INT",
    "BL",
    "TS",
    "AD",
    "PN",
    "ANY",
    "QTY",
    "IVL_TS",
    "NoSuchType",
    "sdtc:INT_POS",
    "x:PQ",
    "",
]
NAMES = [
    "id",
    "code",
    "text",
    "title",
    "value",
    "entry",
    "low",
    "high",
    "observation",
    "nonsense",
    "section",
    "name",
    "td",
    "br",
]
ATTRIBUTES = [
    "nullFlavor",
    "classCode",
    "moodCode",
    "typeCode",
    "value",
    "unit",
    "root",
    "extension",
    "use",
    "ID",
    "nonsense",
    "code",
]


def mutant(document: etree._Element, seed: int) -> tuple[etree._Element, str]:
    """A copy of a document with one to three faults, and what they are; the same seed gives the same mutant."""
    random, copy = Random(seed), deepcopy(document)
    applied = [random.choice(MUTATIONS) for _ in range(random.choice([1, 1, 1, 2, 3]))]
    for mutation in applied:
        mutation(copy, random)
    return copy, "+".join(mutation.__name__ for mutation in applied)


def inner(root: etree._Element, random: Random) -> etree._Element:
    """Any element but the root."""
    return random.choice([one for one in root.iter("*") if one is not root])


def attributed(root: etree._Element, random: Random) -> tuple[etree._Element, str]:
    """Any attribute."""
    return random.choice([(one, name) for one in root.iter("*") for name in one.attrib])


def delete_element(root: etree._Element, random: Random) -> None:
    one = inner(root, random)
    one.getparent().remove(one)


def duplicate_element(root: etree._Element, random: Random) -> None:
    one = inner(root, random)
    one.addnext(deepcopy(one))


def move_element(root: etree._Element, random: Random) -> None:
    one = inner(root, random)
    parent = one.getparent()
    parent.insert(random.randrange(len(parent)), one)


def move_elsewhere(root: etree._Element, random: Random) -> None:
    one = inner(root, random)
    homes = [place for place in root.iter("*") if one not in place.iterancestors() and place is not one]
    home = random.choice(homes)
    if all(ancestor is not one for ancestor in home.iterancestors()):
        home.append(one)


def rename_element(root: etree._Element, random: Random) -> None:
    inner(root, random).tag = f"{{{HL7}}}{random.choice(NAMES)}"


def add_element(root: etree._Element, random: Random) -> None:
    parent = inner(root, random)
    parent.insert(random.randrange(len(parent) + 1), etree.Element(f"{{{HL7}}}{random.choice(NAMES)}"))


def add_foreign_element(root: etree._Element, random: Random) -> None:
    name = random.choice([f"{{{FOREIGN}}}thing", f"{{{SDTC}}}deceasedInd", f"{{{SDTC}}}thing", "thing"])
    inner(root, random).append(etree.Element(name))


def delete_attribute(root: etree._Element, random: Random) -> None:
    one, name = attributed(root, random)
    del one.attrib[name]


def change_attribute(root: etree._Element, random: Random) -> None:
    one, name = attributed(root, random)
    one.set(name, random.choice(WORDS))


def add_attribute(root: etree._Element, random: Random) -> None:
    inner(root, random).set(random.choice(ATTRIBUTES), random.choice(WORDS))


def add_foreign_attribute(root: etree._Element, random: Random) -> None:
    name = random.choice([f"{{{FOREIGN}}}thing", f"{{{SDTC}}}valueSet", "{http://www.w3.org/XML/1998/namespace}lang"])
    inner(root, random).set(name, random.choice(WORDS))


def change_text(root: etree._Element, random: Random) -> None:
    inner(root, random).text = random.choice(WORDS)


def change_tail(root: etree._Element, random: Random) -> None:
    inner(root, random).tail = random.choice(WORDS)


def change_type(root: etree._Element, random: Random) -> None:
    typed = [one for one in root.iter("*") if XSI_TYPE in one.attrib]
    one = random.choice(typed) if typed and random.random() < 0.7 else inner(root, random)
    one.set(XSI_TYPE, random.choice(TYPES))


MUTATIONS: list[Mutation] = [
    delete_element,
    duplicate_element,
    move_element,
    move_elsewhere,
    rename_element,
    add_element,
    add_foreign_element,
    delete_attribute,
    change_attribute,
    add_attribute,
    add_foreign_attribute,
    change_text,
    change_tail,
    change_type,
]
