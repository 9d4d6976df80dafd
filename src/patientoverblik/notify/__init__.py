"""What others are told: the outbox delivered to MinLog2 and to audit record repositories (ATNA)."""

from patientoverblik.notify.deliver import WAIT_FOR_COMMIT, Delivered, deliver
from patientoverblik.notify.feed import Feed, Undelivered
from patientoverblik.notify.posting import Posting
from patientoverblik.notify.record import Ourselves, Record

__all__ = ["WAIT_FOR_COMMIT", "Delivered", "Feed", "Ourselves", "Posting", "Record", "Undelivered", "deliver"]
