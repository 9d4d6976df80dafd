"""Seeded faults that keep a document valid by the schema and break, or come close to breaking, a rule of its profile."""

from collections.abc import Callable
from copy import deepcopy
from random import Random

from lxml import etree

from tests.conformance.schema.mutants import HL7, attributed, inner

NULLS = ["NI", "NA", "UNK", "MSK", "OTH", "PINF", "NINF"]
ROOTS = ["1.2.3", "1.02.3", "abc", "2.16.840.1.113883.5.1", "a2f5c5c0-0000-4000-8000-0242ac130003", "1.2.208.176.1.1"]
FORMS = ["2018", "201813", "20180101", "20180101101500", "20180101101500+0100", "20990101", "19000101000000-0100"]
WORDS = [
    "N",
    "X",
    "completed",
    "active",
    "aborted",
    "EVN",
    "da",
    "DK",
    "12",
    "-0",
    "0",
    "tel:1 2",
    "tel:12",
    "2018-09-28",
    "1.0",
    "ÆØÅ",
]


def rule_mutant(document: etree._Element, seed: int) -> etree._Element:
    """A copy of a document with one or two such faults; the same seed gives the same mutant."""
    random, copy = Random(seed), deepcopy(document)
    for _ in range(random.choice([1, 1, 2])):
        random.choice(MUTATIONS)(copy, random)
    return copy


def outside_entries(root: etree._Element, random: Random) -> etree._Element:
    """Any element that is not inside an entry's narrative; the header half of the time."""
    header = [
        one
        for one in root.iter("*")
        if one is not root and next(one.iterancestors(f"{{{HL7}}}structuredBody"), None) is None
    ]
    return random.choice(header) if random.random() < 0.5 else inner(root, random)


def make_null(root: etree._Element, random: Random) -> None:
    outside_entries(root, random).set("nullFlavor", random.choice(NULLS))


def only_null(root: etree._Element, random: Random) -> None:
    one = outside_entries(root, random)
    for name in list(one.attrib):
        del one.attrib[name]
    for child in list(one):
        one.remove(child)
    one.text = None
    one.set("nullFlavor", random.choice(NULLS))


def drop_attribute(root: etree._Element, random: Random) -> None:
    one, name = attributed(root, random)
    del one.attrib[name]


def swap_value(root: etree._Element, random: Random) -> None:
    one, name = attributed(root, random)
    pool = {"root": ROOTS, "codeSystem": ROOTS, "value": FORMS}.get(name, WORDS)
    one.set(name, random.choice(pool))


def borrow_value(root: etree._Element, random: Random) -> None:
    one, name = attributed(root, random)
    one.set(name, random.choice([other.get(name) for other in root.iter("*") if name in other.attrib]))


def twin(root: etree._Element, random: Random) -> None:
    one = outside_entries(root, random)
    one.addnext(deepcopy(one))


def almost_twin(root: etree._Element, random: Random) -> None:
    one = outside_entries(root, random)
    copy = deepcopy(one)
    if copy.attrib:
        copy.set(random.choice(list(copy.attrib)), random.choice(ROOTS + FORMS + WORDS))
    one.addnext(copy)


def drop_element(root: etree._Element, random: Random) -> None:
    one = outside_entries(root, random)
    one.getparent().remove(one)


def empty_element(root: etree._Element, random: Random) -> None:
    one = outside_entries(root, random)
    one.text = random.choice([None, " ", "tekst"])


def add_code_word(root: etree._Element, random: Random) -> None:
    name = random.choice(
        [
            "codeSystem",
            "codeSystemName",
            "displayName",
            "use",
            "extension",
            "assigningAuthorityName",
            "unit",
            "inclusive",
            "operator",
        ]
    )
    outside_entries(root, random).set(name, random.choice(ROOTS + WORDS + ["WP", "H", "I", "true"]))


MUTATIONS: list[Callable[[etree._Element, Random], None]] = [
    make_null,
    only_null,
    drop_attribute,
    swap_value,
    borrow_value,
    twin,
    almost_twin,
    drop_element,
    empty_element,
    add_code_word,
]
