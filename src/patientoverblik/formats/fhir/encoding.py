"""Resources as JSON: numbers with the digits they have, in the order they stand."""

from decimal import Decimal
from typing import Any

import msgspec

Resource = dict[str, Any]
_ENCODER = msgspec.json.Encoder(decimal_format="number")
_DECODER = msgspec.json.Decoder(Resource, float_hook=Decimal)


def encode_json(resource: Resource) -> bytes:
    """A resource in JSON; a Decimal is written as its digits."""
    return _ENCODER.encode(resource)


def decode_json(data: bytes) -> Resource:
    """A resource from JSON; ``ValueError`` where it is none."""
    return _DECODER.decode(data)
