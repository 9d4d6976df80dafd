"""While the service runs, what was granted is tested again: relations that were not confirmed, because registers lag
(nsp.md §6), and the right behind each subscription, because no permit outlives its reason.
"""

import contextlib
from collections.abc import AsyncIterator
from functools import partial

from patientoverblik.access import Actor
from patientoverblik.app.jobs import Job, running
from patientoverblik.service import settle_follow_ups
from patientoverblik.service.house import House
from patientoverblik.service.notification import mind_subscriptions

MINUTE = 60
HOUR = 60 * MINUTE
FOLLOWS_UP = Actor(kind="job", id="follow-up", role="operator")


@contextlib.asynccontextmanager
async def following(house: House, seconds: float = HOUR) -> AsyncIterator[None]:
    """Test pending relations at once and every hour, subscriptions every minute; what is to be accounted for by people
    waits for them."""
    relations = Job("follow-up", partial(settle_follow_ups, house, FOLLOWS_UP), seconds)
    subscriptions = Job("subscriptions", partial(mind_subscriptions, house), MINUTE)
    async with running(relations, subscriptions):
        yield
