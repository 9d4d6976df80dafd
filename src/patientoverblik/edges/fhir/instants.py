"""Times as resources write them (R4 datatypes.html#instant)."""

from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache


@lru_cache(maxsize=4096)
def instant(at: int) -> str:
    """A time in milliseconds UTC as an instant; whole seconds without a fraction."""
    text = datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds" if at % 1000 else "seconds")
    return text.replace("+00:00", "Z")


def http_date(at: int) -> str:
    """A time in milliseconds UTC as HTTP writes it (RFC 9110 §5.6.7)."""
    return format_datetime(datetime.fromtimestamp(at // 1000, UTC), usegmt=True)
