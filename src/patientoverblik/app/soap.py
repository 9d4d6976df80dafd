"""What a SOAP door needs of the app to know who is there: memory of what was used once, and the demo's trust."""

from patientoverblik.app.issuing import demo_issuer
from patientoverblik.app.settings import Settings
from patientoverblik.demo.organisations import organisations
from patientoverblik.edges.identity.soap import Once, Trust
from patientoverblik.edges.identity.soap.issuer import CVR
from patientoverblik.service.house import House


def once_of(house: House) -> Once:
    """What is used once is claimed in the storage and durable before it is believed, so that every worker knows it."""

    async def claim(name: str, until: int, at: int) -> bool:
        return await house.wait(house.storage.act(lambda transaction: transaction.use_once(name, until, at)))

    return claim


def demo_trust(settings: Settings) -> Trust:
    """The trust of the demo: its own test issuer, whose one company may act for every organisation of the demo."""
    rows = tuple(one.reference for one in organisations().values())
    return demo_issuer(settings).trust({CVR: rows})
