"""Everything that is wrong with a parsed CDA document, all of it at once."""

from collections.abc import Iterator

from lxml import etree

from patientoverblik.conformance.contexts import templates_of
from patientoverblik.conformance.explain import explain
from patientoverblik.conformance.fault import Fault, told
from patientoverblik.conformance.model import Findings, in_order
from patientoverblik.conformance.ruleset import PROFILES, recognise, rule_faults
from patientoverblik.conformance.schema import compile_schema
from patientoverblik.conformance.scopes import datatype_faults
from patientoverblik.formats.cda.facts import FACTS

SCHEMA = compile_schema(FACTS)


def check(root: etree._Element, profile: str = "") -> Findings:
    """Hold a document against the structure of CDA and the rules of its profile.

    ``root`` is the document's parsed root element, which is only read. ``profile`` is an id of
    ``rules/profiles.csv``; without one the document is asked. A document of no known profile is held against the
    structure alone and told so.
    """
    known = profile if profile in PROFILES else recognise(root)
    return in_order(known, told(root, faults(root, known)))


def faults(root: etree._Element, profile: str) -> Iterator[Fault]:
    """Faults of structure, of data types and of the profile's rules."""
    yield from structure_faults(root)
    if profile:
        templates = templates_of(root)
        yield from datatype_faults(root, templates, profile)
        yield from rule_faults(root, templates, profile)
    else:
        yield Fault("profile.unknown", root)


def structure_faults(root: etree._Element) -> Iterator[Fault]:
    """Faults of structure; libxml2 gives the verdict and our own walk the reasons.

    Should the walk find no reason, the document is still called invalid.
    """
    if SCHEMA.validate(root):
        return
    reasons = explain(root)
    yield next(reasons, Fault("structure.invalid", root))
    yield from reasons
