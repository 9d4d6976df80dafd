"""A profile ready for use: what it says of itself, its reader and its writer."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from patientoverblik.formats.cda.datatypes import Wire
from patientoverblik.formats.cda.documents import Document
from patientoverblik.formats.cda.engine.element import Element
from patientoverblik.formats.cda.engine.model import CLASSES
from patientoverblik.formats.cda.engine.places import Step
from patientoverblik.formats.cda.engine.profile import Head, Source, load_source
from patientoverblik.formats.cda.engine.reader import compile_reader
from patientoverblik.formats.cda.engine.tree import Builder, instance
from patientoverblik.formats.cda.engine.walk import Walk
from patientoverblik.formats.cda.engine.writer import plan, write_document
from patientoverblik.formats.cda.facts import FACTS, tag
from patientoverblik.formats.faults import ProfileFaults


@dataclass(frozen=True)
class Profile:
    """One compiled profile."""

    head: Head
    source: Source
    read: Callable[[Element, Walk], Wire | None]
    write: Callable[[Document], bytes]
    record: type[Wire]


def compile_profile(folder: Path) -> Profile:
    """Load and compile a profile's folder; ``ProfileFaults`` tells all that is wrong at once."""
    source = load_source(folder)
    builder, step = Builder(source), Step(())
    root = source.shapes[source.head.root]
    made = instance(builder, root, FACTS.root, step)
    if builder.faults:
        raise ProfileFaults(builder.faults)
    written = plan(builder, made, step, {})

    def write(value: Document) -> bytes:
        return write_document(written, value, tag("ClinicalDocument"))

    return Profile(source.head, source, compile_reader(made, {}), write, CLASSES[root.of])
