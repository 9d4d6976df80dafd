"""What is wrong with numbers, switches and the database's address, each by itself: by name, never by value."""

from collections.abc import Iterator, Mapping

from patientoverblik.app.database import MEMORY, SCHEMES
from patientoverblik.edges.soap.ebrim.types import is_oid

LONGEST_DRAIN = 600
LOG_FORMS = ("text", "json")
LONGEST = {
    "workers": 1000,
    "machines": 1000,
    "limit_bodies": 100_000,
    "limit_body_megabytes": 1_000_000,
    "session_minutes": 60,
    "session_hours": 24,
    "crl_hours": 8760,
}
SWITCHES = ("demo", "secure_cookies", "login_ends_session", "show_refused")
LONGEST_OID = 64  # IHE ITI TF-3 4.2.3.1.7
OIDS = ("home_community", "repository_id")
KEEP_DAYS = ("trail_keep_days", "looks_keep_days", "evidence_keep_days", "follow_ups_keep_days", "use_keep_days")
ALSO_ZERO = (*KEEP_DAYS, "limit_at_once")
NUMBERS = ("limit_at_once", "trail_minutes", "trail_events", *KEEP_DAYS, "minlog_seconds")


def plain_faults(given: Mapping[str, str], prefix: str) -> Iterator[str]:
    """Every fault, for settings by their names in small letters."""
    yield from (fault for name, value in given.items() if (fault := _fault(name, value, prefix)))
    if given.get("database", "").startswith(MEMORY) and given.get("workers", "1") != "1":
        yield f"{prefix}WORKERS must be 1 where the database is in memory"


def _fault(name: str, value: str, prefix: str) -> str:
    if name == "port" and not (value.isdigit() and 0 < int(value) < 65536):
        return f"{prefix}PORT must be a number from 1 to 65535"
    if name == "database" and not value.startswith(SCHEMES):
        return f"{prefix}DATABASE must be sqlite:///PATH, postgresql://… or memory:"
    if name in SWITCHES and value.lower() not in ("true", "false", "1", "0"):
        return f"{prefix}{name.upper()} must be true or false"
    if name in NUMBERS and not (value.isdigit() and (int(value) > 0 or name in ALSO_ZERO)):
        return f"{prefix}{name.upper()} must be a whole number above 0"
    if name == "drain_seconds" and not (value.isdigit() and int(value) <= LONGEST_DRAIN):
        return f"{prefix}DRAIN_SECONDS must be a number from 0 to {LONGEST_DRAIN}"
    if name in OIDS and not (is_oid(value) and len(value) <= LONGEST_OID):
        return f"{prefix}{name.upper()} must be an OID of at most {LONGEST_OID} characters, without urn:oid:"
    if name == "log_form" and value not in LOG_FORMS:
        return f"{prefix}LOG_FORM must be text or json"
    if name in LONGEST and not (value.isdigit() and 0 < int(value) <= LONGEST[name]):
        return f"{prefix}{name.upper()} must be a number from 1 to {LONGEST[name]}"
    return ""
