"""The overview as JSON, where most of it has been said before: what a drawing holds is encoded once.

An answer differs from the one before it in the time and in when sources were heard from; all else are the very same
frozen values as long as the drawing holds, so their text is kept and put together anew.
"""

import msgspec

from patientoverblik.overview import Overview
from patientoverblik.overview.build import EACH_TIME, LASTING, lasting
from patientoverblik.overview.recent import Recent, Same

ROOM = 10_000_000  # bytes of JSON
Texts = dict[str, bytes]
_FIELDS = msgspec.structs.fields(Overview)
_DEFAULTS = {field.name: field.default for field in _FIELDS if field.default is not msgspec.NODEFAULT}
_NAMES = {field.name: b',"%b":' % field.encode_name.encode() for field in _FIELDS}
_KEPT: Recent[Same, Texts] = Recent(ROOM, lambda texts: sum(map(len, texts.values())))
_encode = msgspec.json.Encoder().encode


def overview_json(shown: Overview) -> bytes:
    """The overview as ``msgspec.json.encode`` writes it."""
    key = lasting(shown)
    kept = _KEPT.get(key)
    if kept is None:
        kept = _KEPT[key] = {name: _said(shown, name) for name in LASTING}
    said = kept | {name: _said(shown, name) for name in EACH_TIME}
    pieces = [piece for name in _NAMES if said[name] for piece in (_NAMES[name], said[name])]
    return b"".join([b"{", pieces[0][1:], *pieces[1:], b"}"])


def _said(shown: Overview, name: str) -> bytes:
    """The value of one field; nothing where it has its default."""
    value = getattr(shown, name)
    return b"" if value is _DEFAULTS.get(name, msgspec.UNSET) else _encode(value)
