"""One registry object in plain values, whatever kind it is."""

from collections.abc import Mapping
from typing import Literal

import msgspec

Kind = Literal["entry", "package", "association", "reference"]
Slots = Mapping[str, tuple[str, ...]]


class Classification(msgspec.Struct, frozen=True, omit_defaults=True):
    """A classification: by ``scheme`` with a ``code`` (nodeRepresentation), or by a ``node`` that says the kind."""

    scheme: str = ""
    node: str = ""
    code: str = ""
    name: str = ""
    slots: Slots = {}


class RegistryObject(msgspec.Struct, frozen=True, omit_defaults=True):
    """An ExtrinsicObject ("entry"), RegistryPackage ("package"), Association or ObjectRef ("reference").

    ``identifiers`` maps identification schemes to values; ``source``, ``target`` and ``type`` are an association's.
    Texts are collapsed: peers break lines inside values. ``version`` is VersionInfo's name.
    """

    kind: Kind
    id: str = ""
    lid: str = ""
    object_type: str = ""
    mime_type: str = ""
    status: str = ""
    home: str = ""
    name: str = ""
    description: str = ""
    version: str = ""
    slots: Slots = {}
    classifications: tuple[Classification, ...] = ()
    identifiers: Mapping[str, str] = {}
    source: str = ""
    target: str = ""
    type: str = ""

    def slot(self, name: str) -> str:
        """The first value of a slot, empty where there is none."""
        values = self.slots.get(name, ())
        return values[0] if values else ""

    def of_scheme(self, scheme: str) -> tuple[Classification, ...]:
        """Its classifications by one scheme, in order."""
        return tuple(one for one in self.classifications if one.scheme == scheme)
