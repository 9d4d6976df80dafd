"""A delivery as bytes, like every party's own system would make them."""

from patientoverblik import formats
from patientoverblik.demo.card_document import write_card
from patientoverblik.demo.story import Delivery


def written(delivery: Delivery) -> bytes:
    """The document of a delivery as CDA: composed from care and written by its profile; a card by its register."""
    if delivery.care.card:
        return write_card(delivery.care)
    return formats.write(formats.compose(delivery.care, delivery.profile), delivery.profile)
